/** Option values from text, for commander's `.option(flags, description, parser)`; errors name option and value. */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { parseLabels } from "../dataset/label.js";
import { BrineError, locate } from "../errors.js";
import { atomicNumber } from "../structure/elements.js";

function wrong(option: string, value: string, expected: string): BrineError {
  return new BrineError("usage", `expected ${expected}, found "${value}"`, { where: option });
}

/** A number above 0 (`orZero`: or 0). */
export function positive(option: string, orZero = false): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!Number.isFinite(value) || value < 0 || (value === 0 && !orZero))
      throw wrong(option, text, orZero ? "a number, 0 or more" : "a number above 0");
    return value;
  };
}

/** A number from 0 up to, but not including, 1. */
export function share(option: string): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!(value >= 0 && value < 1)) throw wrong(option, text, "a number from 0 to below 1");
    return value;
  };
}

/** Any whole number, such as a charge. */
export function integer(option: string): (text: string) => number {
  return (text) => {
    if (!/^[+-]?\d+$/.test(text.trim())) throw wrong(option, text, "a whole number");
    return Number(text);
  };
}

/** A whole number from `least` to `most`. */
export function count(option: string, least = 1, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most))
      throw wrong(
        option,
        text,
        most === Number.MAX_SAFE_INTEGER
          ? `a whole number, ${least} or more`
          : `a whole number from ${least} to ${most}`,
      );
    return value;
  };
}

/** One of a few words. */
export function oneOf<Word extends string>(option: string, words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found === undefined)
      throw wrong(
        option,
        text,
        words.length === 1 ? words[0] : `${words.slice(0, -1).join(", ")} or ${words[words.length - 1]}`,
      );
    return found;
  };
}

/** `0,7-12,water.xyz:3,key:3fa9c1` → the labels of structures of a dataset. */
export function labels(option: string): (text: string) => string[] {
  return (text) => {
    try {
      return text.split(",").flatMap(parseLabels);
    } catch (error) {
      throw locate(error, option);
    }
  };
}

/** `0,5,7-12` → ascending positions, each once. */
export function indices(option: string): (text: string) => number[] {
  return (text) => {
    const found = new Set<number>();
    for (const part of text.split(",")) {
      const match = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part);
      const [first, last] = match ? [Number(match[1]), Number(match[2] ?? match[1])] : [1, 0];
      if (first > last) throw wrong(option, text, "positions such as 0,5,7-12");
      for (let index = first; index <= last; index++) found.add(index);
    }
    return [...found].toSorted((a, b) => a - b);
  };
}

/** `pbe/def2-svp` → its two names, lower case. */
export function levelNames(option: string): (text: string) => { functional: string; basis: string } {
  return (text) => {
    const match = /^([^/\s]+)\/(\S+)$/.exec(text.trim());
    if (!match) throw wrong(option, text, "FUNCTIONAL/BASIS such as pbe/def2-svp");
    return { functional: match[1].toLowerCase(), basis: match[2] };
  };
}

/** `H` → 1; `text` is all that was given to the option. */
function element(option: string, symbol: string, text: string): number {
  try {
    return atomicNumber(symbol);
  } catch {
    throw wrong(option, text, `elements, and "${symbol}" is none`);
  }
}

/** `H:3,O:3.5` → atomic number → a number above 0. */
export function positivePerElement(option: string): (text: string) => Map<number, number> {
  return (text) => perElement(option, text, "numbers per element such as H:3,O:3.5", positive(option));
}

/** `300` for every species, or `H:100,O:200` → atomic number → count. */
export function perSpecies(option: string): (text: string) => number | Map<number, number> {
  const expected = "a number such as 300, or numbers per element such as H:100,O:200";
  return (text) => (/^[1-9]\d*$/.test(text.trim()) ? Number(text) : perElement(option, text, expected, count(option)));
}

function perElement(
  option: string,
  text: string,
  expected: string,
  valueOf: (text: string) => number,
): Map<number, number> {
  const found = new Map<number, number>();
  for (const part of text.split(",")) {
    const match = /^\s*([A-Za-z]+)\s*:(.+)$/.exec(part);
    if (!match) throw wrong(option, text, expected);
    const species = element(option, match[1], text);
    if (found.has(species)) throw wrong(option, text, "each element once");
    found.set(species, valueOf(match[2].trim()));
  }
  return found;
}

/** Picks what `--indices` and `--limit` ask for of `length` structures: their positions, ascending. */
export function selectIndices(
  length: number,
  { indices: asked, limit }: { readonly indices?: readonly number[]; readonly limit?: number },
): number[] {
  const beyond = asked?.find((index) => index >= length);
  if (beyond !== undefined)
    throw new BrineError("usage", `there is no structure ${beyond}; the file has ${length}, numbered from 0`, {
      where: "--indices",
    });
  return [...(asked ?? Array.from({ length }, (_, index) => index))].slice(0, limit ?? length);
}

/**
 * Adds `--config FILE` to a command: JSON settings under the names of its options in camel case. What is
 * typed wins. `names` maps names in the file to options that are called otherwise (`cutoffRadius` → `cutoff`).
 */
export function withConfig(command: Command, names: Readonly<Record<string, string>> = {}): Command {
  return command
    .option("--config <file>", "read settings from a JSON file; options given here win")
    .hook("preAction", (_, action) => {
      const file = action.getOptionValue("config") as string | undefined;
      if (file !== undefined) mergeConfig(action, readConfig(file), names, file);
    });
}

function readConfig(file: string): Record<string, unknown> {
  try {
    const settings: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (settings !== null && typeof settings === "object" && !Array.isArray(settings))
      return settings as Record<string, unknown>;
  } catch (error) {
    throw new BrineError("usage", `cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`, {
      where: "--config",
    });
  }
  throw new BrineError("usage", `${file} is not a JSON object of settings`, { where: "--config" });
}

function mergeConfig(
  command: Command,
  settings: Readonly<Record<string, unknown>>,
  names: Readonly<Record<string, string>>,
  file: string,
): void {
  const keys = new Map<string, string>();
  for (const [key, value] of Object.entries(settings)) {
    const name = names[key] ?? key;
    const option = command.options.find((known) => known.attributeName() === name);
    if (!option || name === "config")
      throw wrongConfig(`${file} has the setting "${key}", which brine ${command.name()} does not know`);
    const same = keys.get(name);
    if (same !== undefined)
      throw wrongConfig(`${file} has the settings "${same}" and "${key}", which are the same option; leave one out`);
    keys.set(name, key);
    if (command.getOptionValueSource(name) === "cli") continue;
    command.setOptionValueWithSource(name, fromConfig(option, key, value, file), "config");
  }
}

/** Flags take true and false; all else goes through the option's own parser, so it is checked alike. */
function fromConfig(option: Command["options"][number], key: string, value: unknown, file: string): unknown {
  const flag = !option.required && !option.optional;
  if (flag !== (typeof value === "boolean"))
    throw wrongConfig(
      `the setting "${key}" of ${file} takes ${flag ? "true or false" : `what ${option.long} takes`}, not ${JSON.stringify(value)}`,
    );
  if (flag) return value;
  const text = Array.isArray(value)
    ? value.join(",")
    : value !== null && typeof value === "object"
      ? Object.entries(value)
          .map(([name, item]) => `${name}:${String(item)}`)
          .join(",")
      : String(value);
  return option.parseArg ? option.parseArg(text, undefined) : text;
}

function wrongConfig(message: string): BrineError {
  return new BrineError("usage", message, { where: "--config" });
}
