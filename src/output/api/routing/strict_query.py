"""Queries that mean one thing: a parameter that is given twice has two values, of which one would silently win."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any, get_origin

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from output.errors import ValidationError
from output.models.references import Issue, describe_issues


class StrictRoute(APIRoute):
    """A route that refuses a parameter given twice, unless it is a list."""

    refuses_unknown = False

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        known = _query_parameters(self.dependant)

        async def handle_strictly(request: Request) -> Response:
            self._check(request, known)
            return await handle(request)

        return handle_strictly

    def _check(self, request: Request, known: dict[str, bool]) -> None:
        counts = Counter(name for name, _ in request.query_params.multi_items())
        issues = [
            Issue(name, "is given twice, and has one value", "repeated")
            for name, count in counts.items()
            if count > 1 and not known.get(name, name not in known)
        ]
        if self.refuses_unknown:
            names = ", ".join(sorted(known))
            issues += [
                Issue(name[:100], f"there is no such parameter; there are {names}", "unknown")
                for name in counts
                if name not in known
            ]
        if issues:
            raise ValidationError(describe_issues("The request", issues), issues=issues)


class ClosedRoute(StrictRoute):
    """A route that refuses unknown parameters too: a filter that is misspelt would list everything."""

    refuses_unknown = True


def _query_parameters(dependant: Dependant) -> dict[str, bool]:
    """The names of all parameters, those of dependencies too, and whether they may be repeated."""
    found = {each.alias: get_origin(each.field_info.annotation) is list for each in dependant.query_params}
    for below in dependant.dependencies:
        found |= _query_parameters(below)
    return found
