/**
 * What the figures are made of: SVG text, drawn by echarts without a browser. Colours are CSS variables of the page, so
 * that one picture serves light and dark.
 */
import { GridComponent, LineChart, MarkLineComponent, ScatterChart, SVGRenderer, init, use } from "./chart-library.js";
import { significant } from "./numbers.js";

/** A figure that has nothing to show is undefined. */
export interface Figure {
  readonly svg: string;
  /** The figure in words, for those who do not see it. */
  readonly description: string;
}

export const WIDTH = 460;

/** Of a larger set so many structures are drawn, so that a page of thousands opens as fast. */
export const MOST_DOTS = 400;

/** Text of axes and labels. */
export const TEXT = { color: "var(--soft)", fontSize: 12, fontFamily: "inherit" };

/** Nothing moves in a printed figure. */
export const QUIET = { silent: true, animation: false, emphasis: { disabled: true } };

export function axis(name: string) {
  return {
    type: "value",
    name,
    nameLocation: "middle",
    nameGap: 30,
    nameTextStyle: TEXT,
    axisLine: { show: true, onZero: false, lineStyle: { color: "var(--rule-strong)", width: 1 } },
    axisTick: { show: false },
    axisLabel: { ...TEXT, formatter: tickText } as object,
    splitLine: { show: true, lineStyle: { color: "var(--rule)", width: 1 } },
  };
}

type Points = readonly (readonly number[])[];

/** Dots in the panel with this number. */
export function dots(points: Points, colour: string, opacity: number, panel = 0) {
  return {
    type: "scatter",
    xAxisIndex: panel,
    yAxisIndex: panel,
    data: points,
    symbolSize: 9,
    itemStyle: { color: colour, opacity },
    ...QUIET,
  };
}

/** A line through points in the panel with this number. */
export function dataLine(points: Points, colour: string, width: number, panel = 0) {
  return {
    type: "line",
    xAxisIndex: panel,
    yAxisIndex: panel,
    data: points,
    symbol: "none",
    itemStyle: { color: colour },
    lineStyle: { color: colour, width },
    ...QUIET,
  };
}

/** Puts the name of a vertical axis above it, flush left, where it can be read without turning the head. */
export function topName<T extends object>(of: T) {
  return {
    ...of,
    nameLocation: "end",
    nameGap: 14,
    nameTextStyle: { ...TEXT, align: "left", padding: [0, 0, 0, -62] },
  };
}

/** An axis in log10 of the values, labelled at 1, 2, 5 × 10ⁿ, or at powers of ten where many decades are shown. */
export function logAxis(values: readonly number[], name: string) {
  const low = Math.log10(Math.min(...values));
  const high = Math.log10(Math.max(...values));
  const pad = Math.max(0.06 * (high - low), 0.08);
  const [min, max] = [low - pad, high + pad];
  const steps = max - min > 2.2 ? [1] : max - min > 0.9 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8];
  const inside: number[] = [];
  for (let decade = Math.floor(min); decade <= max; decade++)
    for (const step of steps) {
      const at = decade + Math.log10(step);
      if (at >= min && at <= max) inside.push(at);
    }
  return { ...axis(name), min, max, ...ticks(spread(inside, 8)) };
}

/** Ticks at positions in log10. */
export function ticks(at: readonly number[]) {
  return {
    axisTick: { show: false, customValues: at },
    axisLabel: { ...TEXT, customValues: at, formatter: (x: number) => tickText(10 ** x) },
  };
}

/** A round number without trailing zeros, with a true minus sign. */
export function tickText(x: number): string {
  const text = significant(Number(x.toPrecision(6)), 4);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** At most `count` of `values`, evenly chosen, the last one among them. */
export function spread<T>(values: readonly T[], count: number): T[] {
  const every = Math.ceil(values.length / count);
  return values.filter((_, i) => (values.length - 1 - i) % every === 0);
}

/** Round limits around `values` and the interval between labels. */
export function linearAxis(values: readonly number[], divisions = 5): { min: number; max: number; interval: number } {
  const low = Math.min(...values);
  const high = Math.max(...values, low + 1e-6);
  const rough = (high - low) / divisions;
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = power * ([1, 2, 5].find((step) => step * power >= rough) ?? 10);
  return { min: Math.floor(low / interval) * interval, max: Math.ceil(high / interval) * interval, interval };
}

/** Renders `option`; ids are made the same for the same figure, whatever was drawn before. */
export function draw(width: number, height: number, option: object): string {
  use([LineChart, ScatterChart, GridComponent, MarkLineComponent, SVGRenderer]);
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: "inherit" }, ...option });
    const svg = chart.renderToSVGString();
    const name = `f${width}x${height}-${checksum(JSON.stringify(option))}`;
    return svg
      .replace(/zr\d+-/g, `${name}-`)
      .replace(/<style[^>]*>[\s\S]*?<\/style>/g, "")
      .replace(/ class="[^"]*"/g, "")
      .replace(/ (ecmeta_\w+|pointer-events|baseProfile|version|xmlns:xlink)="[^"]*"/g, "")
      .replace(/<svg width="\d+" height="\d+"/, `<svg aria-hidden="true" focusable="false"`);
  } finally {
    chart.dispose();
  }
}

function checksum(text: string): string {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) >>> 0;
  return sum.toString(36);
}
