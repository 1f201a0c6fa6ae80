/** Reads what a report shows: the cells of its tables, the dots of its figures. */

export interface TableRow {
  readonly name: string;
  /** By label: the text, and the number that the table is sorted by. */
  readonly cells: Readonly<Record<string, { readonly text: string; readonly value: number }>>;
}

/** The lines of the table that has `heading` as the head of its first column, its foot last. */
export function tableRows(page: string, heading: string): TableRow[] {
  const table = [...page.matchAll(/<table[\s\S]*?<\/table>/g)]
    .map(([text]) => text)
    .find((text) => plain(text.split("</th>")[0]).endsWith(heading));
  return [...(table ?? "").matchAll(/<tr>([\s\S]*?)<\/tr>/g)].slice(1).map(([, row]) => ({
    name: plain(/<th[^>]*>([\s\S]*?)<\/th>/.exec(row)?.[1] ?? ""),
    cells: Object.fromEntries(
      [...row.matchAll(/<td\s+data-label="([^"]*)"(?:\s+data-value="([^"]*)")?\s*>([\s\S]*?)<\/td>/g)].map(
        ([, label, value, text]) => [label, { text: plain(text), value: Number(value ?? NaN) }],
      ),
    ),
  }));
}

/** The tiles at the top by their label: value with unit, and the note. */
export function tiles(page: string): Record<string, { value: string; note: string }> {
  const list = /<dl class="figures-key">([\s\S]*?)<\/dl>/.exec(page)?.[1] ?? "";
  return Object.fromEntries(
    [...list.matchAll(/<dt>([\s\S]*?)<\/dt>\s*<dd>([\s\S]*?)<\/dd>(?:\s*<dd class="note">([\s\S]*?)<\/dd>)?/g)].map(
      ([, label, value, note]) => [plain(label), { value: plain(value), note: plain(note ?? "") }],
    ),
  );
}

function plain(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** Number of a text with a true minus sign. */
export function numberOf(text: string): number {
  return Number(text.replace("−", "-").replace(/[^\d.e-].*$/, ""));
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Dots of one colour, and what a length in the figure means along the axes whose labels stand at `xLabels`, `yLabels`. */
export interface FigureDots {
  readonly x: number[];
  readonly y: number[];
}

/**
 * The dots of `colour` in axis units (log10 of them for `logarithmic` axes), from the places of dots and of the tick labels.
 * `panel`: the labels and dots between these heights only.
 */
export function figureDots(
  svg: string,
  colour: string,
  { logX = false, logY = false, panel = [0, Infinity] as readonly [number, number] } = {},
): FigureDots {
  const labels = [...svg.matchAll(/<text[^>]*text-anchor="(\w+)"[^>]*translate\(([\d.]+) ([\d.]+)\)[^>]*>([^<]*)</g)]
    .map(([, anchor, x, y, text]) => ({ anchor, x: Number(x), y: Number(y), value: numberOf(text), text }))
    .filter(({ text }) => /^[−\d.]+$/.test(text));
  const bottom = Math.max(...labels.map(({ y }) => y));
  const xTicks = labels.filter(({ anchor, y }) => anchor === "middle" && y === bottom);
  const yTicks = labels.filter(({ anchor, y }) => anchor === "end" && y >= panel[0] && y <= panel[1]);
  const dots = [...svg.matchAll(/matrix\([\d.]+,0,0,[\d.]+,([\d.]+),([\d.]+)\)" fill="([^"]*)"/g)]
    .filter(([, , y, fill]) => fill === colour && Number(y) >= panel[0] && Number(y) <= panel[1])
    .map(([, x, y]): Place => ({ x: Number(x), y: Number(y) }));
  return {
    x: dots.map(({ x }) =>
      onAxis(
        x,
        xTicks.map((tick) => [tick.x, scaled(tick.value, logX)]),
      ),
    ),
    y:
      yTicks.length < 2
        ? []
        : dots.map(({ y }) =>
            onAxis(
              y,
              yTicks.map((tick) => [tick.y, scaled(tick.value, logY)]),
            ),
          ),
  };
}

function scaled(value: number, logarithmic: boolean): number {
  return logarithmic ? Math.log10(value) : value;
}

/** Linear between the outermost ticks. */
function onAxis(at: number, ticks: [number, number][]): number {
  const sorted = ticks.toSorted(([a], [b]) => a - b);
  const [[first, from], [last, to]] = [sorted[0], sorted[sorted.length - 1]];
  return from + ((at - first) / (last - first)) * (to - from);
}
