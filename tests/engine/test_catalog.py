"""Publishing a catalog, replacing it, and reading it with no worker up."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from output.config.settings import EngineSettings, load
from output.engine.catalog import CatalogReader, publish
from output.engine.connection import Engine, connect
from output.engine.descriptions import describe_any
from output.errors import CatalogNotAvailableError, PayloadTooLargeError, WorkflowNotFoundError
from output.models.catalog import PublishedCatalog, PublishedWorkflow
from output.models.references import RunRef


@pytest.fixture
async def engine(engine_address: str) -> Engine:
    """An engine with a catalog ID of its own."""
    settings = load(EngineSettings, address=engine_address, catalog_id=f"catalog-{uuid.uuid4().hex}")
    return await connect(settings)


def catalog(*names: str) -> PublishedCatalog:
    return PublishedCatalog(workflows=[PublishedWorkflow(name=name, path=f"{name}.py") for name in names])


async def test_a_catalog_is_read_back_with_no_worker_up(engine: Engine) -> None:
    await publish(engine, catalog("one", "two"))

    version = await CatalogReader(engine).read(engine.settings.catalog_id)

    assert [entry.name for entry in version.catalog.workflows] == ["one", "two"]


async def test_an_equal_catalog_is_left_alone_and_a_changed_one_replaces_it_at_once(engine: Engine) -> None:
    assert await publish(engine, catalog("one"))
    first = await describe_any(engine, RunRef(engine.settings.catalog_id))

    assert not await publish(engine, catalog("one"))
    again = await describe_any(engine, RunRef(engine.settings.catalog_id))
    assert again.workflow_execution_info.execution.run_id == first.workflow_execution_info.execution.run_id

    reader = CatalogReader(engine)
    await reader.read(engine.settings.catalog_id)
    assert await publish(engine, catalog("one", "two"))
    version = await reader.refresh(engine.settings.catalog_id)
    assert set(version.by_name) == {"one", "two"}


async def test_many_workers_that_start_at_once_leave_one_catalog(engine: Engine) -> None:
    await asyncio.gather(*(publish(engine, catalog("one", "two")) for _ in range(8)))

    version = await CatalogReader(engine).read(engine.settings.catalog_id)

    assert set(version.by_name) == {"one", "two"}
    assert not await publish(engine, catalog("one", "two"))


async def test_the_own_catalog_is_not_available_yet_and_another_does_not_exist(engine: Engine) -> None:
    reader = CatalogReader(engine)

    with pytest.raises(CatalogNotAvailableError, match="output worker"):
        await reader.read(engine.settings.catalog_id)
    with pytest.raises(WorkflowNotFoundError, match="elsewhere"):
        await reader.read("elsewhere")


async def test_a_catalog_over_the_engines_limit_is_refused_with_its_size(engine: Engine) -> None:
    big = PublishedCatalog(workflows=[PublishedWorkflow(name="big", path="big.py", description="x" * 3_000_000)])

    with pytest.raises(PayloadTooLargeError, match="split the project"):
        await publish(engine, big)


async def test_a_known_catalog_answers_without_the_engine(engine: Engine) -> None:
    await publish(engine, catalog("one"))
    reader = CatalogReader(engine)
    version = await reader.read(engine.settings.catalog_id)

    assert await reader.read_known(engine.settings.catalog_id) is version
