"""Inputs and payloads against the published schemas, before anything is started."""

from __future__ import annotations

import jsonschema_rs
from cachetools import LRUCache
from pydantic import JsonValue

from output.errors import ValidationError
from output.models.catalog import JsonSchema
from output.models.references import Issue, describe_issues

_MAX_ISSUES = 100
_MAX_MESSAGE = 300


class InputChecker:
    """Checks values against schemas; each schema is compiled once for the catalog that it came with."""

    def __init__(self) -> None:
        self._validators = LRUCache[tuple[str, str], jsonschema_rs.Validator](10_000)

    def check(self, value: JsonValue, schema: JsonSchema | None, *, version: str, name: str, field: str) -> None:
        """Raise ValidationError with every fault; `version` and `name` say whose schema it is, `field` whose value."""
        if schema is None:
            return
        validator = self._validators.get((version, name))
        if validator is None:
            validator = self._validators[version, name] = jsonschema_rs.validator_for(schema)
        if validator.is_valid(value):
            return
        issues = [
            _issue(error, field) for _, error in zip(range(_MAX_ISSUES), validator.iter_errors(value), strict=False)
        ]
        raise ValidationError(describe_issues(f"Input of {name}", issues), issues=issues)


def _issue(error: jsonschema_rs.ValidationError, field: str) -> Issue:
    if error.kind.name == "maxProperties" and not error.instance_path:
        return Issue(field, f"takes no {field}; leave it out", "unexpected")
    message = error.message if len(error.message) <= _MAX_MESSAGE else f"{error.message[:_MAX_MESSAGE]}…"
    path = ".".join([field, *(str(part) for part in error.instance_path)])
    return Issue(path, message, str(error.kind.name))
