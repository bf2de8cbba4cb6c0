"""The catalog: what can be started."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from output.api.http.errors import may_raise
from output.api.http.responses import model_response
from output.api.routing.strict_query import StrictRoute
from output.api.state import AppState, StateDep
from output.errors import CatalogNotAvailableError, EngineNotAvailableError, ValidationError, WorkflowNotFoundError
from output.models.catalog import Catalog, WorkflowEntry
from output.models.runs import CatalogId

router = APIRouter(prefix="/workflow/catalog", tags=["catalog"], route_class=StrictRoute)


@router.get("", response_model=Catalog, responses=may_raise(CatalogNotAvailableError, EngineNotAvailableError))
async def get_catalog(state: StateDep) -> Response:
    """The workflows of this server's own catalog."""
    return await _respond(state, state.settings.catalog_id)


@router.get(
    "/{catalogId:segment}",
    response_model=Catalog,
    responses=may_raise(ValidationError, WorkflowNotFoundError, CatalogNotAvailableError, EngineNotAvailableError),
)
async def get_catalog_by_id(state: StateDep, catalog_id: Annotated[CatalogId, Path(alias="catalogId")]) -> Response:
    """The workflows of another catalog on the same engine."""
    return await _respond(state, catalog_id)


async def _respond(state: AppState, catalog_id: str) -> Response:
    version = await state.services.catalogs.read(catalog_id)
    names = set(WorkflowEntry.model_fields)
    if state.settings.is_production:
        names.discard("examples")  # a worker in development may share the engine
    entries = [
        WorkflowEntry.model_construct(**{name: getattr(entry, name) for name in names})
        for entry in version.catalog.workflows
    ]
    return model_response(Catalog(workflows=entries))
