"""Schemas that admit what pydantic's validation admits, where pydantic's own are narrower."""

from __future__ import annotations

from typing import cast

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema


class AdmittingJsonSchema(GenerateJsonSchema):
    """Keys of objects are texts, whatever type they are parsed as; a field stands under each of its aliases."""

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        published = super().dict_schema(schema)
        keys = schema.get("keys_schema")
        if self.mode == "validation" and keys is not None and keys["type"] == "enum":
            values = [cast("object", member.value) for member in keys["members"]]
            if not all(isinstance(value, str) for value in values):
                published["propertyNames"] = {"enum": [str(value) for value in values]}
        return published

    def model_fields_schema(self, schema: core_schema.ModelFieldsSchema) -> JsonSchemaValue:
        published = super().model_fields_schema(schema)
        if self.mode == "validation":
            for name, field in schema["fields"].items():
                alias = field.get("validation_alias")
                if isinstance(alias, list):
                    _open(published, name, alias)
        return published


def _open(published: JsonSchemaValue, name: str, alias: list[list[str | int]] | list[str | int]) -> None:
    """Replace what pydantic publishes for a field by all its aliases: any of them may be sent."""
    paths = [path if isinstance(path, list) else [path] for path in alias]
    if not isinstance(alias[0], list):
        paths = [cast("list[str | int]", alias)]
    shown = next((str(path[0]) for path in paths if len(path) == 1), name)
    properties = cast("dict[str, object]", published["properties"])
    required = cast("list[str]", published.get("required", []))
    if shown == name and [name] not in paths:
        properties.pop(name, None)
    for path in paths:
        properties.setdefault(str(path[0]), {})
    if shown in required:
        published["required"] = [other for other in required if other != shown]
        heads = list(dict.fromkeys(str(path[0]) for path in paths))
        published.setdefault("allOf", []).append({"anyOf": [{"required": [head]} for head in heads]})
