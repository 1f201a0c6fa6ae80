/** Errors of every structure on one logarithmic scale, a row an estimate: dots for structures, a bar for their mean. */
import { draw, dots, type Figure, logAxis, MOST_DOTS, QUIET, spread, TEXT, WIDTH } from "./chart.js";
import { chemicalAccuracy, ESTIMATES, meanMagnitude, meVPerAtom } from "./energy-units.js";
import { isNumber, significant } from "./numbers.js";
import type { PredictedStructure } from "./report-data.js";

interface Row {
  readonly name: string;
  readonly colour: string;
  /** Above zero. */
  readonly errors: readonly number[];
  /** Over all structures, those without error among them. */
  readonly mean: number;
}

/** Absolute errors of the energy by each estimate, meV/atom. */
export function energyErrorFigure(structures: readonly PredictedStructure[]): Figure | undefined {
  const rows = ESTIMATES.flatMap(({ key, name, colour }) =>
    row(
      name,
      colour,
      structures.map((one) => meVPerAtom(one, key)),
    ),
  );
  return errorFigure("absolute energy error", "meV/atom", rows, chemicalAccuracy(structures));
}

/** ∫|ρ − ρ_fit| / N of the predicted densities and of those that the response correction gives, per cent. */
export function densityErrorFigure(structures: readonly PredictedStructure[]): Figure | undefined {
  return errorFigure("density error", "% of the electrons", [
    ...row(
      "predicted",
      "var(--one-shot)",
      structures.map(({ maePercent }) => maePercent),
    ),
    ...row(
      "with response",
      "var(--corrected)",
      structures.map(({ improvedMaePercent }) => improvedMaePercent),
    ),
  ]);
}

/** None when there is no error above zero. */
function row(name: string, colour: string, signed: readonly (number | undefined)[]): Row[] {
  const errors = signed
    .filter(isNumber)
    .map(Math.abs)
    .filter((x) => x > 0);
  return errors.length === 0 ? [] : [{ name, colour, errors, mean: meanMagnitude(signed) ?? 0 }];
}

function errorFigure(what: string, unit: string, rows: readonly Row[], chemical?: number): Figure | undefined {
  if (rows.length === 0) return undefined;
  const xAxis = logAxis(
    rows.flatMap(({ errors }) => errors),
    `${what}, ${unit}`,
  );
  const at = isNumber(chemical) ? Math.log10(chemical) : Number.NaN;
  const marks = at > xAxis.min && at < xAxis.max ? [{ xAxis: at }] : [];
  const svg = draw(WIDTH, 82 + 56 * rows.length, {
    grid: [{ left: 126, right: 20, top: 34, bottom: 48 }],
    xAxis: [xAxis],
    yAxis: [namesAxis(rows.map(({ name }) => name))],
    series: [
      ...rows.map(({ errors, colour }, at) =>
        dots(
          spread(
            errors.toSorted((a, b) => a - b),
            MOST_DOTS,
          ).map((x) => [Math.log10(x), at]),
          colour,
          0.42,
        ),
      ),
      meanBars(rows, marks),
    ],
  });
  const words = rows.map(({ name, mean }) => `${name} ${significant(mean)}`).join(", ");
  return { svg, description: `Mean ${what} in ${unit}: ${words}.` };
}

function namesAxis(names: readonly string[]) {
  return {
    type: "category",
    inverse: true,
    data: names,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { ...TEXT, color: "var(--ink)", margin: 12 },
  };
}

function meanBars(rows: readonly Row[], marks: readonly { readonly xAxis: number }[]) {
  return {
    type: "scatter",
    data: rows.map(({ mean }, at) => [Math.log10(mean), at]),
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
  };
}
