"""What is wrong with the schedules that a project declares."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic_core import to_json

from output.authoring.schema.source import SourceLine
from output.authoring.workflow import AnyWorkflow
from output.errors import ValidationError
from output.models.schedules import PublishedSchedule
from output.worker.project.diagnostics import Diagnostic
from output.worker.project.layout import Project


def check_schedules(project: Project, workflows: Iterable[AnyWorkflow]) -> list[Diagnostic]:
    """Schedules whose ID another has, and schedules whose input does not fit their workflow."""
    diagnostics: list[Diagnostic] = []
    holders: dict[str, SourceLine] = {}
    for definition in sorted(workflows, key=lambda definition: definition.source):
        place = SourceLine(project.relative(definition.source.file), definition.source.line)
        for schedule in definition.schedules:
            published = schedule.published(definition.name)
            if published.id in holders:
                other = holders[published.id]
                message = f"the schedule {published.id!r} is declared at {other} already; give this one another `id=`."
                diagnostics.append(Diagnostic(place, message))
            holders.setdefault(published.id, place)
            misfit = _misfit(definition, published)
            if misfit is not None:
                message = f"the input of schedule {published.id!r} does not fit: {misfit}"
                diagnostics.append(Diagnostic(place, message))
    return diagnostics


def _misfit(definition: AnyWorkflow, schedule: PublishedSchedule) -> str | None:
    try:
        definition.signature.parse_json(to_json(schedule.input))
    except ValidationError as error:
        return "; ".join(f"{issue.path}: {issue.message}" for issue in error.issues) or error.message
    except Exception:  # noqa: BLE001 — of annotations; told where schemas are built
        return None
    return None
