// Reads `{schema, value}` a line, fills the schema's form with the value, and writes what the form would send.

import { createInterface } from "node:readline";
import type { Schema } from "../../src/forms/shapes.ts";
import { type Json, parseJson, writeJson } from "../../src/json/digits.ts";
import { fill } from "./fill.ts";

for await (const line of createInterface({ input: process.stdin })) {
  const { schema, value } = parseJson(line) as unknown as { schema: Schema; value: Json };
  try {
    const sent = fill({ schema, root: schema }, value);
    process.stdout.write(`${writeJson({ sent }, "compact")}\n`);
  } catch (error) {
    process.stdout.write(`${writeJson({ fault: String(error) }, "compact")}\n`);
  }
}
