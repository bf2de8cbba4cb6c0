"""What of a value does not fit a schema: each misfit at its own place, in words that never repeat the value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeAlias, cast

import jsonschema_rs
from pydantic import JsonValue

from output.json_schema.formats import format_checks
from output.models.references import Issue

_MAX_ISSUES = 100
_MAX_LISTED = 20
_MAX_TEXT = 100
Path: TypeAlias = tuple[str | int, ...]


def compile_schema(schema: dict[str, JsonValue]) -> jsonschema_rs.Validator:
    """A validator that checks formats as well, and fetches nothing: a `$ref` elsewhere is a ValueError, like all else
    that the checker cannot take.
    """
    return jsonschema_rs.validator_for(schema, validate_formats=True, formats=format_checks(), offline=True)


def find_misfits(validator: jsonschema_rs.Validator, value: object, *, field: str) -> list[Issue]:
    """The first hundred misfits of a value that stands in `field` of a request's body."""
    found = (issue for error in validator.iter_errors(value) for issue in _issues(error, field))
    return list(islice(dict.fromkeys(found), _MAX_ISSUES))


def json_pointer(path: Sequence[str | int]) -> str:
    """A place as RFC 6901 writes it; the whole body is the empty text."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def _issues(error: jsonschema_rs.ValidationError, field: str) -> Iterator[Issue]:
    kind, facts = error.kind.name, error.kind.as_dict()
    path: Path = tuple(error.instance_path)
    if kind == "maxProperties" and not path and facts.get("limit") == 0:
        yield _issue(field, path, f"takes no {field}; leave it out", "unexpected")
    elif kind == "required":
        yield _issue(field, (*path, str(facts["property"])), "is required", kind)
    elif kind in {"additionalProperties", "unevaluatedProperties"} and facts.get("unexpected"):
        for name in cast("Sequence[str]", facts["unexpected"]):
            yield _issue(field, (*path, name), "there is no such property", kind)
    elif kind in {"anyOf", "oneOf"} and any(alternatives := _alternatives(facts)):
        yield from _union_issues(alternatives, path, field)
    else:
        yield _issue(field, path, _sentence(kind, facts), kind)


def _issue(field: str, path: Path, message: str, code: str) -> Issue:
    return Issue(".".join([field, *map(str, path)]), message, code, json_pointer([field, *path]))


def _alternatives(facts: Mapping[str, object]) -> list[list[jsonschema_rs.ValidationError]]:
    return cast("list[list[jsonschema_rs.ValidationError]]", facts.get("context") or [])


def _union_issues(alternatives: list[list[jsonschema_rs.ValidationError]], path: Path, field: str) -> Iterator[Issue]:
    alternatives = list(_flatten(alternatives, path))
    of_its_kind = [errors for errors in alternatives if not _misses_kind(errors, path)]
    if not of_its_kind:
        types = _unique(kind for errors in alternatives for error in errors for kind in _types(error))
        yield _issue(field, path, f"should be {_either(types)}", "type")
        return
    tagged = [errors for errors in of_its_kind if not _tag_misfits(errors, path)]
    if not tagged:
        yield from _tag_issues(of_its_kind, path, field)
        return
    # Who sends a value means one of the alternatives: most likely the one that it misses least.
    for error in min(tagged, key=len):
        yield from _issues(error, field)


def _flatten(
    alternatives: list[list[jsonschema_rs.ValidationError]], path: Path
) -> Iterator[list[jsonschema_rs.ValidationError]]:
    """A union inside a union, at the same place, is one union."""
    for errors in alternatives:
        if len(errors) == 1 and tuple(errors[0].instance_path) == path and errors[0].kind.name in {"anyOf", "oneOf"}:
            yield from _flatten(_alternatives(errors[0].kind.as_dict()), path)
        else:
            yield errors


def _misses_kind(errors: list[jsonschema_rs.ValidationError], path: Path) -> bool:
    return any(error.kind.name == "type" and tuple(error.instance_path) == path for error in errors)


def _types(error: jsonschema_rs.ValidationError) -> list[str]:
    return cast("list[str]", error.kind.as_dict().get("types", [])) if error.kind.name == "type" else []


def _tag_misfits(errors: list[jsonschema_rs.ValidationError], path: Path) -> list[jsonschema_rs.ValidationError]:
    """Constants directly below the union: what tells one alternative from the others."""
    return [
        error
        for error in errors
        if error.kind.name in {"const", "enum"} and tuple(error.instance_path[:-1]) == path and error.instance_path
    ]


def _tag_issues(alternatives: list[list[jsonschema_rs.ValidationError]], path: Path, field: str) -> Iterator[Issue]:
    tags: dict[Path, list[object]] = {}
    for errors in alternatives:
        for error in _tag_misfits(errors, path):
            tags.setdefault(tuple(error.instance_path), []).extend(_constants(error))
    for place, constants in tags.items():
        yield _issue(field, place, f"should be {_either(_unique(map(_show, constants)))}", "enum")


def _constants(error: jsonschema_rs.ValidationError) -> list[object]:
    facts = error.kind.as_dict()
    return cast("list[object]", facts["options"]) if "options" in facts else [facts["expected_value"]]


def _listed(facts: Mapping[str, object]) -> str:
    return _either(_unique(map(_show, cast("list[object]", facts["options"]))))


_SENTENCES: Mapping[str, Callable[[Mapping[str, object]], str]] = {
    "type": lambda facts: f"should be {_either(sorted(cast('list[str]', facts['types'])))}",
    "enum": lambda facts: f"should be {_listed(facts)}",
    "const": lambda facts: f"should be {_show(facts['expected_value'])}",
    "format": lambda facts: f"is no {facts['format']}",
    "pattern": lambda facts: f"does not match the pattern {_show(facts['pattern'])}",
    "minimum": lambda facts: f"should be at least {facts['limit']}",
    "maximum": lambda facts: f"should be at most {facts['limit']}",
    "exclusiveMinimum": lambda facts: f"should be more than {facts['limit']}",
    "exclusiveMaximum": lambda facts: f"should be less than {facts['limit']}",
    "multipleOf": lambda facts: f"should be a multiple of {facts['multiple_of']}",
    "minLength": lambda facts: f"should have at least {facts['limit']} characters",
    "maxLength": lambda facts: f"should have at most {facts['limit']} characters",
    "minItems": lambda facts: f"should have at least {facts['limit']} items",
    "maxItems": lambda facts: f"should have at most {facts['limit']} items",
    "minProperties": lambda facts: f"should have at least {facts['limit']} properties",
    "maxProperties": lambda facts: f"should have at most {facts['limit']} properties",
    "uniqueItems": lambda _: "should not hold the same item twice",
    "propertyNames": lambda _: "has a property with a name that does not fit",
    "falseSchema": lambda _: "is one too many",
    "contains": lambda _: "lacks an item that it should have",
    "oneOf": lambda _: "fits more than one of the alternatives",
}


def _sentence(kind: str, facts: Mapping[str, object]) -> str:
    told = _SENTENCES.get(kind)
    return told(facts) if told is not None else f"does not fit the schema's '{kind}'"


def _unique(texts: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _either(texts: Sequence[str]) -> str:
    shown = list(texts[:_MAX_LISTED])
    if len(texts) > _MAX_LISTED:
        shown.append(f"one of {len(texts) - _MAX_LISTED} others")
    return " or ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def _show(constant: object) -> str:
    text = repr(constant) if isinstance(constant, str) else str(constant)
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}…"
