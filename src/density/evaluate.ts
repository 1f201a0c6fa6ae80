/** Values of densities, and of the electrostatic potential of an atom-centred one, at points in space. */
import { placeBasis, type PlacedBasis } from "../basis/basis.js";
import { functionsOnBlock } from "../grid/block-functions.js";
import { densityOfMatrix } from "../grid/collocate.js";
import { electrostaticPotential } from "../integrals/index.js";
import type { Matrix } from "../math/matrix.js";
import { BrineError } from "../errors.js";
import { checkpoint, type RunOptions } from "../run.js";
import { isPeriodic, type Structure } from "../structure/structure.js";
import type { AtomCentredDensity } from "./atom-centred.js";
import { densityOnBlock } from "./density-on-block.js";

/** Points of one portion; neighbours in the list should be neighbours in space. */
const PORTION = 256;

/** ρ(r) in e/bohr³ at `points` [3, n] (all x, all y, all z; bohr); molecules only. */
export async function densityAt(
  density: AtomCentredDensity,
  points: Float64Array,
  options?: RunOptions,
): Promise<Float64Array> {
  refusePeriodic(density.structure);
  const placed = placeBasis(density.basis, density.structure);
  return inPortions(points, options, (portion, count) => {
    const block = { count, points: portion, weights: new Float64Array(count) };
    return densityOnBlock(placed, density.coefficients, block, 0).rho;
  });
}

/** ρ(r) in e/bohr³ of a density matrix [functions, functions] at `points` [3, n]. */
export async function matrixDensityAt(
  orbitals: PlacedBasis,
  densityMatrix: Matrix,
  points: Float64Array,
  options?: RunOptions,
): Promise<Float64Array> {
  return inPortions(points, options, (portion, count) => {
    const block = { count, points: portion, weights: new Float64Array(count) };
    return densityOfMatrix(functionsOnBlock(orbitals, block, 0), densityMatrix).rho;
  });
}

/**
 * Electrostatic potential of nuclei and electrons in hartree/e at `points` [3, n] (bohr):
 * Σ_A Z_A/|r − R_A| − ∫ρ(r')/|r − r'|. Infinite at a nucleus.
 */
export async function electrostaticPotentialAt(
  density: AtomCentredDensity,
  points: Float64Array,
  options?: RunOptions,
): Promise<Float64Array> {
  refusePeriodic(density.structure);
  const placed = placeBasis(density.basis, density.structure);
  const { positions } = density.structure;
  return inPortions(points, options, (portion, count) => {
    const result = electrostaticPotential(placed, density.coefficients, portion).map((v) => -v);
    density.nuclearCharges.forEach((charge, a) => {
      for (let i = 0; i < count; i++)
        result[i] +=
          charge /
          Math.hypot(
            portion[i] - positions[3 * a],
            portion[count + i] - positions[3 * a + 1],
            portion[2 * count + i] - positions[3 * a + 2],
          );
    });
    return result;
  });
}

function refusePeriodic(structure: Structure): void {
  if (isPeriodic(structure))
    throw new BrineError("unsupported", "values at single points are for molecules; sample the cell (sampleDensity)");
}

async function inPortions(
  points: Float64Array,
  options: RunOptions | undefined,
  evaluate: (portion: Float64Array, count: number) => Float64Array,
): Promise<Float64Array> {
  const n = points.length / 3;
  const result = new Float64Array(n);
  for (let first = 0; first < n; first += PORTION) {
    await checkpoint(options);
    const count = Math.min(PORTION, n - first);
    const portion = new Float64Array(3 * count);
    for (let axis = 0; axis < 3; axis++)
      portion.set(points.subarray(axis * n + first, axis * n + first + count), axis * count);
    result.set(evaluate(portion, count), first);
  }
  return result;
}
