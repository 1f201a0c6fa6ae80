/** Plain text tables for people. */

/** Columns padded to their widest cell; those whose cells are all numbers are set to the right. Empty without rows. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  if (rows.length === 0) return "";
  const cells = [header, ...rows].map((row) => row.map(String));
  const widths = header.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  const right = header.map((_, column) =>
    rows.every((row) => /^([-+]?[\d.]+(e[-+]?\d+)?|-?)$/i.test(String(row[column] ?? ""))),
  );
  const line = (row: readonly string[]): string =>
    widths
      .map((width, column) => (right[column] ? (row[column] ?? "").padStart(width) : (row[column] ?? "").padEnd(width)))
      .join("  ")
      .trimEnd();
  return cells.map(line).join("\n");
}

/** `name  value` lines. */
export function listing(entries: readonly (readonly [name: string, value: string | number])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n");
}
