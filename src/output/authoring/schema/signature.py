"""A function's parameters and result as they cross the engine."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar, cast, get_type_hints

import pydantic
import pydantic_core
from pydantic import Field, JsonValue, create_model

from output.authoring.schema.admitted import AdmittingJsonSchema
from output.authoring.schema.value_type import SCHEMA_DIALECT, Unannotated, ValueType, misfit
from output.errors import ValidationError
from output.models.catalog import FIRST_ALONE
from output.models.exact_json import ExactJson, exact_of
from output.models.references import Issue, describe_issues

R = TypeVar("R")
NO_INPUT_SCHEMA: dict[str, JsonValue] = {"$schema": SCHEMA_DIALECT, "type": ["null", "object"], "maxProperties": 0}


@dataclass(frozen=True)
class Arguments:
    """What a function is called with."""

    args: tuple[object, ...] = ()
    kwargs: Mapping[str, object] = field(default_factory=dict[str, object])


class Signature(Generic[R]):
    """No parameter travels as null, one as itself, several as one object of named values.

    Where all but the first have defaults, the first alone travels as itself too: a parameter with a default can be
    added without a change to what is sent, or was (decision 1213).
    """

    def __init__(self, function: Callable[..., object], *, what: str, skip_self: bool = False) -> None:
        """`what` names the function in errors, as "step 'fetch_page'"."""
        self.function = function
        self.what = what
        parameters = list(inspect.signature(function).parameters.values())
        self.parameters = parameters[1:] if skip_self else parameters
        for parameter in self.parameters:
            if parameter.kind in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}:
                raise TypeError(f"{what} takes {parameter}, which cannot be published; name its parameters.")

    @cached_property
    def hints(self) -> Mapping[str, object]:
        """Resolved annotations; raises TypeError for one that cannot be resolved at run time."""
        try:
            return get_type_hints(self.function, include_extras=True)
        except (NameError, AttributeError, TypeError, SyntaxError) as error:
            raise TypeError(
                f"An annotation of {self.what} cannot be resolved ({error}); "
                "import its type at run time, not only under TYPE_CHECKING."
            ) from error

    @cached_property
    def result(self) -> ValueType[R]:
        """What the function returns; no annotation and `-> Any` mean any JSON."""
        return ValueType(_annotation(self.hints, "return"), label=f"The result of {self.what}", path="output")

    def bind(self, args: tuple[object, ...], kwargs: Mapping[str, object]) -> Mapping[str, object]:
        """Values by parameter; raises TypeError as Python would."""
        try:
            return self._signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            raise TypeError(f"{self.what}: {error}") from None

    def dump(self, values: Mapping[str, object]) -> bytes:
        """Bound values as JSON that `parse_json` reads back; raises ValidationError for one that has no JSON form."""
        if not self.parameters:
            return b"null"
        if self._single is not None:
            if not values:
                return b"null"
            (value,) = values.values()
            dumped = self._single.dump(value)
            # A plain null means the default; this one was given.
            return ExactJson(dumped, dumped) if dumped == b"null" and self._has_default(self.parameters[0]) else dumped
        if self._first is not None and list(values) == [self.parameters[0].name]:
            data = self._first.dump(values[self.parameters[0].name])
            if not self._reads_as_named(data):
                return data
        return self._dump_named(values)

    def _dump_named(self, values: Mapping[str, object]) -> bytes:
        dumped = {name: self._types[name].dump(value) for name, value in values.items()}
        data = _object_of(dumped)
        if not any(exact_of(each) is not None for each in dumped.values()):
            return data
        return ExactJson(data, _object_of({name: exact_of(each) or each for name, each in dumped.items()}))

    def parse_json(self, data: bytes) -> Arguments:
        """Arguments to call the function with; raises ValidationError with every fault."""
        if not self.parameters:
            if data.strip() not in {b"null", b"{}", b""}:
                error = Issue("input", "takes no input", "no_input")
                raise ValidationError(f"Input of {self.what} does not fit: it takes none.", issues=[error])
            return Arguments()
        if self._single is not None:
            return self._parse_single(data)
        return self._parse_named(data) if self._first is None else self._parse_either(self._first, data)

    def _parse_either(self, first: ValueType[object], data: bytes) -> Arguments:
        """Named values, else the first alone; of two refusals the one that helps."""
        is_value = data.lstrip()[:1] not in {b"{", b"n", b""}
        if is_value or (exact_of(data) is not None and not self._reads_as_named(data)):
            return self._parse_first(first, data)
        try:
            return self._parse_named(data)
        except ValidationError as error:
            try:
                return self._parse_first(first, data)
            except ValidationError as other:
                # What is said of the value as a whole does not help: no such object is wanted.
                if not self._names_any(data) and any(issue.path != "input" for issue in other.issues):
                    raise
            raise error from error.__cause__

    def _parse_named(self, data: bytes) -> Arguments:
        exact = exact_of(data)
        if exact is not None:
            return self._parse_exact(exact)
        try:
            values = self._model.model_validate_json(b"{}" if data.strip() == b"null" else data)
        except pydantic.ValidationError as error:
            raise misfit(f"Input of {self.what}", "input", error) from error
        return self._call({p.name: cast("object", getattr(values, _field(i))) for i, p in enumerate(self.parameters)})

    def parse(self, values: Mapping[str, object]) -> Arguments:
        """Arguments from bound Python values, parsed as they would be on the far side of the engine."""
        return self.parse_json(self.dump(values))

    def input_schema(self) -> dict[str, JsonValue] | None:
        """JSON Schema of the input, or None where nothing is annotated."""
        if not self.parameters:
            return NO_INPUT_SCHEMA
        if self._single is None:
            schema = self._model.model_json_schema(by_alias=True, schema_generator=AdmittingJsonSchema)
            alone = {} if self._first is None else {FIRST_ALONE: self._first.schema("validation") or True}
            return {"$schema": SCHEMA_DIALECT, **schema, **alone}
        schema = self._single.schema("validation")
        if schema is not None and self._has_default(self.parameters[0]) and not self._accepts_null:
            dialect, definitions = schema.pop("$schema"), schema.pop("$defs", None)
            alternatives: list[JsonValue] = [schema, {"type": "null"}]
            schema = dict[str, JsonValue]({"$schema": dialect, "anyOf": alternatives})
            if definitions is not None:
                schema["$defs"] = definitions
        return schema

    def output_schema(self) -> dict[str, JsonValue] | None:
        """JSON Schema of the result, or None where it is not annotated."""
        return self.result.schema("serialization")

    @cached_property
    def _signature(self) -> inspect.Signature:
        return inspect.Signature(self.parameters)

    @cached_property
    def _types(self) -> Mapping[str, ValueType[object]]:
        label = f"Input of {self.what}"
        single = len(self.parameters) == 1
        return {
            p.name: ValueType(
                _annotation(self.hints, p.name), label=label, path="input" if single else f"input.{p.name}"
            )
            for p in self.parameters
        }

    @cached_property
    def _single(self) -> ValueType[object] | None:
        return self._types[self.parameters[0].name] if len(self.parameters) == 1 else None

    @cached_property
    def _first(self) -> ValueType[object] | None:
        """The first parameter's type, where it may travel alone: all others have defaults."""
        if len(self.parameters) < 2 or not all(map(self._has_default, self.parameters[1:])):
            return None
        label, name = f"Input of {self.what}", self.parameters[0].name
        return ValueType(_annotation(self.hints, name), label=label, path="input")

    def _reads_as_named(self, data: bytes) -> bool:
        """Whether a first value alone would be taken for an object of named values, or for nothing at all."""
        if data.lstrip()[:1] not in {b"{", b"n"}:
            return False
        value = cast("object", pydantic_core.from_json(data))
        names = {parameter.name for parameter in self.parameters}
        return value is None or (isinstance(value, dict) and names.issuperset(cast("dict[str, object]", value)))

    def _names_any(self, data: bytes) -> bool:
        value = cast("object", pydantic_core.from_json(data))
        if value is None or value == {}:
            return True
        return isinstance(value, dict) and any(parameter.name in value for parameter in self.parameters)

    @cached_property
    def _model(self) -> type[pydantic.BaseModel]:
        # Positional field names, so that a parameter may be called `json` or `_private`; aliases carry the real ones.
        fields: dict[str, object] = {}
        for index, parameter in enumerate(self.parameters):
            annotation = self._types[parameter.name].annotation
            default: object = parameter.default if self._has_default(parameter) else ...
            fields[_field(index)] = (
                JsonValue if annotation is Unannotated else annotation,
                Field(default, alias=parameter.name),
            )
        config = pydantic.ConfigDict(extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")
        build = cast("Callable[..., type[pydantic.BaseModel]]", create_model)
        return build(f"{self.function.__name__}_input", __config__=config, **fields)

    @cached_property
    def _accepts_null(self) -> bool:
        value_type = self._types[self.parameters[0].name]
        try:
            value_type.parse_json(b"null")
        except ValidationError:
            return False
        return True

    def _parse_exact(self, data: bytes) -> Arguments:
        """Several values, each in the form in which its type hands it on."""
        parts = cast("dict[str, object]", pydantic_core.from_json(data))
        values: dict[str, object] = {}
        for parameter in self.parameters:
            value_type = self._types[parameter.name]
            if parameter.name in parts:
                part = pydantic_core.to_json(parts[parameter.name])
                values[parameter.name] = value_type.parse_json(ExactJson(part, part))
            elif self._has_default(parameter):
                values[parameter.name] = parameter.default
            else:
                issue = Issue(f"input.{parameter.name}", "Field required", "missing")
                raise ValidationError(describe_issues(f"Input of {self.what}", [issue]), issues=[issue])
        return self._call(values)

    def _parse_first(self, value_type: ValueType[object], data: bytes) -> Arguments:
        first, *others = self.parameters
        defaults = {parameter.name: cast("object", parameter.default) for parameter in others}
        return self._call({first.name: value_type.parse_json(data), **defaults})

    def _parse_single(self, data: bytes) -> Arguments:
        parameter = self.parameters[0]
        value_type = self._types[parameter.name]
        if data.strip() == b"null" and self._has_default(parameter) and exact_of(data) is None:
            return Arguments()
        return self._call({parameter.name: value_type.parse_json(data)})

    def _call(self, values: Mapping[str, object]) -> Arguments:
        positional = [p.name for p in self.parameters if p.kind is p.POSITIONAL_ONLY]
        return Arguments(
            tuple(values[name] for name in positional),
            {name: value for name, value in values.items() if name not in positional},
        )

    @staticmethod
    def _has_default(parameter: inspect.Parameter) -> bool:
        return cast("object", parameter.default) is not inspect.Parameter.empty


def _field(index: int) -> str:
    return f"field_{index}_of_a_signature"


def _object_of(members: Mapping[str, bytes]) -> bytes:
    return b"{" + b",".join(b'"%s":%s' % (name.encode(), data) for name, data in members.items()) + b"}"


def _annotation(hints: Mapping[str, object], name: str) -> object:
    hint = hints.get(name, Unannotated)
    if repr(hint) == "typing.Any" or hint is object:
        return Unannotated
    return type(None) if hint is None else hint
