"""A typed client of the HTTP API: `async with Client() as client`."""

from typing import TYPE_CHECKING

from output.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from output.client.client import Client as Client
    from output.client.client import StartOptions as StartOptions
    from output.client.retry import Retries as Retries
    from output.client.routes import RunFilter as RunFilter
    from output.client.stream import StreamEvent as StreamEvent
    from output.models.catalog import Catalog as Catalog
    from output.models.history import HistoryEvent as HistoryEvent
    from output.models.history import HistoryPage as HistoryPage
    from output.models.history import StreamDone as StreamDone
    from output.models.history import StreamOpened as StreamOpened
    from output.models.messages import StreamToken as StreamToken
    from output.models.messages import Terminated as Terminated
    from output.models.pending import PendingStep as PendingStep
    from output.models.pending import PendingSteps as PendingSteps
    from output.models.runs import RunIds as RunIds
    from output.models.runs import RunInput as RunInput
    from output.models.runs import RunPage as RunPage
    from output.models.runs import RunResult as RunResult
    from output.models.runs import RunStatus as RunStatus
    from output.models.runs import RunSummary as RunSummary
    from output.models.runs import Validity as Validity
    from output.models.schedules import CalendarTimes as CalendarTimes
    from output.models.schedules import ScheduleDescription as ScheduleDescription
    from output.models.schedules import ScheduledRun as ScheduledRun
    from output.models.schedules import SchedulePage as SchedulePage
    from output.models.schedules import ScheduleSpec as ScheduleSpec
    from output.models.traces import TraceLog as TraceLog
    from output.models.traces import TraceNode as TraceNode
    from output.models.waits import RunWait as RunWait
    from output.models.waits import Wait as Wait
    from output.models.webhooks import WebhookDeliveries as WebhookDeliveries
    from output.models.webhooks import WebhookSpec as WebhookSpec

# Imported on first use: the command line asks plain requests without pydantic and httpx.
_HOMES = {
    "CalendarTimes": "output.models.schedules",
    "Catalog": "output.models.catalog",
    "Client": "output.client.client",
    "HistoryEvent": "output.models.history",
    "HistoryPage": "output.models.history",
    "PendingStep": "output.models.pending",
    "PendingSteps": "output.models.pending",
    "Retries": "output.client.retry",
    "RunFilter": "output.client.routes",
    "RunIds": "output.models.runs",
    "RunInput": "output.models.runs",
    "RunPage": "output.models.runs",
    "RunResult": "output.models.runs",
    "RunStatus": "output.models.runs",
    "RunSummary": "output.models.runs",
    "RunWait": "output.models.waits",
    "ScheduleDescription": "output.models.schedules",
    "SchedulePage": "output.models.schedules",
    "ScheduleSpec": "output.models.schedules",
    "ScheduledRun": "output.models.schedules",
    "StartOptions": "output.client.client",
    "StreamDone": "output.models.history",
    "StreamEvent": "output.client.stream",
    "StreamOpened": "output.models.history",
    "StreamToken": "output.models.messages",
    "Terminated": "output.models.messages",
    "TraceLog": "output.models.traces",
    "TraceNode": "output.models.traces",
    "Validity": "output.models.runs",
    "Wait": "output.models.waits",
    "WebhookDeliveries": "output.models.webhooks",
    "WebhookSpec": "output.models.webhooks",
}
__all__ = [
    "CalendarTimes",
    "Catalog",
    "Client",
    "HistoryEvent",
    "HistoryPage",
    "PendingStep",
    "PendingSteps",
    "Retries",
    "RunFilter",
    "RunIds",
    "RunInput",
    "RunPage",
    "RunResult",
    "RunStatus",
    "RunSummary",
    "RunWait",
    "ScheduleDescription",
    "SchedulePage",
    "ScheduleSpec",
    "ScheduledRun",
    "StartOptions",
    "StreamDone",
    "StreamEvent",
    "StreamOpened",
    "StreamToken",
    "Terminated",
    "TraceLog",
    "TraceNode",
    "Validity",
    "Wait",
    "WebhookDeliveries",
    "WebhookSpec",
]

__getattr__, __dir__ = lazy_exports(__name__, _HOMES)
