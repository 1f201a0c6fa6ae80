/**
 * Overlap of a density matrix with auxiliary functions, o_P = Σ_μν D_μν ∫ φ_μ φ_ν χ_P: the right-hand side of a
 * density fit in the overlap metric. D is contracted with the Hermite expansion of each pair first, so the
 * three-centre integrals are never formed.
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import { checkBoysOrder } from "../math/boys.js";
import type { Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import { batchColumns, gaussianBatches } from "./gaussian-batch.js";
import { hermiteRows } from "./hermite-rows.js";
import { hermiteCount } from "./hermite.js";
import { shellPair, type ShellPair } from "./shell-pair.js";

/**
 * o: [auxiliary functions]. Only the symmetric part of `density` [orbitals, orbitals] counts.
 * Throws `mismatch` when its size is not that of `orbitals`.
 */
export async function contractThreeCenterOverlap(
  orbitals: PlacedBasis,
  auxiliary: PlacedBasis,
  density: Matrix,
  options?: RunOptions,
): Promise<Float64Array> {
  if (density.rows !== orbitals.size || density.columns !== orbitals.size)
    throw new BrineError(
      "mismatch",
      `a ${density.rows} × ${density.columns} density matrix for a basis of ${orbitals.size} functions`,
    );
  const size = auxiliary.size;
  const batches = gaussianBatches(auxiliary);
  const lmax = Math.max(0, ...orbitals.shells.map((shell) => shell.l));
  checkBoysOrder(2 * lmax + Math.max(0, ...batches.map((batch) => batch.l)));
  const rows = new Float64Array(hermiteCount(2 * lmax) * size);
  const sum = new Float64Array(size);
  for (let i = 0; i < orbitals.shells.length; i++) {
    await checkpoint(options, { stage: "three-centre overlaps", done: i, total: orbitals.shells.length });
    for (let j = 0; j <= i; j++) {
      const pair = shellPair(orbitals.shells[i], orbitals.shells[j]);
      const charge = chargeOfPair(pair, orbitals.shells[i], orbitals.shells[j], density);
      const hermites = hermiteCount(pair.order);
      for (let k = 0; k < pair.count; k++) {
        const at = 3 * k;
        for (const batch of batches)
          hermiteRows(
            "overlap",
            0,
            pair.order,
            pair.exponents[k],
            pair.centres[at],
            pair.centres[at + 1],
            pair.centres[at + 2],
            batch,
            rows,
            0,
            size,
          );
        for (let h = 0; h < hermites; h++) {
          const d = charge[k * hermites + h];
          const row = h * size;
          if (d !== 0) for (let c = 0; c < size; c++) sum[c] += d * rows[row + c];
        }
      }
    }
  }
  const columns = batchColumns(auxiliary);
  const result = new Float64Array(size);
  for (let c = 0; c < size; c++) result[columns[c]] = sum[c];
  return result;
}

/** Σ_ab D_ab E^ab_{k,tuv} over the functions of two shells, both orders of a ≠ b: [count, hermites]. */
function chargeOfPair(pair: ShellPair, a: PlacedShell, b: PlacedShell, density: Matrix): Float64Array {
  const length = pair.count * hermiteCount(pair.order);
  const result = new Float64Array(length);
  const stride = density.stride ?? density.columns;
  const width = 2 * b.l + 1;
  for (let f = 0; f < pair.functions; f++) {
    const mu = a.first + Math.floor(f / width);
    const nu = b.first + (f % width);
    const d =
      a === b ? density.data[mu * stride + nu] : density.data[mu * stride + nu] + density.data[nu * stride + mu];
    for (let r = 0; r < length; r++) result[r] += d * pair.coefficients[f * length + r];
  }
  return result;
}
