"""Schedules that code declares: made, changed and removed with the worker that publishes the catalog."""

from __future__ import annotations

from pathlib import Path

import httpx

from output.models.schedules import ScheduleDescription
from tests.support.project_folder import ProjectFolder
from tests.support.servers import start_api, start_worker
from tests.support.waiting import eventually

CODE = """
from output import Schedule, workflow


@workflow(schedule=[{schedules}])
async def report(title: str) -> str:
    return title
"""


def write(folder: ProjectFolder, *schedules: str) -> None:
    folder.write("workflows/report/workflow.py", CODE.format(schedules=", ".join(schedules)))


async def read(api: httpx.AsyncClient, schedule_id: str) -> ScheduleDescription | None:
    response = await api.get(f"/schedules/{schedule_id}")
    return ScheduleDescription.model_validate(response.json()) if response.status_code == 200 else None


async def test_a_deployment_makes_changes_and_removes_what_its_code_declares(
    folder: ProjectFolder, engine_address: str, stack_folder: Path
) -> None:
    catalog = {"OUTPUT_CATALOG_ID": "declaring"}
    weekly = "Schedule(id='declared-weekly', cron='0 6 * * mon', timezone='Europe/Berlin', input='week')"
    daily = "Schedule(id='declared-daily', cron='0 6 * * *', input='day', note='by code')"
    write(folder, weekly, daily)
    worker = start_worker(stack_folder, engine_address, folder.root, **catalog)
    server, url = start_api(stack_folder, engine_address, **catalog)
    async with httpx.AsyncClient(base_url=url, timeout=60) as api:
        # Made.
        made = await read(api, "declared-daily")
        assert made is not None
        assert (made.declared, made.workflow_name, made.input, made.catalog) == (True, "report", "day", "declaring")
        # Never changed by hand without a word; steered it can be.
        put = await api.put("/schedules/declared-daily", json={"workflowName": "report", "cron": "0 7 * * *"})
        removed = await api.delete("/schedules/declared-daily")
        assert [(each.status_code, each.json()["error"]) for each in (put, removed)] == [
            (409, "ScheduleDeclaredError")
        ] * 2
        assert "workflow 'report' (catalog 'declaring')" in put.json()["message"]
        assert (await api.post("/schedules/declared-daily/pause", json={"note": "by hand"})).status_code == 200

        async def both_listed() -> bool:
            page = (await api.get("/schedules", params={"limit": 1000})).json()
            return {"declared-weekly", "declared-daily"} <= {each["id"] for each in page["schedules"]}

        await eventually(both_listed, "both in the listing, which removal goes by")
        worker.stop()
        # Changed, and still paused; one removed, one made; a hand-made one of the same ID is left alone.
        taken = await api.post(
            "/schedules", json={"id": "declared-taken", "workflowName": "report", "input": "mine", "every": "24h"}
        )
        assert taken.status_code == 201, taken.text
        write(
            folder,
            daily.replace("0 6", "0 8"),
            "Schedule(id='declared-hourly', cron='0 * * * *', input='hour')",
            "Schedule(id='declared-taken', cron='0 * * * *', input='code')",
            "Schedule(id='declared-refused', cron='61 * * * *', input='never')",
        )
        worker = start_worker(stack_folder, engine_address, folder.root, **catalog)
        changed, hourly, mine = [await read(api, f"declared-{name}") for name in ("daily", "hourly", "taken")]
        assert changed is not None
        assert (changed.cron, changed.paused, changed.note) == ("0 8 * * *", True, "by hand")
        assert hourly is not None
        assert mine is not None
        assert (mine.input, mine.declared) == ("mine", False)
        assert [await read(api, f"declared-{name}") for name in ("weekly", "refused")] == [None, None]
        assert "schedule refused" in worker.read_log()
        assert "its ID belongs to another" in worker.read_log()
        # Runs like any other.
        await api.post("/schedules/declared-hourly/trigger")

        async def done() -> bool:
            schedule = await read(api, "declared-hourly")
            return schedule is not None and [run.status for run in schedule.recent] == ["completed"]

        await eventually(done, "the triggered run's end")
        # By force it goes, until its worker starts again.
        for name in ("daily", "hourly", "taken"):
            forced = await api.delete(f"/schedules/declared-{name}", params={"force": "true"})
            assert forced.status_code == 204
        worker.stop()
        worker = start_worker(stack_folder, engine_address, folder.root, **catalog)
        again = await read(api, "declared-daily")
        assert again is not None
        assert (again.paused, again.note) == (False, "by code")
        for name in ("daily", "hourly", "taken"):
            await api.delete(f"/schedules/declared-{name}", params={"force": "true"})
    worker.stop()
    server.stop()
