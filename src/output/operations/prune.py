"""`python -m output.operations.prune`: let go of large values that no run names any more."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from datetime import timedelta

from pydantic import TypeAdapter, ValidationError

from output.config.settings import EngineSettings, SettingsError, load
from output.config.types import Duration
from output.engine.connection import connect
from output.engine.payload_store.factory import open_payload_store
from output.engine.payload_store.store import PayloadStoreError
from output.engine.pruning import Pruned, prune
from output.errors import OutputError


def main(arguments: list[str] | None = None) -> None:
    """Look, and delete only with `--delete`; exit code 1 when engine or store do not answer."""
    options = _parse(arguments)
    try:
        settings = load(EngineSettings)
    except SettingsError as error:
        _fail("\n".join(error.errors))
        return
    if settings.payload_store is None:
        _fail("No store to prune: OUTPUT_PAYLOAD_STORE is not set.")
    try:
        found = asyncio.run(_prune(settings, older_than=options.older_than, dry_run=not options.delete))
    except (OutputError, PayloadStoreError, RuntimeError) as error:
        _fail(f"Nothing more was deleted: {error}")
        return
    _report(found, is_dry=not options.delete, as_json=options.format == "json")


async def _prune(settings: EngineSettings, *, older_than: timedelta, dry_run: bool) -> Pruned:
    engine = await connect(settings)
    store = open_payload_store(settings, namespace=engine.namespace)
    assert store is not None, "it was looked for before"
    return await prune(engine, store, older_than=older_than, dry_run=dry_run)


def _report(found: Pruned, *, is_dry: bool, as_json: bool) -> None:
    if as_json:
        facts = {
            "runs": found.runs,
            "objects": found.objects,
            "bytes": found.size,
            "unnamed": [each.digest for each in found.unnamed],
            "unnamedBytes": found.unnamed_size,
            "deleted": not is_dry,
        }
        print(json.dumps(facts))  # noqa: T201 — what the command is for
        return
    gone = "would go (give --delete)" if is_dry else "are deleted"
    print(  # noqa: T201 — what the command is for
        f"{found.objects} values, {_megabytes(found.size)}; {found.runs} runs were read.\n"
        f"{len(found.unnamed)} values, {_megabytes(found.unnamed_size)}, are named by none and {gone}."
    )


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB"


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="output payloads prune", description=main.__doc__)
    parser.add_argument("--delete", action="store_true")
    parser.add_argument("--older-than", type=_duration, default=timedelta(days=1))
    parser.add_argument("--format", choices=("text", "json"), default="text")
    return parser.parse_args(arguments)


def _duration(text: str) -> timedelta:
    try:
        return TypeAdapter[timedelta](Duration).validate_python(text)
    except ValidationError:
        raise argparse.ArgumentTypeError(f"{text!r} is no duration; write `24h`, `30m`") from None


def _fail(message: str) -> None:
    print(message, file=sys.stderr)  # noqa: T201 — for the person who started the command
    sys.exit(1)


if __name__ == "__main__":
    main()
