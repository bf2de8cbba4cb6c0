"""Which names are refused in workflow code, and which block an `async` step."""

from __future__ import annotations

from dataclasses import dataclass

from output.worker.determinism import rules as forbidden
from output.worker.determinism.name_resolution import Use
from output.worker.determinism.rules import Rule
from output.worker.project.diagnostics import Severity

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
# No guard reaches these at run time: they are classes of C, or end in one.
_UNGUARDED_CLOCKS = frozenset({
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
    "datetime.datetime.now().astimezone", "arrow.now", "arrow.utcnow", "pendulum.now", "pendulum.today",
    "pandas.Timestamp.now", "pandas.Timestamp.today",
})  # fmt: skip
_FILE_METHODS = (
    "read_text", "read_bytes", "write_text", "write_bytes", "open", "exists", "is_file", "is_dir", "iterdir", "glob",
    "rglob", "stat", "mkdir", "unlink", "touch", "rename",
)  # fmt: skip
_NAMES: dict[str, Rule] = {
    **{f"time.{name}": forbidden.CLOCK for name in forbidden.CLOCK_FUNCTIONS},
    "time.sleep": forbidden.BLOCKING,
    **{f"uuid.{name}": forbidden.IDENTITY for name in forbidden.IDENTITY_FUNCTIONS},
    "os.urandom": forbidden.RANDOM,
    "os.getrandom": forbidden.RANDOM,
    "open": forbidden.FILES,
    "io.open": forbidden.FILES,
    **{f"os.{name}": forbidden.FILES for name in (*forbidden.FILE_FUNCTIONS, "walk", "makedirs", "getcwd")},
    **{f"os.path.{name}": forbidden.FILES for name in ("exists", "isfile", "isdir", "getsize", "getmtime")},
    **{f"pathlib.Path().{name}": forbidden.FILES for name in _FILE_METHODS},
    "pathlib.Path.cwd": forbidden.FILES,
    "pathlib.Path.home": forbidden.FILES,
    **{f"socket.{name}": forbidden.NETWORK for name in forbidden.NETWORK_FUNCTIONS},
    **{f"{library}.{verb}": forbidden.NETWORK for library in ("requests", "httpx") for verb in _VERBS},
    "httpx.stream": forbidden.NETWORK,
    "urllib.request.urlopen": forbidden.NETWORK,
    "urllib.request.urlretrieve": forbidden.NETWORK,
    "os.environ": forbidden.ENVIRONMENT,
    "os.getenv": forbidden.ENVIRONMENT,
    "asyncio.to_thread": forbidden.THREADS,
    "asyncio.create_subprocess_exec": forbidden.PROCESSES,
    "asyncio.create_subprocess_shell": forbidden.PROCESSES,
    "asyncio.open_connection": forbidden.NETWORK,
    **{f"os.{name}": forbidden.PROCESSES for name in (*forbidden.PROCESS_FUNCTIONS, "popen")},
    "input": forbidden.TERMINAL,
}
# Classes and factories: naming them is harmless, calling them is not.
_CALLS: dict[str, Rule] = {
    "random.SystemRandom": forbidden.RANDOM,
    "socket.socket": forbidden.NETWORK,
    "requests.Session": forbidden.NETWORK,
    "httpx.Client": forbidden.NETWORK,
    "httpx.AsyncClient": forbidden.NETWORK,
    "aiohttp.ClientSession": forbidden.NETWORK,
    "aiohttp.request": forbidden.NETWORK,
    "http.client.HTTPConnection": forbidden.NETWORK,
    "http.client.HTTPSConnection": forbidden.NETWORK,
    "urllib3.PoolManager": forbidden.NETWORK,
    "urllib3.request": forbidden.NETWORK,
    "smtplib.SMTP": forbidden.NETWORK,
    "boto3.client": forbidden.NETWORK,
    "boto3.resource": forbidden.NETWORK,
    "sqlite3.connect": forbidden.FILES,
    "psycopg.connect": forbidden.NETWORK,
    "psycopg2.connect": forbidden.NETWORK,
    "asyncpg.connect": forbidden.NETWORK,
    "threading.Thread": forbidden.THREADS,
    "threading.Timer": forbidden.THREADS,
    "concurrent.futures.ThreadPoolExecutor": forbidden.THREADS,
    "concurrent.futures.ProcessPoolExecutor": forbidden.PROCESSES,
    "multiprocessing.Process": forbidden.PROCESSES,
    "multiprocessing.Pool": forbidden.PROCESSES,
}
_CALLS_WITHOUT_ARGUMENT: dict[str, Rule] = {
    **{f"time.{name}": forbidden.CLOCK for name in forbidden.CLOCK_WITHOUT_ARGUMENT},
    "random.Random": forbidden.RANDOM,
}
_CALLED_MODULES: dict[str, Rule] = {
    "random": forbidden.RANDOM,
    "secrets": forbidden.RANDOM,
    "shutil": forbidden.FILES,
    "tempfile": forbidden.FILES,
    "glob": forbidden.FILES,
    "subprocess": forbidden.PROCESSES,
}
_HARMLESS = frozenset({"random.Random", "secrets.compare_digest", "shutil.get_terminal_size", "glob.escape"})

