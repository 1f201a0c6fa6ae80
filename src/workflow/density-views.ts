/** Predicted densities on grids for a report: few structures and coarse grids, so that the page opens at once. */
import { sampleDensity } from "../density/cube-grid.js";
import type { DensityModel } from "../model/prediction/density-model.js";
import type { DensityView } from "../report/report-data.js";
import { checkpoint, type RunOptions } from "../run.js";
import { cellVolume } from "../structure/cell.js";
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
  const { density: reference, structure } = validated.reference;
  const shape = { spacing: viewSpacing(structure), margin: MARGIN };
  const { density } = await model.predict(structure, options);
  const predicted = await sampleDensity(density, shape, options);
  const { values } = await sampleDensity(reference, shape, options);
  return {
    name: `${reportedName(validated)} (error ${(100 * validated.errors.absolute).toPrecision(2)} %)`,
    structure,
    predicted,
    error: predicted.values.map((value, i) => value - values[i]),
  };
}

/** Fine, but not so fine that the box about the structure, or its cell, has more than `MOST_POINTS`. */
function viewSpacing(structure: Structure): number {
  const volume = structure.cell && isPeriodic(structure) ? cellVolume(structure.cell.vectors) : boxVolume(structure);
  return Math.max(FINEST, Math.cbrt(volume / MOST_POINTS));
}

function boxVolume({ positions }: Structure): number {
  return [0, 1, 2].reduce((volume, axis) => {
    const along = positions.filter((_, i) => i % 3 === axis);
    return volume * (Math.max(...along) - Math.min(...along) + 2 * MARGIN);
  }, 1);
}
