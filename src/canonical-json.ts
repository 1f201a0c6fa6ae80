/** JSON with one spelling for one content, so that contents can be compared and hashed as text. */
import { BrineError } from "./errors.js";

/**
 * JSON with the keys of every object sorted, absent values left out and −0 written as 0. Throws `input`
 * for NaN and infinities, which plain JSON would turn into null.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value))
    throw new BrineError("input", `${value} cannot be written as JSON`);
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
}

const texts = new WeakMap<object, string>();

/** Whether two values have the same content. What is compared must not change afterwards: its text is remembered. */
export function sameContent(a: unknown, b: unknown): boolean {
  return a === b || rememberedJson(a) === rememberedJson(b);
}

function rememberedJson(value: unknown): string {
  if (value === null || typeof value !== "object") return canonicalJson(value);
  let text = texts.get(value);
  if (text === undefined) texts.set(value, (text = canonicalJson(value)));
  return text;
}

/** JSON on one line, typed arrays as plain ones. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    ArrayBuffer.isView(item) ? Array.from(item as Float64Array) : item,
  );
}
