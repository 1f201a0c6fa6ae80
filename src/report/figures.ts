/**
 * The figures of a report as SVG text, made without a browser. Colours are CSS variables of the page, so that one
 * picture serves light and dark. A figure that has nothing to show is undefined.
 */
import { HARTREE_IN_KCAL_PER_MOL, HARTREE_IN_MEV } from "../units.js";
import { axis, draw, linearAxis, logAxis, QUIET, spread, TEXT, tickText, ticks, topName } from "./chart.js";
import { isNumber, meanOf, significant } from "./numbers.js";
import type { EnergyErrorFigures, HeldOutStructure, LearningCurvePoint } from "./report-data.js";

export interface Figure {
  readonly svg: string;
  /** The figure in words, for those who do not see it. */
  readonly description: string;
}

/** Estimates of the energy, worst first; colours are variables of `style.ts`. */
const ESTIMATES: readonly {
  readonly key: keyof EnergyErrorFigures;
  readonly name: string;
  readonly colour: string;
}[] = [
  { key: "superposedAtoms", name: "superposed atoms", colour: "var(--atoms)" },
  { key: "oneShot", name: "one-shot", colour: "var(--one-shot)" },
  { key: "corrected", name: "with response", colour: "var(--corrected)" },
  { key: "fitFloor", name: "fit floor", colour: "var(--floor)" },
];

const WIDTH = 460;

interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly (readonly [number, number])[];
}

/** Density error against the number of training structures, log–log. */
export function densityCurveFigure(points: readonly LearningCurvePoint[]): Figure | undefined {
  return curveFigure("density error", "% RMSE", [
    { name: "density", colour: "var(--corrected)", points: pairs(points, ({ rmsePercent }) => rmsePercent) },
  ]);
}

/** Energy errors against the number of training structures, log–log, meV/atom. */
export function energyCurveFigure(points: readonly LearningCurvePoint[]): Figure | undefined {
  const inMeV = (x: number | undefined): number | undefined => (x === undefined ? undefined : x * HARTREE_IN_MEV);
  return curveFigure("mean absolute energy error", "meV/atom", [
    {
      name: "one-shot",
      colour: "var(--one-shot)",
      points: pairs(points, ({ oneShotMaePerAtom }) => inMeV(oneShotMaePerAtom)),
    },
    {
      name: "with response",
      colour: "var(--corrected)",
      points: pairs(points, ({ energyMaePerAtom }) => inMeV(energyMaePerAtom)),
    },
  ]);
}

function pairs(
  points: readonly LearningCurvePoint[],
  value: (point: LearningCurvePoint) => number | undefined,
): [number, number][] {
  return points.flatMap((point): [number, number][] => {
    const y = value(point);
    return isNumber(y) && y > 0 && point.train > 0 ? [[point.train, y]] : [];
  });
}

function curveFigure(what: string, unit: string, all: readonly Curve[]): Figure | undefined {
  const curves = all.filter(({ points }) => points.length > 1);
  if (curves.length === 0) return undefined;
  const xs = [...new Set(curves.flatMap(({ points }) => points.map(([x]) => x)))].toSorted((a, b) => a - b);
  const yAxis = logAxis(
    curves.flatMap(({ points }) => points.map(([, y]) => y)),
    unit,
  );
  const pad = 0.06 * Math.log10(xs[xs.length - 1] / xs[0]);
  const svg = draw(WIDTH, 300, {
    grid: [{ left: 56, right: 20, top: 34, bottom: 48 }],
    xAxis: [
      {
        ...axis("training structures"),
        min: Math.log10(xs[0]) - pad,
        max: Math.log10(xs[xs.length - 1]) + pad,
        ...ticks(
          spread(
            xs.map((x) => Math.log10(x)),
            6,
          ),
        ),
        splitLine: { show: false },
      },
    ],
    yAxis: [
      {
        ...yAxis,
        nameLocation: "end",
        nameGap: 14,
        nameTextStyle: { ...TEXT, align: "left", padding: [0, 0, 0, -56] },
      },
    ],
    series: curves.map(({ name, colour, points }) => ({
      type: "line",
      data: points.map(([x, y]) => [Math.log10(x), Math.log10(y)]),
      symbol: "circle",
      symbolSize: 7,
      itemStyle: { color: colour },
      lineStyle: { color: colour, width: 2 },
      ...(curves.length > 1
        ? {
            label: {
              show: true,
              position: "right",
              offset: [2, -12],
              ...TEXT,
              color: colour,
              fontWeight: 600,
              formatter: ({ dataIndex }: { dataIndex: number }) => (dataIndex === 0 ? name : ""),
            },
          }
        : {}),
      ...QUIET,
    })),
  });
  const words = curves.map(
    ({ name, points }) =>
      `${name}: ${points.map(([x, y]) => `${significant(y)} ${unit} with ${x} training structures`).join(", ")}`,
  );
  return { svg, description: `Learning curve of the ${what}. ${words.join(". ")}.` };
}

