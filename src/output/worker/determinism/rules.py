"""What workflow code must not do, why, and what to do instead."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Rule:
    """Why a kind of call is refused in workflow code, and the remedy, each as half a sentence."""

    why: str
    remedy: str


# Thin covers of the calls themselves.
_OF_THE_RULE = frozenset({"random", "secrets", "uuid", "time", "dataclasses"})

CLOCK = Rule("a replay gets another answer", "use `now()` from output, which replays, or measure in a step")
BLOCKING = Rule("it blocks the worker and is not replayed", "use `await sleep(...)` from output, or `asyncio.sleep`")
RANDOM = Rule("a replay gets another answer", "use `random()` from output, which replays, or draw in a step")
IDENTITY = Rule("a replay gets another answer", "use `uuid4()` from output, which replays")
FILES = Rule("files may differ when the run is replayed, on this machine or another", "move it to a step")
NETWORK = Rule("it is done again on every replay", "move it to a step, or use `send_http_request()` from output")
THREADS = Rule("a thread is not replayed", "make it a step; a plain `def` step runs on a thread of its own")
PROCESSES = Rule("a process is started again on every replay", "move it to a step")
TERMINAL = Rule("a worker has nobody to ask", "take it as input, or wait for a signal")
ENVIRONMENT = Rule("variables may differ when the run is replayed", "read it in a step, or take it as input")


def rule_for(rule: Rule, library: str | None) -> Rule:
    """The rule for a call that a library made on the author's behalf, who cannot change that call."""
    if library == "pydantic":
        return replace(rule, remedy="a model's default cannot do that here: give the field its value")
    if library is None or library in _OF_THE_RULE or rule not in {CLOCK, RANDOM, IDENTITY}:
        return rule
    return replace(rule, remedy=f"use {library} in a step")


CLOCK_FUNCTIONS = (
    "time",
    "time_ns",
    "monotonic",
    "monotonic_ns",
    "perf_counter",
    "perf_counter_ns",
    "process_time",
    "process_time_ns",
    "clock_gettime",
    "clock_gettime_ns",
)
CLOCK_WITHOUT_ARGUMENT = ("localtime", "gmtime", "ctime", "asctime")
IDENTITY_FUNCTIONS = ("uuid1", "uuid4", "uuid6", "uuid7")
FILE_FUNCTIONS = (
    "open",
    "stat",
    "lstat",
    "access",
    "listdir",
    "scandir",
    "mkdir",
    "rmdir",
    "remove",
    "unlink",
    "rename",
    "replace",
    "link",
    "symlink",
    "readlink",
    "truncate",
    "chmod",
    "utime",
    "statvfs",
)
PROCESS_FUNCTIONS = ("system", "fork", "posix_spawn", "posix_spawnp")
NETWORK_FUNCTIONS = ("create_connection", "getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostname", "getfqdn")
LOOP_THREADS = ("run_in_executor",)
LOOP_PROCESSES = ("subprocess_exec", "subprocess_shell", "connect_read_pipe", "connect_write_pipe")
LOOP_NETWORK = (
    "getaddrinfo",
    "getnameinfo",
    "create_connection",
    "create_server",
    "create_unix_connection",
    "create_unix_server",
    "create_datagram_endpoint",
    "start_tls",
    "sock_connect",
    "sock_accept",
    "sock_recv",
    "sock_recv_into",
    "sock_recvfrom",
    "sock_sendall",
    "sock_sendto",
    "add_reader",
    "add_writer",
)
