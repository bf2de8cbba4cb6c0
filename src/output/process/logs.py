"""How processes log: JSON lines in production, one readable line in development; always to stderr."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from typing import cast

import structlog
from structlog.typing import EventDict, Processor

from output.config.settings import Environment
from output.process.log_records import (
    bound_line,
    fold_exceptions,
    hide_secrets,
    name_the_step,
    shorten_requests,
    tell_exceptions,
)


def configure_logs(settings: Environment, *, service: str) -> None:
    """Send structlog's and the standard library's records the same way, once, at the start of a process."""

    def add_service(logger: object, method: str, event: EventDict) -> EventDict:
        del logger, method
        event["service"] = service
        return event

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        name_the_step,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render: Sequence[Processor]
    if settings.is_production:
        shared.append(add_service)
        # A line that was cut would be no JSON: values are bounded one by one instead.
        render = (tell_exceptions, hide_secrets, structlog.processors.JSONRenderer(default=str))
    else:
        render = (
            structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),
            shorten_requests,
            fold_exceptions,
            hide_secrets,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0),
            cast("Processor", bound_line),  # it takes what the renderer made
        )
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("httpx", "httpcore", "botocore", "uvicorn.access", "uvicorn.error"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
