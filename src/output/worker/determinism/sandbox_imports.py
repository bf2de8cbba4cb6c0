"""Where the engine's sandbox imports generated classes from: each is built on first use, in the sandbox."""

from output.worker.determinism.sandbox import resolve


def __getattr__(name: str) -> object:
    if name.startswith("__"):
        raise AttributeError(name)
    return resolve(name)
