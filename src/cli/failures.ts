/** How failed structures are told: on stderr, also with `--quiet`, and in the JSON document. */
import { label } from "../dataset/label.js";
import type { Failed } from "../workflow/each-structure.js";
import { errorDocument, messageOf } from "./error-text.js";
import type { ActionContext } from "./frame.js";

export interface FailureDocument {
  readonly source?: string;
  readonly index: number;
  readonly name?: string;
  readonly kind: string;
  readonly reason: string;
}

/** Tells why structures failed, which makes the exit code 1, and returns what the JSON document says of them. */
export function reportFailures(
  { failed }: Pick<ActionContext<unknown>, "failed">,
  failures: readonly Failed[],
): FailureDocument[] {
  if (failures.length > 0) failed(failures.map(failureText));
  return failures.map(failureDocument);
}

/** `structure 3 (ethanol): …` */
export function failureText({ name, error, ...origin }: Failed): string {
  return `structure ${label(origin)}${name === undefined ? "" : ` (${name})`}: ${messageOf(error)}`;
}

function failureDocument({ error, ...origin }: Failed): FailureDocument {
  const { kind, message } = errorDocument(error).error;
  return { ...origin, kind, reason: message };
}
