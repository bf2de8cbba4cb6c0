// Inputs of values that hold others: objects, lists, maps, unions.

import { useRef, useState } from "preact/hooks";
import { isObject, type Json, type JsonObject, sameJson, writeJson } from "../../json/digits.ts";
import { withMember } from "../../json/pointer.ts";
import { type ControlProps, useField } from "../context.ts";
import { Control, Field } from "../form.tsx";
import { branchOf, itemPlace } from "../parts.ts";
import { kindWord, shapeOf } from "../schema.ts";
import { seedBranch, seedItem } from "../seed.ts";
import type { DictShape, ListShape, ObjectShape, UnionShape } from "../shapes.ts";
import { DictInput } from "./dict.tsx";

type Props<S> = ControlProps & { readonly shape: S };

/** `hidden` names a tag that a choice above has given already. */
export function ObjectInput({ shape, place, path, value, onChange, named, hidden }: Props<ObjectShape> & { hidden?: string | undefined }) {
  const object = isObject(value) ? value : {};
  const known = new Set(shape.members.map((member) => member.name));
  const others = Object.keys(object).filter((key) => !known.has(key));
  const shown = shape.members.filter((member) => member.name !== hidden || shapeOf(member.place).kind !== "constant");
  const set = (name: string, part: Json | undefined) => onChange(withMember(object, name, part));
  return (
    <div class="fields">
      {shown.map((member) => (
        <Field
          key={member.name}
          name={member.name}
          required={member.required}
          place={member.place}
          path={[...path, member.name]}
          value={Object.hasOwn(object, member.name) ? object[member.name] : undefined}
          onChange={(part) => set(member.name, part)}
        />
      ))}
      {shown.length === 0 && shape.others === undefined && <p class="hint">There is nothing to fill in.</p>}
      {shape.others !== undefined && (
        <OtherMembers shape={shape} place={place} path={path} named={named} object={object} known={known} onChange={onChange} />
      )}
      {shape.others === undefined &&
        others.map((key) => (
          <ForeignMember key={key} name={key} value={object[key] as Json} path={path} onRemove={() => set(key, undefined)} />
        ))}
    </div>
  );
}

interface OtherProps extends Omit<ControlProps, "value"> {
  readonly shape: ObjectShape;
  readonly object: JsonObject;
  readonly known: ReadonlySet<string>;
}

/** Members that the schema admits without naming them. */
function OtherMembers({ shape, place, path, object, known, onChange, named }: OtherProps) {
  const own = Object.fromEntries(Object.entries(object).filter(([key]) => known.has(key)));
  const rest = Object.fromEntries(Object.entries(object).filter(([key]) => !known.has(key)));
  const dict: DictShape = { ...shape, kind: "dict", keys: undefined, values: shape.others ?? { ...place, schema: true } };
  return (
    <div class="others">
      <p class="hint">Other fields</p>
      <DictInput
        shape={dict}
        place={place}
        path={path}
        named={named}
        taken={known}
        value={rest}
        onChange={(value) => onChange({ ...own, ...(isObject(value) ? value : {}) })}
      />
    </div>
  );
}

/** A member that the schema does not know, and that would be sent all the same. */
function ForeignMember({ name, value, path, onRemove }: { name: string; value: Json; path: ControlProps["path"]; onRemove: () => void }) {
  const { faults } = useField([...path, name]);
  return (
    <div class="field is-foreign">
      <span class="label mono">{name}</span>
      <div class="control">
        <code class="preview">{writeJson(value, "compact").slice(0, 200)}</code>
        <p class="hint">The schema does not name it; it is sent as it stands.</p>
        {faults.map((fault) => (
          <p key={fault} class="fault">
            {fault}
          </p>
        ))}
      </div>
      <span class="field-tools">
        <button type="button" class="quiet" aria-label={`Remove ${name}`} onClick={onRemove}>
          ×
        </button>
      </span>
    </div>
  );
}

const SHOWN = 50;

