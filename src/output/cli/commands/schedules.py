"""`output schedule ...`: workflows that are started by the clock."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from output.cli.connection import ask
from output.cli.exit_codes import CommandError
from output.cli.inputs import read_input, read_value
from output.cli.options import CatalogOption, Format, FormatOption, InputOption, NameArgument, ScenarioArgument
from output.cli.render.output import note, paint, print_json, print_text, width
from output.cli.render.run_states import colour_of
from output.client import routes

if TYPE_CHECKING:
    from output.models.schedules import ScheduleDescription, ScheduleRequest

Overlap = Literal["skip", "buffer_one", "buffer_all", "cancel_other", "terminate_other", "allow_all"]

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The schedule's ID.")]
NoteOption = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Why, for whoever looks at it.")]
OverlapOption = Annotated[
    Overlap | None, typer.Option("--overlap", help="While the run before goes on; without it, as the schedule says.")
]


def list_schedules(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="So many at most.")] = 100,
    output_format: FormatOption = "text",
) -> None:
    """List schedules, the latest made first."""
    from output.cli.render.table import Column, lay_out
    from output.models.schedules import SchedulePage

    page = SchedulePage.model_validate_json(ask(routes.list_schedules(limit=limit)).body)
    if output_format == "json":
        print_json(page.model_dump(mode="json", by_alias=True))
        return
    if not page.schedules:
        note("There are no schedules; make one with `output schedule create`.")
        return
    columns = [Column("ID", shrink=2), Column("WORKFLOW", shrink=1), Column("WHEN", shrink=1), Column("NEXT")]
    columns += [Column("LAST RUN"), Column("STATE")]
    rows = [
        [each.id, each.workflow_name, _when(each), _next(each), _last(each), _state(each)] for each in page.schedules
    ]
    for line in lay_out(columns, rows, width=width(sys.stdout)):
        print_text(line)
    if page.next_page_token is not None:
        note(f"There are more; --limit shows more than {limit}.")


def show(schedule_id: IdArgument, output_format: FormatOption = "text") -> None:
    """Show one schedule: when it starts what, its next ten times and its latest runs."""
    _print(ask(routes.schedule(schedule_id)).body, output_format=output_format)


def create(
    name: NameArgument,
    scenario: ScenarioArgument = None,
    *,
    schedule_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Its ID; without one, it gets one.")
    ] = None,
    cron: Annotated[str | None, typer.Option("--cron", metavar="CRON", help="When, such as `0 6 * * 1-5`.")] = None,
    every: Annotated[str | None, typer.Option("--every", metavar="TIME", help="How often, such as `15m`.")] = None,
    calendar: Annotated[
        list[str] | None,
        typer.Option("--calendar", metavar="JSON", help='When, such as `{"hour": 9, "dayOfWeek": "mon"}`; repeatable.'),
    ] = None,
    timezone: Annotated[
        str | None, typer.Option("--timezone", metavar="ZONE", help="Whose clocks, such as `Europe/Berlin`; else UTC.")
    ] = None,
    start_at: Annotated[
        datetime | None, typer.Option("--start", metavar="TIME", help="No run before, UTC: 2026-03-06T10:30:00.")
    ] = None,
    end_at: Annotated[datetime | None, typer.Option("--end", metavar="TIME", help="No run after, UTC.")] = None,
    jitter: Annotated[
        str | None, typer.Option("--jitter", metavar="TIME", help="Start up to so much later, by chance.")
    ] = None,
    overlap: Annotated[Overlap, typer.Option("--overlap", help="While the run before goes on.")] = "skip",
    catchup_window: Annotated[
        str | None,
        typer.Option("--catchup-window", metavar="TIME", help="How late a run may start that the engine has missed."),
    ] = None,
    paused: Annotated[bool, typer.Option("--paused", help="Start no run until it is resumed.")] = False,
    note_text: NoteOption = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help="A tag of its runs; repeatable.")
    ] = None,
    given: InputOption = None,
    catalog: CatalogOption = None,
    output_format: FormatOption = "text",
) -> None:
    """Make a schedule: `output schedule create price_order breakfast --cron '0 6 * * 1-5' --timezone Europe/Berlin`."""
    fields = {
        "id": schedule_id,
        "workflowName": name,
        "input": read_input(name, scenario=scenario, given=given, catalog=catalog),
        "cron": cron,
        "every": every,
        "calendars": [read_value(each, option="--calendar") for each in calendar] if calendar else None,
        "timezone": timezone,
        "startAt": start_at,
        "endAt": end_at,
        "jitter": jitter,
        "overlap": overlap,
        "catchupWindow": catchup_window,
        "paused": paused,
        "note": note_text,
        "tags": tag or None,
        "catalog": catalog,
    }
    _print(ask(routes.create_schedule(_request(fields))).body, output_format=output_format)


def pause(schedule_id: IdArgument, note_text: NoteOption = None, output_format: FormatOption = "text") -> None:
    """Start no more runs until the schedule is resumed; runs that go on are left alone."""
    from output.models.schedules import NoteRequest

    response = ask(routes.pause_schedule(schedule_id, NoteRequest(note=note_text)))
    _say(response.body, f"{schedule_id} is paused", output_format=output_format)


def resume(schedule_id: IdArgument, note_text: NoteOption = None, output_format: FormatOption = "text") -> None:
    """Let a schedule go on; times that passed meanwhile stay passed, `backfill` starts their runs."""
    from output.models.schedules import NoteRequest

    response = ask(routes.resume_schedule(schedule_id, NoteRequest(note=note_text)))
    _say(response.body, f"{schedule_id} goes on", output_format=output_format)


def trigger(schedule_id: IdArgument, overlap: OverlapOption = None, output_format: FormatOption = "text") -> None:
    """Start a run now, also of a paused schedule."""
    from output.models.schedules import TriggerRequest

    response = ask(routes.trigger_schedule(schedule_id, TriggerRequest(overlap=overlap)))
    _say(response.body, f"{schedule_id} is triggered", output_format=output_format)
    if output_format == "text":
        note(f"  see its run with `output schedule show {schedule_id}`")


def backfill(
    schedule_id: IdArgument,
    begin: Annotated[
        datetime, typer.Option("--from", metavar="TIME", help="The first time, UTC: 2026-03-06T10:30:00.")
    ],
    end: Annotated[datetime, typer.Option("--until", metavar="TIME", help="The last time, UTC.")],
    overlap: Annotated[Overlap, typer.Option("--overlap", help="While the run before goes on.")] = "buffer_all",
    output_format: FormatOption = "text",
) -> None:
    """Start the runs of times that have passed, by default one after the other."""
    from pydantic import ValidationError

    from output.models.schedules import BackfillRequest

    try:
        body = BackfillRequest(start_at=_utc(begin), end_at=_utc(end), overlap=overlap)
    except ValidationError:
        raise CommandError("--until is before --from.") from None
    response = ask(routes.backfill_schedule(schedule_id, body))
    _say(response.body, f"{schedule_id} starts the runs of {begin} to {end} UTC", output_format=output_format)


def delete(
    schedule_id: IdArgument,
    force: Annotated[
        bool, typer.Option("--force", help="Also one that code declares; it comes back with its worker.")
    ] = False,
    output_format: FormatOption = "text",
) -> None:
    """Remove a schedule; runs that it has started go on."""
    ask(routes.delete_schedule(schedule_id, force=force))
    if output_format == "json":
        print_json({})
    else:
        print_text(f"{schedule_id} is removed")


def _request(fields: dict[str, object]) -> ScheduleRequest:
    from pydantic import ValidationError

    from output.models.schedules import ScheduleRequest

    try:
        return ScheduleRequest.model_validate(fields)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        option = ".".join(str(part) for part in detail["loc"])
        message = detail["msg"].removeprefix("Value error, ")
        raise CommandError(f"{option}: {message}." if option else f"{message}.") from None


def _say(body: bytes, what: str, *, output_format: Format) -> None:
    if output_format == "json":
        print_json(json.loads(body))
    else:
        print_text(what)


def _print(body: bytes, *, output_format: Format) -> None:
    from output.models.schedules import ScheduleDescription

    if output_format == "json":
        print_json(json.loads(body))
        return
    each = ScheduleDescription.model_validate_json(body)
    state = _state(each)
    print_text(paint(each.id, "cyan") + f"  {each.workflow_name}" + (f"  {paint(state, 'yellow')}" if state else ""))
    for label, value in _facts(each):
        if value:
            print_text(f"  {label:<9} {value}")
    print_text()
    print_text("Next" if not each.paused else "Next, once it is resumed")
    for time in each.next:
        print_text(f"  {_local(time, each.timezone)}")
    if not each.next:
        print_text("  never")
    if each.recent:
        print_text()
        print_text("Latest runs")
    for run in reversed(each.recent):
        status = paint(f"{run.status:<12}", colour_of(run.status))
        print_text(f"  {_local(run.scheduled_at, each.timezone)}  {status} {run.workflow_id}")


def _facts(each: ScheduleDescription) -> list[tuple[str, str | None]]:
    bounds = [
        f"{word} {_local(time, each.timezone)}"
        for word, time in (("from", each.start_at), ("until", each.end_at))
        if time
    ]
    return [
        ("when", ", ".join([_when(each), *bounds])),
        ("overlap", each.overlap),
        ("jitter", None if each.jitter is None else _span(each.jitter)),
        ("catch up", None if each.catchup_window is None else _span(each.catchup_window)),
        ("input", None if each.input is None else json.dumps(each.input, ensure_ascii=False)),
        ("catalog", each.catalog),
        ("tags", ", ".join(each.tags or ())),
        ("note", each.note),
    ]


def _when(each: ScheduleDescription) -> str:
    if each.every is not None:
        return f"every {_span(each.every)}"
    zone = f" {each.timezone}" if each.timezone else " UTC"
    if each.cron is not None:
        return each.cron + zone
    calendars = each.calendars or []
    told = [calendar.model_dump(by_alias=True, exclude_defaults=True) for calendar in calendars]
    return "; ".join(" ".join(f"{name} {value}" for name, value in fields.items()) for fields in told) + zone


def _span(value: int | str) -> str:
    from output.cli.render.times import describe_duration

    return value if isinstance(value, str) else describe_duration(value)


def _state(each: ScheduleDescription) -> str:
    return ", ".join(word for word, holds in (("paused", each.paused), ("declared", each.declared)) if holds)


def _next(each: ScheduleDescription) -> str:
    return _local(each.next[0], each.timezone) if each.next and not each.paused else ""


def _last(each: ScheduleDescription) -> str:
    return each.recent[-1].status if each.recent else ""


def _local(time: datetime, zone: str | None) -> str:
    """A time on the schedule's own clocks."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return time.astimezone(ZoneInfo(zone) if zone else UTC).strftime("%a %Y-%m-%d %H:%M:%S %Z")
    except (ZoneInfoNotFoundError, ValueError):  # this machine knows no zones
        return time.astimezone(UTC).strftime("%a %Y-%m-%d %H:%M:%S UTC")


def _utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC)
