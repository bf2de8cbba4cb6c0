"""Steps and workflows are plain functions in a test: no engine, no server."""

import asyncio
import threading
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from workflows.audit_ledger.models import AuditRequest
from workflows.audit_ledger.steps import UnbalancedEntryError, UnreadableRowError
from workflows.audit_ledger.workflow import audit_ledger
from workflows.page_digest.models import DigestRequest
from workflows.page_digest.steps import fetch_page
from workflows.page_digest.workflow import page_digest

from output import FatalError

PAGES = Path(__file__).resolve().parents[1] / "pages"


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The pages on a real server of this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=PAGES)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(timeout=5)


def test_a_digest_says_what_pages_are_about(site: str) -> None:
    request = DigestRequest.model_validate({"urls": [f"{site}/tides.html", f"{site}/lighthouses.html"], "top_words": 3})

    digest = asyncio.run(page_digest(request))

    tides, lighthouses = digest.pages
    assert tides.title == "Why the sea comes and goes"
    assert tides.headings == ["Why the sea comes and goes", "Spring and neap", "Why the clock is late"]
    assert (
        tides.opening
        == "Twice a day the sea climbs the harbour wall and twice a day it leaves the boats lying in the mud."
    )
    assert [(each.word, each.count) for each in tides.top_words][:1] == [("moon", 5)]
    assert len(lighthouses.top_words) == 3
    assert digest.words == tides.words + lighthouses.words > 200
    assert "water" in digest.shared_words


def test_a_page_that_is_not_there_is_not_asked_for_again(site: str) -> None:
    with pytest.raises(FatalError, match="404"):
        asyncio.run(fetch_page(DigestRequest.model_validate({"urls": [f"{site}/nothing.html"]}).urls[0]))


def test_a_sound_ledger_is_added_up() -> None:
    audit = asyncio.run(audit_ledger(AuditRequest(ledger="march.csv")))

    assert (audit.entries, audit.turnover) == (6, Decimal("25756.76"))
    assert audit.busiest_account == "1000 Bank"
    assert sum(balance.balance for balance in audit.balances) == 0


def test_an_entry_that_does_not_balance_is_named() -> None:
    with pytest.raises(UnbalancedEntryError, match=r"Entry 2 does not balance: 86\.90 debit, 89\.60 credit"):
        asyncio.run(audit_ledger(AuditRequest(ledger="february.csv")))


def test_a_row_that_is_no_booking_is_named_with_its_line() -> None:
    with pytest.raises(UnreadableRowError, match=r"april\.csv, line 4: day is '2026-04-31'"):
        asyncio.run(audit_ledger(AuditRequest(ledger="april.csv")))


def test_an_empty_ledger_is_a_plain_exception_of_the_workflow() -> None:
    with pytest.raises(ValueError, match=r"max\(\)"):
        asyncio.run(audit_ledger(AuditRequest(ledger="june.csv")))
