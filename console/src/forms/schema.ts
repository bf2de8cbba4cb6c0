// What a JSON Schema asks a person for: one shape for each of the ways in which a value is given.

import { isObject, type Json, sameJson } from "../json/digits.ts";
import { boundsOf, countOf, isReference, type Keywords, keywordsOf, lastPart, listOf, NO_KEYWORDS, textOf } from "./keywords.ts";
import type { Branch, Common, ListShape, Place, Schema, Shape } from "./shapes.ts";

const known = new WeakMap<object, WeakMap<object, Shape>>();

/** The shape of a part; of the same part always the same object. */
export function shapeOf(place: Place): Shape {
  if (typeof place.schema === "boolean" || typeof place.root === "boolean") return makeShape(place);
  let shapes = known.get(place.root);
  if (shapes === undefined) known.set(place.root, (shapes = new WeakMap()));
  let shape = shapes.get(place.schema);
  if (shape === undefined) shapes.set(place.schema, (shape = makeShape(place)));
  return shape;
}

function makeShape(place: Place): Shape {
  const keywords = keywordsOf(place);
  const own = isObject(place.schema) ? place.schema : NO_KEYWORDS;
  return shapeFrom(keywords, place.root, commonOf(keywords, own));
}

function commonOf(keywords: Keywords, own: Keywords): Common {
  return {
    // A model's title names the model; the field that holds it has a title of its own, beside the reference.
    title: textOf("$ref" in own || "anyOf" in own || "oneOf" in own ? own.title : keywords.title),
    description: textOf(keywords.description),
    fallback: "default" in keywords ? keywords.default : undefined,
    nullable: false,
    secret: keywords.writeOnly === true || keywords.format === "password",
    deprecated: keywords.deprecated === true,
    examples: listOf(keywords.examples),
  };
}

function shapeFrom(keywords: Keywords, root: Schema, common: Common): Shape {
  if ("const" in keywords) return { ...common, kind: "constant", value: keywords.const as Json };
  if (Array.isArray(keywords.enum)) return choice(keywords.enum, common);
  for (const word of ["oneOf", "anyOf"]) {
    if (Array.isArray(keywords[word])) return unionShape(keywords, keywords[word] as unknown as Schema[], root, common);
  }
  if (Array.isArray(keywords.type)) {
    const each = keywords.type.map((type) => ({
      ...keywords,
      type,
      default: undefined as unknown as Json,
      title: undefined as unknown as Json,
    }));
    return unionShape(keywords, each as unknown as Schema[], root, common);
  }
  switch (keywords.type) {
    case "string":
      return textShape(keywords, common);
    case "integer":
    case "number":
      return { ...common, kind: "number", integer: keywords.type === "integer", decimal: false, bounds: boundsOf(keywords) };
    case "boolean":
    case "null":
      return { ...common, kind: keywords.type };
    case "array":
      return listShape(keywords, root, common);
    case "object":
      return keywords.maxProperties === 0 ? { ...common, kind: "null" } : objectShape(keywords, root, common);
    default:
      return isObject(keywords.properties) ? objectShape(keywords, root, common) : { ...common, kind: "json" };
  }
}

function choice(options: readonly Json[], common: Common): Shape {
  const values = options.filter((option) => option !== null);
  const [only] = values;
  if (only !== undefined && options.length === 1) return { ...common, kind: "constant", value: only };
  return { ...common, kind: "choice", options: values, nullable: values.length < options.length };
}

function unionShape(keywords: Keywords, options: readonly Schema[], root: Schema, common: Common): Shape {
  const places = options.map((schema) => ({ schema, root }));
  const others = places.filter((place) => keywordsOf(place).type !== "null");
  const nullable = others.length < places.length;
  const [only] = others;
  if (only === undefined) return { ...common, kind: "null" };
  if (others.length === 1) {
    const inner = shapeOf(only);
    return {
      ...inner,
      nullable: nullable || inner.nullable,
      title: common.title ?? (isReference(only) ? undefined : inner.title),
      description: common.description ?? inner.description,
      fallback: common.fallback !== undefined ? common.fallback : inner.fallback,
      secret: common.secret || inner.secret,
      deprecated: common.deprecated || inner.deprecated,
    };
  }
  const decimal = decimalShape(others, common, nullable);
  if (decimal !== undefined) return decimal;
  const discriminator = isObject(keywords.discriminator) ? textOf(keywords.discriminator.propertyName) : undefined;
  const tag = discriminator ?? commonTag(others);
  const branches = others.flatMap((place) => branchesOf(place, tag));
  return { ...common, kind: "union", nullable, tag, branches };
}

/** Of a union inside a union, its branches: a person chooses once. */
function branchesOf(place: Place, tag: string | undefined): Branch[] {
  const keywords = keywordsOf(place);
  const inner = keywords.oneOf ?? keywords.anyOf;
  if (Array.isArray(inner)) {
    const shape = shapeOf(place);
    if (shape.kind === "union" && !shape.nullable && (tag === undefined || shape.tag === tag)) return [...shape.branches];
  }
  const tags = tag === undefined ? [] : tagsOf(place, tag);
  return [{ place, tags, title: branchTitle(place, tags[0]) }];
}

function tagsOf(place: Place, tag: string): readonly Json[] {
  const properties = keywordsOf(place).properties;
  const schema = isObject(properties) ? properties[tag] : undefined;
  if (!isObject(schema)) return [];
  const keywords = keywordsOf({ schema, root: place.root });
  if ("const" in keywords) return [keywords.const as Json];
  return listOf(keywords.enum);
}

