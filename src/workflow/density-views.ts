/** Predicted densities on grids for a report: few structures and coarse grids, so that the page opens at once. */
import { sampleDensity } from "../density/cube-grid.js";
import type { CubeGrid } from "../io/cube.js";
import { DEFAULT_CUTOFF, type LevelOfTheory } from "../level.js";
import type { DensityModel } from "../model/prediction/density-model.js";
import type { DensityView } from "../report/report-data.js";
import { checkpoint, type RunOptions } from "../run.js";
import { isPeriodic, type Structure } from "../structure/structure.js";
import { reportedName } from "./report-parts.js";
import type { Validated } from "./validate.js";

/** About 40 kB of the page each. */
const MOST_VIEWS = 6;
const MOST_POINTS = 40_000;
/** bohr; below the smallest spacing surfaces look no smoother. */
const FINEST = 0.3;
/** bohr; the surface at 0.005 e/bohr³ lies within this of the nuclei. */
const MARGIN = 3;

/** Of at most six of `structures`, from the largest to the smallest error of the density. */
export async function densityViews(
  model: DensityModel,
  structures: readonly Validated[],
  options: RunOptions,
): Promise<DensityView[]> {
  const ranked = structures.toSorted((a, b) => b.errors.absolute - a.errors.absolute);
  const count = Math.min(MOST_VIEWS, ranked.length);
  const chosen = Array.from(
    { length: count },
    (_, i) => ranked[Math.round((i * (ranked.length - 1)) / (count - 1 || 1))],
  );
  const views: DensityView[] = [];
  for (const validated of chosen) {
    views.push(await densityView(model, validated, options));
    await checkpoint(options, { stage: "views", done: views.length, total: chosen.length });
  }
  return views;
}

async function densityView(model: DensityModel, validated: Validated, options: RunOptions): Promise<DensityView> {
  const { density: reference, structure, level } = validated.reference;
  const shape = { spacing: viewSpacing(structure, level), margin: MARGIN };
  const { density } = await model.predict(structure, options);
  const predicted = await sampleDensity(density, shape, options);
  const { values } = await sampleDensity(reference, shape, options);
  const error = { ...predicted, values: predicted.values.map((value, i) => value - values[i]) };
  return {
    name: `${reportedName(validated)}, error ${(100 * validated.errors.absolute).toPrecision(2)} %`,
    structure,
    predicted: thinned(predicted),
    error: thinned(error).values,
  };
}

/** bohr: such that the box about a molecule has `MOST_POINTS`, but in a cell that of the level, which sharp functions need. */
function viewSpacing(structure: Structure, { numerics }: LevelOfTheory): number {
  if (isPeriodic(structure)) return Math.PI / Math.sqrt(2 * (numerics.planewaveCutoff ?? DEFAULT_CUTOFF));
  return Math.max(FINEST, Math.cbrt(boxVolume(structure) / MOST_POINTS));
}

function boxVolume({ positions }: Structure): number {
  return [0, 1, 2].reduce((volume, axis) => {
    const along = positions.filter((_, i) => i % 3 === axis);
    return volume * (Math.max(...along) - Math.min(...along) + 2 * MARGIN);
  }, 1);
}

/** Every nth point along each axis, so that about `MOST_POINTS` are left. */
export function thinned(grid: CubeGrid): CubeGrid {
  const { counts, steps, values } = grid;
  const every = Math.max(1, Math.round(Math.cbrt(values.length / MOST_POINTS)));
  const [n0, n1, n2] = counts.map((count) => Math.ceil(count / every));
  return {
    ...grid,
    counts: [n0, n1, n2],
    steps: steps.map((x) => every * x),
    values: Float64Array.from({ length: n0 * n1 * n2 }, (_, p) => {
      const [i, j, k] = [Math.floor(p / (n1 * n2)), Math.floor(p / n2) % n1, p % n2];
      return values[every * ((i * counts[1] + j) * counts[2] + k)];
    }),
  };
}
