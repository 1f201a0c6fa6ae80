/** The comment line of extended XYZ: `key=value`, `key="several words"`, or a bare key, which is true. */
import { BrineError } from "../errors.js";
import type { Info } from "../structure/structure.js";

/** The keys that make up the structure, whatever their case. */
const RESERVED = ["lattice", "properties", "pbc", "charge", "spin"] as const;
type ReservedKey = (typeof RESERVED)[number];

export interface Comment {
  readonly reserved: Readonly<Partial<Record<ReservedKey, string>>>;
  readonly info: Info;
}

const QUOTED = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/.source;
const PAIR = new RegExp(
  String.raw`\s*(?:${QUOTED}|([^\s="']+))(?:\s*=\s*(?:${QUOTED}|(\{[^}]*\}|\[[^\]]*\]|[^\s"']+)))?(?=\s|$)`,
  "y",
);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Free text without any `=` becomes `info.comment`. Throws `input` for an unfinished quote or a key without value. */
export function readComment(line: string, where: string): Comment {
  const text = line.trim();
  if (!text.includes("=")) return { reserved: {}, info: text === "" ? {} : { comment: text } };
  const reserved: Partial<Record<ReservedKey, string>> = {};
  const info: Record<string, string | number | boolean> = {};
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < text.length) {
    const start = PAIR.lastIndex;
    const match = PAIR.exec(text);
    if (!match)
      throw new BrineError(
        "input",
        `cannot read the comment line from "${text.slice(start, start + 30).trim()}" on; write key=value or key="several words"`,
        { where },
      );
    const key = unescape(match[1] ?? match[2] ?? match[3]);
    const quoted = match[4] ?? match[5];
    const word = match[6];
    const name = RESERVED.find((known) => known === key.toLowerCase());
    if (name) reserved[name] = quoted === undefined ? (word ?? "") : unescape(quoted);
    else info[key] = quoted === undefined ? plainValue(word) : unescape(quoted);
  }
  return { reserved, info };
}

/** The inverse of `readComment`; strings that would be read as something else are quoted. */
export function writeComment(values: Info): string {
  return Object.entries(values)
    .map(([key, value]) => `${quoteKey(key)}=${writeValue(value)}`)
    .join(" ");
}

/** Quoted values stay text, whatever is in them. */
function plainValue(word: string | undefined): string | number | boolean {
  if (word === undefined || /^(T|true)$/i.test(word)) return true;
  if (/^(F|false)$/i.test(word)) return false;
  return NUMBER.test(word) ? Number(word) : word;
}

function writeValue(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "T" : "F";
  if (typeof value === "number") return String(value);
  return /^[^\s="'\\{}[\],]+$/.test(value) && typeof plainValue(value) === "string" ? value : quote(value);
}

function quoteKey(key: string): string {
  return /^[^\s="'\\]+$/.test(key) ? key : quote(key);
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r")}"`;
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) =>
    character === "n" ? "\n" : character === "r" ? "\r" : character,
  );
}
