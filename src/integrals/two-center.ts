/**
 * Two-centre integrals of a basis with itself: overlap S_PQ = ∫ χ_P χ_Q and Coulomb metric
 * J_PQ = ∬ χ_P(r₁) χ_Q(r₂)/r₁₂.
 */
import type { PlacedBasis } from "../basis/basis.js";
import { checkBoysOrder } from "../math/boys.js";
import { matrix, symmetrize, type Matrix } from "../math/matrix.js";
import { batchColumns, gaussianBatches } from "./gaussian-batch.js";
import { expandShell, integralsWith, rowScratch } from "./hermite-expansion.js";
import type { Kernel } from "./hermite-rows.js";

/** S: [functions, functions], exactly symmetric, unit diagonal. */
export function overlapMatrix(basis: PlacedBasis): Matrix {
  return twoCenter("overlap", basis);
}

/** J = (P|1/r₁₂|Q) in hartree: [functions, functions], exactly symmetric. */
export function coulombMetric(auxiliary: PlacedBasis): Matrix {
  return twoCenter("coulomb", auxiliary);
}

function twoCenter(kernel: Kernel, basis: PlacedBasis): Matrix {
  const { size, shells } = basis;
  const batches = gaussianBatches(basis);
  const columns = batchColumns(basis);
  const result = matrix(size, size);
  const lmax = Math.max(0, ...shells.map((shell) => shell.l));
  checkBoysOrder(2 * lmax);
  const rows = rowScratch(lmax, size);
  const block = new Float64Array((2 * lmax + 1) * size);
  for (const shell of shells) {
    const expansion = expandShell(shell);
    integralsWith(kernel, expansion, batches, size, rows, block);
    for (let m = 0; m < expansion.functions; m++)
      for (let c = 0; c < size; c++) result.data[(shell.first + m) * size + columns[c]] = block[m * size + c];
  }
  return symmetrize(result);
}
