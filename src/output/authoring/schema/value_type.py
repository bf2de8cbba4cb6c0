"""One annotation: how its values are parsed, dumped and described."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Generic, Literal, TypeVar, cast

import pydantic
import pydantic_core
from pydantic import ConfigDict, JsonValue, TypeAdapter
from pydantic.errors import PydanticSchemaGenerationError, PydanticUserError

from output.authoring.schema.admitted import AdmittingJsonSchema
from output.authoring.schema.exact import ExactForm
from output.authoring.schema.lost import find_lost
from output.authoring.schema.typed_dicts import modernize
from output.errors import ValidationError
from output.models.exact_json import ExactJson, exact_of
from output.models.references import Issue, describe_issues

T = TypeVar("T")
SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
# What pydantic writes for NaN and infinity: null, or with `ser_json_inf_nan="constants"` what is no JSON.
_WORDS_FOR_NO_NUMBER = (b"null", b"NaN", b"Infinity")
_CONFIG = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64", arbitrary_types_allowed=False)


class Unannotated:
    """Stands where an author gave no annotation: any JSON."""


class ValueType(Generic[T]):
    """Parses and dumps values of one annotation; `label` names it in errors ("Input of step 'fetch_page'")."""

    def __init__(self, annotation: object, *, label: str, path: str) -> None:
        self.annotation = modernize(annotation)
        self.label = label
        self.path = path

    @property
    def is_annotated(self) -> bool:
        return self.annotation is not Unannotated

    @cached_property
    def adapter(self) -> TypeAdapter[T]:
        """The adapter; raises TypeError for an annotation that has no JSON form, or whose values it loses."""
        try:
            adapter = self._adapt()
        except (PydanticSchemaGenerationError, PydanticUserError) as error:
            raise TypeError(f"{self.label} has no JSON form: {error.message.splitlines()[0]}") from error
        lost = find_lost(adapter.core_schema)
        if lost is not None:
            raise TypeError(f"{self.label} would not arrive: {lost}.")
        return adapter

    def _adapt(self) -> TypeAdapter[T]:
        annotation = cast("type[T]", JsonValue if self.annotation is Unannotated else self.annotation)
        try:
            return TypeAdapter(annotation, config=_CONFIG)
        except PydanticUserError as error:
            if error.code != "type-adapter-config-unused":
                raise
            return TypeAdapter(annotation)

    @cached_property
    def exact(self) -> ExactForm[T]:
        """The form in which our own processes hand its values on."""
        return ExactForm(self.adapter)

    def parse_json(self, data: bytes) -> T:
        """Parse JSON; raises ValidationError with every fault."""
        exact = exact_of(data)
        try:
            if exact is not None and self.exact.is_needed:
                return self.exact.parse(exact)
            return self.adapter.validate_json(data)
        except pydantic.ValidationError as error:
            raise misfit(self.label, self.path, error) from error

    def parse(self, value: object) -> T:
        """Parse a Python value, such as what a function returned; raises ValidationError."""
        if self.annotation is Unannotated:
            return cast("T", value)
        try:
            return self.adapter.validate_python(value)
        except pydantic.ValidationError as error:
            raise misfit(self.label, self.path, error) from error

    def dump(self, value: object) -> bytes:
        """JSON bytes of a value, with its exact form where it has another; raises ValidationError when it has none."""
        if self.annotation is Unannotated:
            return self._write(value, lambda: _to_json(value))
        exact = self.exact.dump(value)
        data = self._write(value, lambda: self._readable(value, may_fail=exact is not None))
        return data if exact is None else ExactJson(data, exact)

    def _readable(self, value: object, *, may_fail: bool) -> bytes:
        try:
            return self.adapter.dump_json(cast("T", value), by_alias=True, warnings=False)
        except (pydantic_core.PydanticSerializationError, UnicodeDecodeError):
            if not may_fail:
                raise
            # Bytes that are no text, in a model that would write them as such.
            return self.exact.dump(value) or b"null"

    def _write(self, value: object, write: Callable[[], bytes]) -> bytes:
        try:
            data = write()
        except (pydantic_core.PydanticSerializationError, ValueError) as error:
            raise unserializable(self.label, self.path, error) from error
        if any(word in data for word in _WORDS_FOR_NO_NUMBER):
            self._refuse_nan(value)
        return data

    def schema(self, mode: Literal["validation", "serialization"]) -> dict[str, JsonValue] | None:
        """JSON Schema 2020-12, or None where there is no annotation."""
        if self.annotation is Unannotated:
            return None
        return {"$schema": SCHEMA_DIALECT, **self.adapter.json_schema(mode=mode, schema_generator=AdmittingJsonSchema)}

    def _refuse_nan(self, value: object) -> None:
        # pydantic writes NaN and infinity as null or as a bare word; its own Python form still has them.
        try:
            plain: object = self.adapter.dump_python(cast("T", value), mode="json", warnings=False)
        except (pydantic_core.PydanticSerializationError, UnicodeDecodeError):
            return
        where = _find_nan(plain)
        if where is not None:
            path = ".".join([self.path, *where])
            message = "NaN and infinity have no JSON form"
            raise ValidationError(
                f"{self.label} does not fit: {path}: {message}.", issues=[Issue(path, message, "finite_number")]
            )


def _to_json(value: object) -> bytes:
    return pydantic_core.to_json(value, by_alias=True, bytes_mode="base64", inf_nan_mode="null")


def misfit(label: str, path: str, error: pydantic.ValidationError) -> ValidationError:
    """Pydantic's errors as ours: which, where and why."""
    issues: list[Issue] = []
    for detail in error.errors(include_url=False, include_input=False):
        raised = detail.get("ctx", {}).get("error")
        message = str(raised) if isinstance(raised, Exception) else detail["msg"]
        issues.append(Issue(".".join([path, *map(str, detail["loc"])]), message, detail["type"]))
    return ValidationError(describe_issues(label, issues), issues=issues)


def unserializable(label: str, path: str, error: Exception) -> ValidationError:
    """A value without a JSON form, as ours."""
    message = str(error).removeprefix("Error serializing to JSON: ")
    return ValidationError(f"{label} has no JSON form: {message}", issues=[Issue(path, message, "serialization_error")])


def _find_nan(value: object) -> list[str] | None:
    if isinstance(value, float):
        return None if math.isfinite(value) else []
    items: Sequence[tuple[object, object]] = []
    if isinstance(value, Mapping):
        items = list(cast("Mapping[object, object]", value).items())
    elif isinstance(value, list | tuple):
        items = list(enumerate(cast("Sequence[object]", value)))
    for key, item in items:
        where = _find_nan(item)
        if where is not None:
            return [str(key), *where]
    return None
