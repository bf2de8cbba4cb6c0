"""A value that makes a history heavy is told with its step, its size and what to do."""

from __future__ import annotations

import pytest

from output.engine.payloads.limits import LARGE, ValueLimits
from output.worker.execution.runtime import check_size


def test_a_heavy_value_is_a_line_in_the_log_unless_a_store_takes_it(caplog: pytest.LogCaptureFixture) -> None:
    data = b"x" * (LARGE + 1)

    check_size(data[:LARGE], "The result of step 'make'", ValueLimits())
    check_size(data, "The result of step 'make'", ValueLimits(has_store=True))
    assert not caplog.records

    check_size(data, "The result of step 'make'", ValueLimits())
    assert "step 'make' has 524289 bytes" in caplog.text
    assert "OUTPUT_PAYLOAD_STORE" in caplog.text
