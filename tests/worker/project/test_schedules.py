"""What `output check` says of declared schedules."""

from __future__ import annotations

from output.worker.project.discovery import discover
from tests.support.project_folder import ProjectFolder


def test_an_id_twice_and_an_input_that_does_not_fit_are_diagnostics(folder: ProjectFolder) -> None:
    folder.write(
        "workflows/report/workflow.py",
        """
        from output import Schedule, workflow


        @workflow(schedule=[Schedule(cron="0 6 * * *", input=1), Schedule(cron="0 7 * * *", input="two")])
        async def report(number: int) -> int:
            return number


        @workflow(schedule=Schedule(every=__import__("datetime").timedelta(hours=1), id="hourly"))
        async def other() -> None: ...
        """,
    )
    lines = [str(diagnostic) for diagnostic in discover(folder.find()).diagnostics]

    assert len(lines) == 2
    assert lines[0].startswith("workflows/report/workflow.py:4: the input of schedule 'report' does not fit: input: ")
    assert "the schedule 'report' is declared at workflows/report/workflow.py:4 already" in lines[1]


def test_what_a_module_cannot_import_because_of_a_schedule_is_told_at_its_line(folder: ProjectFolder) -> None:
    folder.write(
        "workflows/report/workflow.py",
        """
        from output import Schedule, workflow


        @workflow(schedule=Schedule(cron="every day"))
        async def report() -> None: ...
        """,
    )
    (diagnostic,) = discover(folder.find()).diagnostics

    assert "give minute, hour, day of month" in str(diagnostic)
    assert ":4: " in str(diagnostic)
