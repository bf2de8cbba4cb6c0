// What a field takes, in few words.

import { itemWord } from "./schema.ts";
import type { Shape } from "./shapes.ts";

const FORMATS: { readonly [format: string]: string } = {
  duration: "ISO 8601 duration, such as PT1H30M",
  time: "hours, minutes, seconds, such as 10:30:00",
  uuid: "UUID",
  uri: "address with its scheme",
  email: "e-mail address",
  base64: "base64",
  base64url: "base64",
  binary: "base64",
  ipv4: "IPv4 address",
  ipv6: "IPv6 address",
};

export function hintOf(shape: Shape): string | undefined {
  const parts = partsOf(shape).filter((part) => part !== "");
  return parts.length > 0 ? parts.join(", ") : undefined;
}

function partsOf(shape: Shape): string[] {
  const examples = shape.examples.slice(0, 3).map((example) => (typeof example === "string" ? example : JSON.stringify(example)));
  const example = examples.length > 0 && !shape.secret ? `such as ${examples.join(", ")}` : "";
  switch (shape.kind) {
    case "text": {
      const format =
        shape.format === undefined || shape.secret ? "" : (FORMATS[shape.format] ?? (/^date/.test(shape.format) ? "" : shape.format));
      return [
        format,
        lengthOf(shape.minLength, shape.maxLength, "character"),
        shape.pattern === undefined ? "" : `pattern ${shape.pattern}`,
        example,
      ];
    }
    case "number":
      return [shape.decimal ? "all digits are kept" : "", shape.bounds, example];
    case "list": {
      const item = shape.first.length > 0 ? "" : itemWord(shape);
      const fixed = shape.first.length > 0 && shape.rest === undefined;
      return [
        item === "" ? "" : `list of ${item}`,
        fixed ? "" : lengthOf(shape.least || undefined, shape.most, "item"),
        shape.unique ? "no item twice" : "",
      ];
    }
    case "json":
      return ["any JSON", example];
    default:
      return [example];
  }
}

export function lengthOf(least: number | undefined, most: number | undefined, word: string): string {
  const plural = (count: number) => `${count} ${word}${count === 1 ? "" : "s"}`;
  if (least !== undefined && most !== undefined) return least === most ? plural(least) : `${least} to ${plural(most)}`;
  if (least !== undefined) return `at least ${plural(least)}`;
  return most === undefined ? "" : `at most ${plural(most)}`;
}
