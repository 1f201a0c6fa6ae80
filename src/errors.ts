/**
 * Errors a user can act on. Everything that brine throws on purpose is a `BrineError`; anything else
 * that escapes is a bug.
 */

/** What kind of thing went wrong; the command line turns `usage` into exit code 2, all else into 1. */
export type ErrorTag =
  | "usage" // wrong arguments or settings
  | "input" // a structure, file or value that cannot be used
  | "unsupported" // well-formed, but brine does not do it
  | "not-converged" // an iteration stopped without reaching its goal
  | "mismatch" // things that do not belong together (level, species, basis, lengths)
  | "corrupt" // a file that is damaged or of another kind
  | "busy" // a file that another process holds
  | "storage" // disk full, permission, I/O
  | "aborted"; // the user stopped it

/** What can be set otherwise, by the names that the library gives it; the command line has options for it. */
export type SettingName = "level" | "fit" | "fitMetric" | "planewaveCutoff" | "farField" | "keepOrbitals";

/** What a `BrineError` carries beside its message. */
export interface ErrorOptions {
  /** Where: `water.xyz:12`, `structure 3`, `atom 7 (O)`. Shown before the message. */
  readonly where?: string;
  /** The settings that would help. */
  readonly settings?: readonly SettingName[];
  /** What would do for the setting, in the unit of the library. */
  readonly value?: number | string | null;
  /** What made it fail. */
  readonly cause?: unknown;
}

/** `message` says what is wrong and, where that helps, what to do: one or two lines. */
export class BrineError extends Error {
  /** What kind of thing went wrong. */
  readonly tag: ErrorTag;
  /** The message without the place. */
  readonly what: string;
  /** File and line, structure or atom, where that is known; the message begins with it. */
  readonly where: string | undefined;
  /** The settings that would help. */
  readonly settings: readonly SettingName[];
  /** What would do for the setting, in the unit of the library; undefined where that is not known. */
  readonly value: number | string | null | undefined;

  constructor(tag: ErrorTag, message: string, options: ErrorOptions = {}) {
    super(
      options.where === undefined ? message : `${options.where}: ${message}`,
      options.cause === undefined ? {} : { cause: options.cause },
    );
    this.name = "BrineError";
    this.tag = tag;
    this.what = message;
    this.where = options.where;
    this.settings = options.settings ?? [];
    this.value = options.value;
  }
}

/** True for an error that brine threw on purpose, optionally of one kind. */
export function isBrineError(error: unknown, tag?: ErrorTag): error is BrineError {
  return error instanceof BrineError && (tag === undefined || error.tag === tag);
}

/** An error with the place put before its message (a structure index, a file), all else kept. */
export function locate(error: unknown, where: string): BrineError {
  if (error instanceof BrineError) {
    const { tag, message, settings, value, cause } = error;
    return new BrineError(tag, message, { where, settings, ...(value === undefined ? {} : { value }), cause });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new BrineError("input", message, { where, cause: error });
}
