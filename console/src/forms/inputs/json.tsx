// A value as JSON text: where a schema says nothing of it, and the other view of every form.

import { useState } from "preact/hooks";
import { type Json, parseJson, sameJson, writeJson } from "../../json/digits.ts";
import { type ControlProps, described, useField } from "../context.ts";

export interface JsonText {
  readonly text: string;
  readonly fault: string | undefined;
  readonly write: (text: string) => void;
}

/** Text and value side by side: text that is no JSON is kept as it stands, and the value stays what it was. */
export function useJsonText(value: Json | undefined, onChange: (value: Json | undefined) => void): JsonText {
  const [typed, setTyped] = useState<{ text: string; value: Json | undefined; fault: string | undefined }>();
  const isCurrent = typed !== undefined && sameJson(typed.value, value);
  return {
    text: isCurrent ? typed.text : writeJson(value),
    fault: isCurrent ? typed.fault : undefined,
    write: (text) => {
      const read = readJson(text);
      setTyped({ text, fault: read.fault, value: read.fault === undefined ? read.value : value });
      if (read.fault === undefined) onChange(read.value);
    },
  };
}

function readJson(text: string): { value: Json | undefined; fault: string | undefined } {
  if (text.trim() === "") return { value: undefined, fault: undefined };
  try {
    return { value: parseJson(text), fault: undefined };
  } catch (error) {
    return { value: undefined, fault: error instanceof Error ? error.message : String(error) };
  }
}

export function JsonInput({ path, value, onChange, named, placeholder }: ControlProps & { placeholder?: string | undefined }) {
  const { id, faults } = useField(path);
  const { text, fault, write } = useJsonText(value, onChange);
  return (
    <>
      <textarea
        class="input mono"
        rows={1}
        spellcheck={false}
        autocomplete="off"
        {...described(id, named, fault === undefined ? faults : [fault])}
        value={text}
        placeholder={placeholder ?? 'JSON, such as "text", 17 or {"a": 1}'}
        onInput={(event) => write(event.currentTarget.value)}
      />
      {fault !== undefined && (
        <p class="fault" id={`${id}:json-fault`}>
          This is no JSON yet: {fault}
        </p>
      )}
    </>
  );
}