_USE_THREAD = "make it a plain `def`, which runs on a thread"
_BLOCKING: dict[str, str] = {
    "time.sleep": "`await asyncio.sleep(...)` instead",
    "urllib.request.urlopen": f"use `httpx.AsyncClient`, or {_USE_THREAD}",
    "urllib.request.urlretrieve": f"use `httpx.AsyncClient`, or {_USE_THREAD}",
    **{f"requests.{verb}": f"use `httpx.AsyncClient`, or {_USE_THREAD}" for verb in (*_VERBS, "Session")},
    **{f"httpx.{verb}": f"use `httpx.AsyncClient`, or {_USE_THREAD}" for verb in (*_VERBS, "stream", "Client")},
    "urllib3.request": f"use `httpx.AsyncClient`, or {_USE_THREAD}",
    "socket.create_connection": f"use `asyncio.open_connection`, or {_USE_THREAD}",
    **{
        f"subprocess.{name}": f"use `asyncio.create_subprocess_exec`, or {_USE_THREAD}"
        for name in ("run", "call", "check_call", "check_output", "getoutput", "getstatusoutput")
    },
    "os.system": f"use `asyncio.create_subprocess_shell`, or {_USE_THREAD}",
    "smtplib.SMTP": _USE_THREAD,
    "psycopg.connect": f"use `psycopg.AsyncConnection`, or {_USE_THREAD}",
    "psycopg2.connect": _USE_THREAD,
    "input": "a worker has nobody to ask; take it as input",
}


@dataclass(frozen=True)
class Refusal:
    """A rule, and whether breaking it keeps the worker from starting."""

    rule: Rule
    severity: Severity


def workflow_rule(use: Use) -> Refusal | None:
    """What stands against a use in workflow code; errors are those that no guard would catch at run time."""
    if use.name in _UNGUARDED_CLOCKS:
        return Refusal(forbidden.CLOCK, "error")
    rule = _NAMES.get(use.name)
    if rule is None and use.arguments is not None:
        rule = _rule_of_call(use.name, use.arguments)
    if rule is None and use.name.startswith("os.environ."):
        rule = forbidden.ENVIRONMENT
    return None if rule is None else Refusal(rule, "warning")


def blocking_remedy(use: Use) -> str | None:
    """What to do instead of a call that blocks, or None where it does not."""
    return None if use.arguments is None else _BLOCKING.get(use.name)


def _rule_of_call(name: str, arguments: int) -> Rule | None:
    rule = _CALLS.get(name) or (_CALLS_WITHOUT_ARGUMENT.get(name) if arguments == 0 else None)
    if rule is not None:
        return rule
    if name.endswith("().run_in_executor"):
        return forbidden.THREADS
    module, _, function = name.rpartition(".")
    is_function = function[:1].islower() and name not in _HARMLESS
    return _CALLED_MODULES.get(module) if is_function else None
