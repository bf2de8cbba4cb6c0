"""Schedules: workflows that are started by the clock."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime

from output.client import routes
from output.client.httpx_transport import Transport
from output.client.values import jsonable
from output.models.schedules import (
    BackfillRequest,
    NoteRequest,
    Overlap,
    ScheduleDescription,
    SchedulePage,
    ScheduleRequest,
    ScheduleSpec,
    TriggerRequest,
)


class Schedules:
    """The schedules on a server. Raises: ScheduleNotFoundError for an ID that there is not."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def list(self, *, limit: int | None = None, page_token: str | None = None) -> SchedulePage:
        """One page of schedules, the latest made first."""
        response = await self._transport.ask(routes.list_schedules(limit=limit, page_token=page_token))
        return SchedulePage.model_validate_json(response.body)

    async def each(self) -> AsyncGenerator[ScheduleDescription, None]:
        """All schedules, page after page."""
        token: str | None = None
        while True:
            page = await self.list(page_token=token)
            for schedule in page.schedules:
                yield schedule
            token = page.next_page_token
            if token is None:
                return

    async def get(self, schedule_id: str) -> ScheduleDescription:
        """One schedule, with its next ten times and its latest runs."""
        response = await self._transport.ask(routes.schedule(schedule_id))
        return ScheduleDescription.model_validate_json(response.body)

    async def create(self, spec: ScheduleSpec, *, schedule_id: str | None = None) -> ScheduleDescription:
        """Make a schedule; without an ID it gets one. Raises: ScheduleAlreadyExistsError, ValidationError."""
        response = await self._transport.ask(routes.create_schedule(_request(spec, schedule_id)))
        return ScheduleDescription.model_validate_json(response.body)

    async def replace(self, schedule_id: str, spec: ScheduleSpec) -> ScheduleDescription:
        """Write a schedule anew, whole. Raises: ScheduleDeclaredError for one that code declares."""
        response = await self._transport.ask(routes.replace_schedule(schedule_id, _request(spec, schedule_id)))
        return ScheduleDescription.model_validate_json(response.body)

    async def delete(self, schedule_id: str, *, force: bool = False) -> None:
        """Remove a schedule; its runs go on. Raises: ScheduleDeclaredError, unless `force` is given."""
        await self._transport.ask(routes.delete_schedule(schedule_id, force=force))

    async def pause(self, schedule_id: str, *, note: str | None = None) -> ScheduleDescription:
        """Start no more runs until it is resumed."""
        response = await self._transport.ask(routes.pause_schedule(schedule_id, NoteRequest(note=note)))
        return ScheduleDescription.model_validate_json(response.body)

    async def resume(self, schedule_id: str, *, note: str | None = None) -> ScheduleDescription:
        """Go on; times that passed meanwhile stay passed."""
        response = await self._transport.ask(routes.resume_schedule(schedule_id, NoteRequest(note=note)))
        return ScheduleDescription.model_validate_json(response.body)

    async def trigger(self, schedule_id: str, *, overlap: Overlap | None = None) -> ScheduleDescription:
        """Start a run now, also of a paused schedule; it shows in `recent` within a moment."""
        response = await self._transport.ask(routes.trigger_schedule(schedule_id, TriggerRequest(overlap=overlap)))
        return ScheduleDescription.model_validate_json(response.body)

    async def backfill(
        self, schedule_id: str, start_at: datetime, end_at: datetime, *, overlap: Overlap = "buffer_all"
    ) -> ScheduleDescription:
        """Start the runs of times that have passed, both ends included; by default one after the other."""
        body = BackfillRequest(start_at=start_at, end_at=end_at, overlap=overlap)
        response = await self._transport.ask(routes.backfill_schedule(schedule_id, body))
        return ScheduleDescription.model_validate_json(response.body)


def _request(spec: ScheduleSpec, schedule_id: str | None) -> ScheduleRequest:
    fields = {name: getattr(spec, name) for name in ScheduleSpec.model_fields}
    return ScheduleRequest.model_validate({**fields, "input": jsonable(spec.input), "id": schedule_id})
