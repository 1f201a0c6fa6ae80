/** What results are to be taken with, one line for each remark however many structures it is about. */
import type { Note } from "../kohn-sham/system.js";

interface Noted {
  readonly index: number;
  readonly result: { readonly notes?: readonly Note[] };
}

export function noteResults(rows: Iterable<Noted>, note: (text: string) => void): void {
  const about = new Map<string, { readonly first: number; count: number }>();
  for (const { index, result } of rows)
    for (const { text } of result.notes ?? []) {
      const known = about.get(text);
      if (known) known.count++;
      else about.set(text, { first: index, count: 1 });
    }
  for (const [text, { first, count }] of about)
    note(`structure ${first}${count > 1 ? ` and ${count - 1} more` : ""}: ${text}`);
}
