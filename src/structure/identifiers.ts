/** Names and numbers that a file gives its structures, so that people find their results again. */
import type { Info, Structure } from "./structure.js";

/** Keys of the comment line that identify, those that say most first; `gdb_id`, `mol-id` and the like are of `_id`. */
const IDENTIFYING = ["name", "label", "title", "tag", "smiles", "id", "_id", "config_type", "comment"];
/** What is longer describes. */
const LONGEST = 60;

/** The entries of the comment line that identify a structure, those that say most first. */
export function identifiers({ info }: Pick<Structure, "info">): Info {
  return Object.fromEntries(
    Object.entries(info)
      .filter(([key, value]) => rank(key) >= 0 && String(value).length <= LONGEST)
      .toSorted(([a], [b]) => rank(a) - rank(b)),
  );
}

/** What to call a structure beside its position: the first of its identifiers; undefined where it has none. */
export function structureName(structure: Pick<Structure, "info">): string | undefined {
  const [first] = Object.values(identifiers(structure));
  return first === undefined ? undefined : String(first);
}

/** −1 for keys that do not identify. */
function rank(key: string): number {
  const name = key.toLowerCase();
  const known = IDENTIFYING.indexOf(name);
  return known < 0 && /[_-]id$/.test(name) ? IDENTIFYING.indexOf("_id") : known;
}
