/**
 * What people call a structure: the file it came from and its position there, `waters.xyz:3`. Labels are for people;
 * what identifies a structure is the key of its content, and `key:3fa9c1` names it where labels do not.
 */
import { BrineError } from "../errors.js";

/** Where a structure came from. */
export interface Origin {
  /** Name of the file without its folders; absent where there was none. */
  readonly source?: string;
  /** Position in the file, from 0. */
  readonly index: number;
}

/** A structure of a dataset as it can be named: by position, file and position, or key. */
export interface Labelled extends Origin {
  /** `structureKey` of its content. */
  readonly key: string;
}

/** `waters.xyz:3`, or `3` without a file. */
export function label({ source, index }: Origin): string {
  return source === undefined ? String(index) : `${source}:${index}`;
}

/** Ascending by file, then position: an order that does not depend on what was added first. */
export function compareOrigins(a: Origin, b: Origin): number {
  const [first, second] = [a.source ?? "", b.source ?? ""];
  return first === second ? a.index - b.index : first < second ? -1 : 1;
}

/**
 * The records that `words` name, each once, in the order of the words: `5`, `7-12`, `waters.xyz:3`, `waters.xyz:0-9`,
 * `key:3fa9c1`. Throws `usage` for a word that is none of these, names nothing, or fits several records.
 */
export function chooseByLabel<Named extends Labelled>(records: readonly Named[], words: readonly string[]): Named[] {
  const byIndex = grouped(records, ({ index }) => String(index));
  const byLabel = grouped(records, label);
  const withKey = (start: string): Named[] => records.filter(({ key }) => `key:${key}`.startsWith(start));
  const chosen = words
    .flatMap(parseLabels)
    .map((name) =>
      only(name, name.startsWith("key:") ? withKey(name) : (byLabel.get(name) ?? byIndex.get(name) ?? [])),
    );
  return [...new Set(chosen)];
}

/** The labels in a word: `waters.xyz:0-2` → `waters.xyz:0`, `waters.xyz:1`, `waters.xyz:2`. Throws `usage`. */
export function parseLabels(word: string): string[] {
  const text = word.trim();
  if (/^key:[0-9a-f]+$/.test(text)) return [text];
  const [, source = "", from, to] = /^(.+:)?(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  const [first, last] = [Number(from), Number(to ?? from)];
  if (!(first <= last))
    throw new BrineError("usage", `expected structures such as 5, 7-12, water.xyz:5 or key:3fa9c1, found "${text}"`);
  return Array.from({ length: last - first + 1 }, (_, i) => `${source}${first + i}`);
}

function only<Named extends Labelled>(word: string, found: readonly Named[]): Named {
  if (found.length === 1) return found[0];
  if (found.length === 0) throw new BrineError("usage", `the dataset has no structure "${word}"`);
  const labels = new Set(found.map(label));
  const names = found.slice(0, 4).map((record) => (labels.size > 1 ? label(record) : `key:${record.key.slice(0, 12)}`));
  const more = found.length > names.length ? ", …" : "";
  throw new BrineError(
    "usage",
    `"${word}" fits ${found.length} structures of the dataset; name one as ${names.join(", ")}${more}`,
  );
}

function grouped<Named>(records: readonly Named[], nameOf: (record: Named) => string): Map<string, Named[]> {
  const groups = new Map<string, Named[]>();
  for (const record of records) {
    const name = nameOf(record);
    const group = groups.get(name);
    if (group) group.push(record);
    else groups.set(name, [record]);
  }
  return groups;
}
