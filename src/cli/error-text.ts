/** How errors look: one or two lines on stderr, an `error` object in JSON, an exit code. */
import { inspect } from "node:util";
import { CommanderError } from "commander";
import { BrineError } from "../errors.js";
import { remedy } from "./remedies.js";

/** Wrong use is 2, all else 1. */
export function exitCodeOf(error: unknown): number {
  return error instanceof CommanderError || (error instanceof BrineError && error.tag === "usage") ? 2 : 1;
}

/** `command` is what was typed, for the pointer to its help; `debug` adds the stack. */
export function errorText(error: unknown, command: string, debug: boolean): string {
  const lines = [`brine: ${messageOf(error)}`];
  if (exitCodeOf(error) === 2) lines.push(`see ${command} --help`);
  else if (!(error instanceof BrineError) && !debug)
    lines.push("this is a bug in brine; run the command again with --debug and report what it prints");
  if (debug) lines.push(inspect(error));
  return `${lines.join("\n")}\n`;
}

/** What `--json` prints instead of a result. */
export function errorDocument(error: unknown): { error: { kind: string; message: string } } {
  const kind = error instanceof BrineError ? error.tag : error instanceof CommanderError ? "usage" : "bug";
  return { error: { kind, message: messageOf(error) } };
}

export function messageOf(error: unknown): string {
  if (error instanceof CommanderError) return error.message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
  if (error instanceof BrineError) return error.message + remedy(error);
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
