import { readFileSync } from "node:fs";
import type { Place, Schema } from "../../src/forms/shapes.ts";
import { type Json, parseJson } from "../../src/json/digits.ts";

export interface Case {
  readonly name: string;
  readonly place: Place;
  readonly values: readonly Json[];
}

const FILE = new URL("../fixtures/schemas.json", import.meta.url);

export const CASES: readonly Case[] = (
  parseJson(readFileSync(FILE, "utf8")) as unknown as { name: string; schema: Schema; values: Json[] }[]
).map(({ name, schema, values }) => ({ name, values, place: { schema, root: schema } }));

export function caseOf(name: string): Case {
  const found = CASES.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}
