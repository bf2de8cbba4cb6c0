"""What users need in the tests of their workflows."""

from typing import TYPE_CHECKING

from output.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from output.authoring.step_context import PlainStepRun as PlainStepRun
    from output.errors import ReplayDepartedError as ReplayDepartedError
    from output.errors import RunFailedError as RunFailedError
    from output.testing.environment import Environment as Environment
    from output.testing.environment import TestRun as TestRun
    from output.testing.environment import start_environment as start_environment
    from output.testing.replaying import replay as replay
    from output.testing.step_context import step_run as step_run
    from output.testing.stubbing import StubbedStep as StubbedStep
    from output.testing.stubbing import stub as stub

# Imported on first use: pytest loads the plugin in every project, and most tests need no engine.
_HOMES = {
    "Environment": "output.testing.environment",
    "PlainStepRun": "output.authoring.step_context",
    "ReplayDepartedError": "output.errors",
    "RunFailedError": "output.errors",
    "StubbedStep": "output.testing.stubbing",
    "TestRun": "output.testing.environment",
    "replay": "output.testing.replaying",
    "start_environment": "output.testing.environment",
    "step_run": "output.testing.step_context",
    "stub": "output.testing.stubbing",
}
__all__ = [
    "Environment",
    "PlainStepRun",
    "ReplayDepartedError",
    "RunFailedError",
    "StubbedStep",
    "TestRun",
    "replay",
    "start_environment",
    "step_run",
    "stub",
]

__getattr__, __dir__ = lazy_exports(__name__, _HOMES)