/** A property that is another constant in each of the branches: a tag that nobody declared as one. */
function commonTag(places: readonly Place[]): string | undefined {
  const properties = keywordsOf(places[0] as Place).properties;
  if (!isObject(properties)) return undefined;
  return Object.keys(properties).find((name) => {
    const tags = places.map((place) => {
      const each = keywordsOf(place).properties;
      const schema = isObject(each) ? each[name] : undefined;
      return isObject(schema) ? keywordsOf({ schema, root: place.root }).const : undefined;
    });
    return tags.every((tag, at) => tag !== undefined && tags.findIndex((other) => sameJson(other, tag)) === at);
  });
}

function branchTitle(place: Place, tag: Json | undefined): string {
  const keywords = keywordsOf(place);
  const title = textOf(keywords.title);
  if (title !== undefined) return title;
  if (tag !== undefined && tag !== null) return typeof tag === "string" ? tag : JSON.stringify(tag);
  if (isReference(place)) return lastPart(String((place.schema as Keywords).$ref));
  return kindWord(shapeOf(place));
}

/** What a value of a shape is called. */
export function kindWord(shape: Shape): string {
  switch (shape.kind) {
    case "text":
      return shape.secret ? "secret" : (shape.format ?? "text");
    case "number":
      return shape.integer ? "whole number" : shape.decimal ? "decimal" : "number";
    case "boolean":
      return "yes or no";
    case "list": {
      if (shape.first.length > 0) return "tuple";
      const item = itemWord(shape);
      return item === "" ? "list" : `list of ${item}`;
    }
    case "dict":
      return "map";
    case "object":
      return "object";
    case "constant":
      return typeof shape.value === "string" ? shape.value : JSON.stringify(shape.value);
    case "choice":
      return "choice";
    case "union":
      return shape.branches.map((branch) => branch.title).join(" or ");
    case "null":
      return "nothing";
    case "json":
      return "any JSON";
  }
}

const PLURALS: { readonly [word: string]: string } = { "yes or no": "yes or no", choice: "choices", "any JSON": "any JSON" };

/** What the items of a list are called, of many. */
export function itemWord(shape: ListShape): string {
  if (shape.rest === undefined) return "";
  const inner = shapeOf(shape.rest);
  const title = textOf(keywordsOf(shape.rest).title);
  const word = inner.kind === "object" && title !== undefined ? title : kindWord(inner);
  return PLURALS[word] ?? (word.includes(" or ") || word.startsWith("list of ") ? word : `${word}s`);
}

/**
 * `Decimal` is published as a number or a text, and so is `float | str`: typed-in numbers are sent as such where no digit
 * is lost, and as text elsewhere.
 */
function decimalShape(places: readonly Place[], common: Common, nullable: boolean): Shape | undefined {
  const [number, text, ...more] = places.map(keywordsOf);
  if (number?.type !== "number" || text?.type !== "string" || more.length > 0) return undefined;
  if ("enum" in text || "const" in text || "format" in text) return undefined;
  return { ...common, kind: "number", integer: false, decimal: true, bounds: boundsOf(number), nullable };
}

function textShape(keywords: Keywords, common: Common): Shape {
  return {
    ...common,
    kind: "text",
    format: textOf(keywords.format) ?? (textOf(keywords.contentEncoding) === undefined ? undefined : "base64"),
    minLength: countOf(keywords.minLength),
    maxLength: countOf(keywords.maxLength),
    pattern: textOf(keywords.pattern),
  };
}

function listShape(keywords: Keywords, root: Schema, common: Common): Shape {
  const first = listOf(keywords.prefixItems).map((schema) => ({ schema: schema as Schema, root }));
  const most = countOf(keywords.maxItems);
  const open = keywords.items !== false && (most === undefined || most > first.length);
  return {
    ...common,
    kind: "list",
    first,
    rest: open ? { schema: (keywords.items as Schema | undefined) ?? true, root } : undefined,
    least: countOf(keywords.minItems) ?? 0,
    most,
    unique: keywords.uniqueItems === true,
  };
}

function objectShape(keywords: Keywords, root: Schema, common: Common): Shape {
  const properties = isObject(keywords.properties) ? keywords.properties : {};
  const required = listOf(keywords.required);
  const beyond = keywords.additionalProperties;
  const names = new Set([...Object.keys(properties), ...required.filter((name) => typeof name === "string")]);
  if (names.size === 0 && keywords.maxProperties !== 0 && beyond !== false) {
    const [patterns] = isObject(keywords.patternProperties) ? Object.entries(keywords.patternProperties) : [];
    const keys = keywords.propertyNames ?? (patterns === undefined ? undefined : { type: "string", pattern: patterns[0] });
    const values = (patterns?.[1] ?? beyond ?? true) as Schema;
    return {
      ...common,
      kind: "dict",
      keys: keys === undefined ? undefined : { schema: keys as Schema, root },
      values: { schema: values, root },
    };
  }
  return {
    ...common,
    kind: "object",
    members: [...names].map((name) => ({
      name,
      required: required.includes(name),
      place: { schema: (Object.hasOwn(properties, name) ? properties[name] : true) as Schema, root },
    })),
    others: beyond === undefined || beyond === false ? undefined : { schema: beyond as Schema, root },
    closed: beyond === false,
  };
}
