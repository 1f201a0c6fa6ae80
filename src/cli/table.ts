/** Plain text tables for people. */
import { structureName } from "../structure/identifiers.js";
import { formula } from "../structure/structure.js";
import type { LabelledStructure } from "../workflow/each-structure.js";

/**
 * Columns padded to their widest cell; those whose cells are all numbers are set to the right, those whose cells are all empty
 * left out. Empty without rows.
 */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  if (rows.length === 0) return "";
  const filled = header.map((_, column) => rows.some((row) => row[column] !== ""));
  if (filled.includes(false)) {
    const only = <T>(row: readonly T[]): T[] => row.filter((_, column) => filled[column]);
    return table(only(header), rows.map(only));
  }
  const cells = [header, ...rows].map((row) => row.map(String));
  const widths = header.map((_, column) => cells.reduce((most, row) => Math.max(most, row[column].length), 0));
  const right = header.map((_, column) =>
    rows.every((row) => /^([-+]?[\d.]+(e[-+]?\d+)?|-?)$/i.test(String(row[column]))),
  );
  const line = (row: readonly string[]): string =>
    widths
      .map((width, column) => (right[column] ? row[column].padStart(width) : row[column].padEnd(width)))
      .join("  ")
      .trimEnd();
  return cells.map(line).join("\n");
}

/** The columns that say which structure a row is of. */
export const named = {
  head: ["index", "name", "formula"],
  cells: ({ index, structure }: LabelledStructure): (string | number)[] => [
    index,
    structureName(structure) ?? "",
    formula(structure),
  ],
};

/** `name  value` lines. */
export function listing(entries: readonly (readonly [name: string, value: string | number])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n");
}
