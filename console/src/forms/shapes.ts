// The ways in which a value is asked of a person.

import type { Json } from "../json/digits.ts";

/** A part of a schema as it was published. */
export type Schema = boolean | { readonly [key: string]: Json };
/** A part together with the schema that its references point into. */
export interface Place {
  readonly schema: Schema;
  readonly root: Schema;
}

export interface Common {
  readonly title: string | undefined;
  readonly description: string | undefined;
  /** What the worker takes where nothing is sent; undefined where there is none. */
  readonly fallback: Json | undefined;
  readonly nullable: boolean;
  readonly secret: boolean;
  readonly deprecated: boolean;
  readonly examples: readonly Json[];
}
export interface Member {
  readonly name: string;
  readonly required: boolean;
  readonly place: Place;
}
export interface Branch {
  readonly title: string;
  readonly place: Place;
  /** The values of the tag that mean this branch. */
  readonly tags: readonly Json[];
}
export interface TextShape extends Common {
  readonly kind: "text";
  readonly format: string | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly pattern: string | undefined;
}
export interface NumberShape extends Common {
  readonly kind: "number";
  readonly integer: boolean;
  /** A number, or a text that keeps `12.30` as it is: what `Decimal` takes. */
  readonly decimal: boolean;
  readonly bounds: string;
}
export interface ObjectShape extends Common {
  readonly kind: "object";
  readonly members: readonly Member[];
  /** Members beyond those that are named: undefined where the schema says nothing of them. */
  readonly others: Place | undefined;
  readonly closed: boolean;
}
export interface DictShape extends Common {
  readonly kind: "dict";
  readonly keys: Place | undefined;
  readonly values: Place;
}
export interface ListShape extends Common {
  readonly kind: "list";
  readonly first: readonly Place[];
  /** What follows the first ones; undefined where nothing may. */
  readonly rest: Place | undefined;
  readonly least: number;
  readonly most: number | undefined;
  readonly unique: boolean;
}
export interface UnionShape extends Common {
  readonly kind: "union";
  readonly tag: string | undefined;
  readonly branches: readonly Branch[];
}
export interface ChoiceShape extends Common {
  readonly kind: "choice";
  readonly options: readonly Json[];
}
export interface ConstantShape extends Common {
  readonly kind: "constant";
  readonly value: Json;
}
export interface PlainShape extends Common {
  readonly kind: "boolean" | "null" | "json";
}
export type Shape = TextShape | NumberShape | ObjectShape | DictShape | ListShape | UnionShape | ChoiceShape | ConstantShape | PlainShape;
