// The same call for a terminal and for a program.

import { isNumber, isObject, type Json, numberText, writeJson } from "../json/digits.ts";

export interface StartCall {
  readonly origin: string;
  readonly needsToken: boolean;
  readonly workflowName: string;
  readonly input: Json | undefined;
  readonly workflowId: string;
  readonly conflictPolicy: string;
}
export interface MessageCall {
  readonly origin: string;
  readonly needsToken: boolean;
  readonly workflowId: string;
  readonly kind: "signal" | "query" | "update" | "feedback";
  readonly name: string;
  readonly payload: Json | undefined;
}
export interface Calls {
  readonly curl: string;
  readonly cli: string;
  readonly python: string;
}

export function startCalls(call: StartCall): Calls {
  const { workflowName, input, workflowId, conflictPolicy } = call;
  const body: { [key: string]: Json } = { workflowName };
  if (input !== undefined) body.input = input;
  if (workflowId !== "") body.workflowId = workflowId;
  if (conflictPolicy !== "fail") body.conflictPolicy = conflictPolicy;
  const words = ["output workflow start", shellWord(workflowName)];
  if (input !== undefined) words.push("--input", shellWord(writeJson(input, "compact")));
  if (workflowId !== "") words.push("--workflow-id", shellWord(workflowId));
  if (conflictPolicy !== "fail") words.push("--if-running", conflictPolicy);
  const given = [JSON.stringify(workflowName)];
  if (input !== undefined) given.push(pythonLiteral(input, 8));
  if (workflowId !== "") given.push(`workflow_id=${pythonText(workflowId)}`);
  if (conflictPolicy !== "fail") given.push(`conflict_policy=${pythonText(conflictPolicy)}`);
  return {
    curl: curl(call, "/workflow/start", body),
    cli: words.join(" "),
    python: python(call.origin, `run = await client.start(${given.join(", ")})`),
  };
}

export function messageCalls(call: MessageCall): Calls {
  const { workflowId, kind, name, payload } = call;
  const path = `/workflow/${encodeURIComponent(workflowId)}/${kind}${kind === "feedback" ? "" : `/${encodeURIComponent(name)}`}`;
  const words = ["output workflow", kind, shellWord(workflowId), ...(kind === "feedback" ? [] : [shellWord(name)])];
  if (payload !== undefined) words.push("--payload", shellWord(writeJson(payload, "compact")));
  const given = [workflowId, ...(kind === "feedback" ? [] : [name])].map(pythonText);
  if (payload !== undefined) given.push(pythonLiteral(payload, 8));
  const result = kind === "query" || kind === "update" ? "result = " : "";
  return {
    curl: curl(call, path, payload === undefined ? {} : { payload }),
    cli: words.join(" "),
    python: python(call.origin, `${result}await client.runs.${kind}(${given.join(", ")})`),
  };
}

function curl(call: { origin: string; needsToken: boolean }, path: string, body: Json): string {
  const lines = [`curl -fsS ${shellWord(call.origin + path)} \\`, "  -H 'Content-Type: application/json' \\"];
  if (call.needsToken) lines.push('  -H "Authorization: Bearer $OUTPUT_API_AUTH_TOKEN" \\');
  lines.push(`  -d ${shellQuoted(writeJson(body, "compact"))}`);
  return lines.join("\n");
}

function python(origin: string, call: string): string {
  return `from output.client import Client\n\nasync with Client(${pythonText(origin)}) as client:\n    ${call}\n`;
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : shellQuoted(text);
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function pythonText(text: string): string {
  return JSON.stringify(text);
}

/** A value as Python writes it, broken into lines where it is long. */
export function pythonLiteral(value: Json, indent = 4): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return pythonText(value);
  if (isNumber(value)) return numberText(value);
  const parts = Array.isArray(value)
    ? value.map((item) => pythonLiteral(item, indent + 4))
    : Object.entries(value).map(([key, item]) => `${pythonText(key)}: ${pythonLiteral(item, indent + 4)}`);
  const [open, close] = isObject(value) ? ["{", "}"] : ["[", "]"];
  const line = `${open}${parts.join(", ")}${close}`;
  if (line.length <= 72 && !line.includes("\n")) return line;
  const pad = " ".repeat(indent);
  return `${open}\n${parts.map((part) => `${pad}${part},\n`).join("")}${" ".repeat(indent - 4)}${close}`;
}
