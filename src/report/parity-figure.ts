/** Predicted against converged energies, and below them the differences, kcal/mol. */
import { axis, dataLine, dots, draw, type Figure, linearAxis, MOST_DOTS, spread, topName, WIDTH } from "./chart.js";
import { bestEstimate, kcalPerMol } from "./energy-units.js";
import { isNumber, significant } from "./numbers.js";
import { relativeEnergies, type RelativeEnergies } from "./relative-energies.js";
import type { PredictedStructure } from "./report-data.js";
import { HARTREE_IN_KCAL_PER_MOL } from "../units.js";

export interface ParityFigure extends Figure {
  /** What the energies are relative to. */
  readonly to: RelativeEnergies["to"];
}

/** kcal/mol: the converged energy on the scale of the figure, and the prediction less it. */
interface ParityPoint {
  readonly energy: number;
  readonly error: number;
}

/** Undefined for fewer than two structures whose energies are known. */
export function parityFigure(structures: readonly PredictedStructure[]): ParityFigure | undefined {
  const known = parityPoints(structures);
  if (!known) return undefined;
  const { points, to } = known;
  const range = linearAxis(points.flatMap(({ energy, error }) => [energy, energy + error]));
  const largest = Math.max(...points.map(({ error }) => Math.abs(error)));
  const drawn = spread(
    points.toSorted((a, b) => Math.abs(a.error) - Math.abs(b.error)),
    MOST_DOTS,
  );
  const svg = draw(WIDTH, 440, {
    grid: [
      { left: 62, right: 20, top: 34, height: 216 },
      { left: 62, right: 20, top: 292, height: 96 },
    ],
    ...parityAxes(range, linearAxis([-largest, largest], 4)),
    series: [
      agreement(range.min, range.max),
      dots(
        drawn.map(({ energy, error }) => [energy, energy + error]),
        "var(--corrected)",
        0.7,
      ),
      agreement(0, 0, 1, range),
      dots(
        drawn.map(({ energy, error }) => [energy, error]),
        "var(--corrected)",
        0.7,
        1,
      ),
    ],
  });
  const energies = points.map(({ energy }) => energy);
  const span = Math.max(...energies) - Math.min(...energies);
  return {
    svg,
    to,
    description: `Predicted against converged energies of ${points.length} structures that span ${significant(span)} kcal/mol; the largest difference is ${significant(largest)} kcal/mol.`,
  };
}

function parityPoints(
  structures: readonly PredictedStructure[],
): { readonly points: ParityPoint[]; readonly to: RelativeEnergies["to"] } | undefined {
  const best = bestEstimate(structures);
  const known = structures.flatMap((one) => {
    const error = kcalPerMol(one, best);
    return isNumber(one.energy) && isNumber(error) ? [{ structure: one.structure, energy: one.energy, error }] : [];
  });
  if (known.length < 2) return undefined;
  const { values, to } = relativeEnergies(
    known.map(({ structure }) => structure),
    known.map(({ energy }) => energy),
  );
  return { points: known.map(({ error }, i) => ({ energy: values[i] * HARTREE_IN_KCAL_PER_MOL, error })), to };
}

type Range = ReturnType<typeof linearAxis>;

/** Two panels over one horizontal axis. */
function parityAxes(energies: Range, errors: Range) {
  return {
    xAxis: [
      { ...axis(""), ...energies, axisLabel: { show: false } },
      { ...axis("converged energy, kcal/mol"), gridIndex: 1, ...energies },
    ],
    yAxis: [
      { ...topName(axis("predicted energy, kcal/mol")), ...energies },
      {
        ...topName(axis("predicted − converged, kcal/mol")),
        gridIndex: 1,
        ...errors,
      },
    ],
  };
}

/** Where prediction and reference agree: from `first` to `last` over the whole width of a panel. */
function agreement(first: number, last: number, panel = 0, { min, max } = { min: first, max: last }) {
  return dataLine(
    [
      [min, first],
      [max, last],
    ],
    "var(--rule-strong)",
    1,
    panel,
  );
}