/** Absolute energy errors of every structure by each estimate, on one logarithmic scale, with their means. */
export function energyLadderFigure(structures: readonly HeldOutStructure[]): Figure | undefined {
  const rows = ESTIMATES.map((estimate) => {
    const errors = structures.flatMap(({ errors: found, atoms }) => {
      const error = found?.[estimate.key];
      return isNumber(error) ? [(Math.abs(error) * HARTREE_IN_MEV) / atoms] : [];
    });
    return { ...estimate, errors: errors.filter((x) => x > 0), mean: meanOf(errors) ?? 0 };
  }).filter(({ errors }) => errors.length > 0);
  if (rows.length === 0) return undefined;
  const xAxis = logAxis(
    rows.flatMap(({ errors }) => errors),
    "absolute energy error, meV/atom",
  );
  const chemical = chemicalAccuracy(structures);
  const marks =
    isNumber(chemical) && Math.log10(chemical) > xAxis.min && Math.log10(chemical) < xAxis.max
      ? [{ xAxis: Math.log10(chemical) }]
      : [];
  const svg = draw(WIDTH, 74 + 56 * rows.length, {
    grid: [{ left: 126, right: 20, top: 26, bottom: 48 }],
    xAxis: [{ ...xAxis, nameLocation: "middle", nameGap: 30 }],
    yAxis: [
      {
        type: "category",
        inverse: true,
        data: rows.map(({ name }) => name),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { ...TEXT, color: "var(--ink)", margin: 12 },
      },
    ],
    series: [
      ...rows.map(({ errors, colour }, row) => ({
        type: "scatter",
        data: errors.map((x) => [Math.log10(x), row]),
        symbolSize: 9,
        itemStyle: { color: colour, opacity: 0.42 },
        ...QUIET,
      })),
      {
        type: "scatter",
        data: rows.map(({ mean }, row) => [Math.log10(mean), row]),
        symbol: "rect",
        symbolSize: [3, 24],
        itemStyle: { color: "var(--ink)", opacity: 1 },
        label: {
          show: true,
          position: "top",
          distance: 3,
          backgroundColor: "var(--paper)",
          padding: [0, 3],
          ...TEXT,
          color: "var(--ink)",
          fontWeight: 600,
          formatter: ({ dataIndex }: { dataIndex: number }) => significant(rows[dataIndex].mean, 2),
        },
        markLine: {
          z: 1,
          silent: true,
          symbol: "none",
          lineStyle: { color: "var(--soft)", type: "dashed", width: 1 },
          label: { show: true, position: "start", distance: 6, ...TEXT, fontSize: 11, formatter: "1 kcal/mol" },
          data: marks,
        },
        ...QUIET,
      },
    ],
  });
  const words = rows.map(({ name, mean }) => `${name} ${significant(mean)}`).join(", ");
  return { svg, description: `Mean absolute energy error in meV/atom: ${words}.` };
}

/** Predicted against converged energies, relative to the lowest, and below them the differences, kcal/mol. */
export function parityFigure(structures: readonly HeldOutStructure[]): Figure | undefined {
  const known = structures.flatMap(({ energy, errors, index }) => {
    const error = errors?.corrected ?? errors?.oneShot;
    return isNumber(energy) && isNumber(error) ? [{ energy, error: error * HARTREE_IN_KCAL_PER_MOL, index }] : [];
  });
  if (known.length < 2) return undefined;
  const lowest = Math.min(...known.map(({ energy }) => energy));
  const points = known.map(({ energy, error }) => ({ x: (energy - lowest) * HARTREE_IN_KCAL_PER_MOL, error }));
  const range = linearAxis(points.flatMap(({ x, error }) => [x, x + error]));
  const largest = Math.max(...points.map(({ error }) => Math.abs(error)));
  const residual = linearAxis([-largest, largest], 4);
  const svg = draw(WIDTH, 440, {
    grid: [
      { left: 62, right: 20, top: 34, height: 216 },
      { left: 62, right: 20, top: 292, height: 96 },
    ],
    xAxis: [
      { ...axis(""), ...range, axisLabel: { show: false } },
      { ...axis("converged energy, relative, kcal/mol"), gridIndex: 1, ...range },
    ],
    yAxis: [
      { ...topName(axis("predicted, kcal/mol")), ...range },
      {
        ...topName(axis("predicted − converged, kcal/mol")),
        gridIndex: 1,
        ...residual,
        axisLabel: { ...TEXT, formatter: tickText },
      },
    ],
    series: [
      {
        type: "line",
        data: [
          [range.min, range.min],
          [range.max, range.max],
        ],
        symbol: "none",
        lineStyle: { color: "var(--rule-strong)", width: 1 },
        ...QUIET,
      },
      {
        type: "scatter",
        data: points.map(({ x, error }) => [x, x + error]),
        symbolSize: 9,
        itemStyle: { color: "var(--corrected)", opacity: 0.8 },
        ...QUIET,
      },
      {
        type: "line",
        xAxisIndex: 1,
        yAxisIndex: 1,
        data: [
          [range.min, 0],
          [range.max, 0],
        ],
        symbol: "none",
        lineStyle: { color: "var(--rule-strong)", width: 1 },
        ...QUIET,
      },
      {
        type: "scatter",
        xAxisIndex: 1,
        yAxisIndex: 1,
        data: points.map(({ x, error }) => [x, error]),
        symbolSize: 8,
        itemStyle: { color: "var(--corrected)", opacity: 0.8 },
        ...QUIET,
      },
    ],
  });
  const span = Math.max(...points.map(({ x }) => x));
  return {
    svg,
    description: `Predicted against converged energies of ${points.length} structures that span ${significant(span)} kcal/mol; the largest difference is ${significant(largest)} kcal/mol.`,
  };
}

/** 1 kcal/mol in meV/atom, when all structures have as many atoms. */
export function chemicalAccuracy(structures: readonly HeldOutStructure[]): number | undefined {
  const sizes = new Set(structures.map(({ atoms }) => atoms));
  return sizes.size === 1 ? HARTREE_IN_MEV / HARTREE_IN_KCAL_PER_MOL / [...sizes][0] : undefined;
}
