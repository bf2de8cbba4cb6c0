"""Inputs and payloads against the published schemas, before anything is started."""

from __future__ import annotations

import jsonschema_rs
import structlog
from cachetools import LRUCache
from pydantic import JsonValue

from output.errors import ValidationError
from output.json_schema.misfits import compile_schema, find_misfits
from output.models.catalog import FIRST_ALONE, JsonSchema
from output.models.references import Issue, describe_issues

log = structlog.stdlib.get_logger(__name__)


class InputChecker:
    """Checks values against schemas; each schema is compiled once for the catalog that it came with."""

    def __init__(self) -> None:
        self._validators = LRUCache[tuple[str, str], jsonschema_rs.Validator | None](10_000)

    def check(self, value: JsonValue, schema: JsonSchema | None, *, version: str, name: str, field: str) -> None:
        """Raise ValidationError with every fault; `version` and `name` say whose schema it is, `field` whose value."""
        issues = self.find_issues(value, schema, version=version, name=name, field=field)
        if issues:
            raise ValidationError(describe_issues(f"Input of {name}", issues), issues=issues)

    def find_issues(
        self, value: JsonValue, schema: JsonSchema | None, *, version: str, name: str, field: str
    ) -> list[Issue]:
        """What does not fit, each at its own place; empty for a value that fits, or that only the worker can check."""
        if schema is None:
            return []
        validator = self._validator(schema, version=version, name=name)
        if validator is None or validator.is_valid(value):
            return []
        alone = schema.get(FIRST_ALONE)
        if alone is True:
            return []
        if isinstance(alone, dict):
            other = self._validator(alone, version=version, name=f"{name}, the first value")
            if other is None or other.is_valid(value):
                return []
            misfits = find_misfits(other, value, field=field)
            if not _names_any(value, schema) and (
                not isinstance(value, dict) or any(issue.path != field for issue in misfits)
            ):
                return misfits
            value = {} if value is None else value  # null means that nothing was given
        return [] if validator.is_valid(value) else find_misfits(validator, value, field=field)

    def _validator(self, schema: JsonSchema, *, version: str, name: str) -> jsonschema_rs.Validator | None:
        """None for a schema that cannot be taken here (a `$ref` elsewhere, Python's own patterns)."""
        key = version, name
        if key not in self._validators:
            try:
                self._validators[key] = compile_schema(schema)
            except ValueError:
                log.warning("The schema cannot be checked by the server; the worker checks.", name=name)
                self._validators[key] = None
        return self._validators[key]


def _names_any(value: JsonValue, schema: JsonSchema) -> bool:
    """Whether a value is meant as named values, and not as the first alone: of two refusals the one that helps."""
    properties = schema.get("properties")
    if value is None or value == {}:
        return True
    return isinstance(value, dict) and isinstance(properties, dict) and not properties.keys().isdisjoint(value)