export function ListInput({ shape, path, value, onChange }: Props<ListShape>) {
  const [shown, setShown] = useState(SHOWN);
  const items = Array.isArray(value) ? value : [];
  const next = itemPlace(shape, items.length);
  const fixed = shape.first.length;
  const swap = (a: number, b: number) => onChange(items.map((item, at) => (at === a ? items[b] : at === b ? items[a] : item) as Json));
  return (
    <div class="items">
      {items.slice(0, shown).map((item, at) => (
        // Items have no identity of their own: their place is what faults and labels go by.
        <div class="item" key={at}>
          <Field
            name={String(at)}
            label={`${at + 1}`}
            required
            place={itemPlace(shape, at) ?? { schema: true, root: true }}
            path={[...path, at]}
            value={item}
            onChange={(part) => onChange(items.map((each, index) => (index === at ? (part ?? null) : each)))}
          />
          {at >= fixed && (
            <span class="item-tools">
              <button
                type="button"
                class="quiet"
                disabled={at === fixed}
                aria-label={`Move item ${at + 1} up`}
                onClick={() => swap(at, at - 1)}
              >
                ↑
              </button>
              <button
                type="button"
                class="quiet"
                disabled={at === items.length - 1}
                aria-label={`Move item ${at + 1} down`}
                onClick={() => swap(at, at + 1)}
              >
                ↓
              </button>
              <button
                type="button"
                class="quiet"
                aria-label={`Remove item ${at + 1}`}
                onClick={() => onChange(items.filter((_, index) => index !== at))}
              >
                ×
              </button>
            </span>
          )}
        </div>
      ))}
      {items.length > shown && (
        <button type="button" class="quiet" onClick={() => setShown(shown + SHOWN)}>
          Show {Math.min(SHOWN, items.length - shown)} more of {items.length}
        </button>
      )}
      {next !== undefined && (shape.most === undefined || items.length < shape.most) && (
        <button
          type="button"
          class="add"
          onClick={() => {
            setShown(Math.max(shown, items.length + 1));
            onChange([...items, seedItem(next)]);
          }}
        >
          + Add {items.length < fixed ? `item ${items.length + 1}` : "item"}
        </button>
      )}
    </div>
  );
}

const MAX_SEGMENTS = 6;

export function UnionInput({ shape, path, value, onChange, named }: Props<UnionShape>) {
  const { id } = useField(path);
  const [chosen, setChosen] = useState<number>();
  const given = useRef<Json | undefined>(undefined);
  // What was typed into a branch belongs to it, also while it does not fit yet.
  const isOwn = chosen !== undefined && (value === undefined || value === null || sameJson(given.current, value));
  const at = isOwn ? chosen : value === null ? undefined : branchOf(shape, value);
  const branch = at === undefined ? undefined : shape.branches[at];
  const give = (part: Json | undefined) => {
    given.current = part;
    onChange(part);
  };
  const choose = (index: number) => {
    const picked = shape.branches[index];
    if (picked === undefined) return;
    setChosen(index);
    give(kept(picked, seedBranch(picked, shape.tag), value));
  };
  return (
    <div class="union">
      {shape.branches.length <= MAX_SEGMENTS ? (
        <span class="segments" role="radiogroup" {...named}>
          {shape.branches.map(({ title }, index) => (
            <label key={title} class="segment">
              <input
                type="radio"
                name={`${id}:branch`}
                id={index === 0 ? `${id}:input` : undefined}
                checked={index === at}
                onChange={() => choose(index)}
              />
              <span>{title}</span>
            </label>
          ))}
        </span>
      ) : (
        <select
          class="input"
          id={`${id}:input`}
          {...named}
          value={String(at ?? -1)}
          onChange={(event) => choose(Number(event.currentTarget.value))}
        >
          <option value="-1">Choose…</option>
          {shape.branches.map(({ title }, index) => (
            <option key={title} value={String(index)}>
              {title}
            </option>
          ))}
        </select>
      )}
      {branch !== undefined && (
        <div class="branch">
          <Control place={branch.place} path={path} value={value} onChange={give} named={named} hidden={shape.tag} />
        </div>
      )}
      {branch === undefined && value !== undefined && value !== null && <p class="hint">This value is none of these; see it as JSON.</p>}
    </div>
  );
}

/** Of what was filled in before, what the newly chosen branch has too. */
function kept(picked: UnionShape["branches"][number], seed: Json | undefined, before: Json | undefined): Json | undefined {
  const shape = shapeOf(picked.place);
  if (shape.kind !== "object" || !isObject(seed) || !isObject(before)) return seed;
  const shared = shape.members.filter((member) => {
    const part = before[member.name];
    return part !== undefined && !Object.hasOwn(seed, member.name) && kindWord(shapeOf(member.place)) === typeWord(part);
  });
  return shared.reduce<JsonObject>((value, { name }) => withMember(value, name, before[name]), seed);
}

function typeWord(value: Json): string | undefined {
  return typeof value === "string" ? "text" : typeof value === "boolean" ? "yes or no" : undefined;
}
