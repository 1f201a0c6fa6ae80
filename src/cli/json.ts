/** JSON in pieces, for documents that need not fit into memory. */
import { plainJson } from "../canonical-json.js";

/** The text of `document` on one line; rows that are made as they are asked for are written one by one. */
export function* jsonChunks(document: unknown): Generator<string> {
  if (isLazy(document)) {
    let separator = "[";
    for (const element of document) {
      yield separator + plainJson(element);
      separator = ",";
    }
    yield separator === "[" ? "[]" : "]";
  } else if (hasLazy(document)) {
    let separator = "{";
    for (const [key, value] of Object.entries(document)) {
      if (value === undefined) continue;
      yield `${separator}${JSON.stringify(key)}:`;
      yield* jsonChunks(value);
      separator = ",";
    }
    yield "}";
  } else yield plainJson(document);
}

function isLazy(value: unknown): value is Iterable<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    Symbol.iterator in value &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value)
  );
}

function hasLazy(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).some(isLazy);
}
