"""Arguments and options that several commands take."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from output.cli.completion import complete_run_ids, complete_scenarios, complete_workflows

Format = Literal["text", "json"]
Conflict = Literal["fail", "use_existing", "terminate_existing"]

FormatOption = Annotated[
    Format, typer.Option("--format", "-f", help="`json` puts nothing but JSON on stdout.", show_default=True)
]
IdArgument = Annotated[
    str, typer.Argument(metavar="ID", help="The workflow ID of a run.", autocompletion=complete_run_ids)
]
RunIdOption = Annotated[
    str | None, typer.Option("--run-id", metavar="RUN", help="One run of that ID; without it, the latest.")
]
NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="A workflow's name or alias.", autocompletion=complete_workflows)
]
ScenarioArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="SCENARIO",
        help="An input from the workflow's `scenarios/` folder, or the path of a JSON file.",
        autocompletion=complete_scenarios,
    ),
]
InputOption = Annotated[
    str | None, typer.Option("--input", "-i", metavar="JSON", help="The input: JSON, a file, or `-` for stdin.")
]
WorkflowIdOption = Annotated[
    str | None, typer.Option("--workflow-id", metavar="ID", help="The ID to run under; without it, a new one.")
]
CatalogOption = Annotated[
    str | None, typer.Option("--catalog", metavar="CATALOG", help="The catalog; without it, the server's own.")
]
ConflictOption = Annotated[
    Conflict,
    typer.Option("--if-running", help="What to do when that workflow ID is running."),
]
TagOption = Annotated[
    list[str] | None, typer.Option("--tag", metavar="TAG", help="A tag to find the run by; may be given several times.")
]
ReuseOption = Annotated[
    Literal["allow", "failed_only", "reject"],
    typer.Option("--if-ended", help="What to do when a run of that workflow ID has ended."),
]
KeyOption = Annotated[
    str | None,
    typer.Option("--idempotency-key", metavar="KEY", help="The same key and input again give the same run."),
]
DelayOption = Annotated[
    str | None, typer.Option("--delay", metavar="TIME", help="Begin after this time, such as `90s` or `2h`.")
]
LifeOption = Annotated[
    str | None,
    typer.Option("--execution-timeout", metavar="TIME", help="End the run after this time, such as `90s` or `2h`."),
]
PriorityOption = Annotated[
    int | None, typer.Option("--priority", min=1, max=5, help="1 (first) to 5; without it, the engine's own, 3.")
]
WebhookOption = Annotated[
    str | None, typer.Option("--webhook", metavar="URL", help="Where the result goes when the run ends.")
]
ReasonOption = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help="Why, for whoever reads the history.")
]
PayloadOption = Annotated[
    str | None,
    typer.Option("--payload", "-p", metavar="JSON", help="The argument: JSON, a file, or `-` for stdin."),
]
