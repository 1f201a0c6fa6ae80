/** Whether two bases span the same functions on an element, however their contractions are written. */
import { placeBasis, type Shell } from "../basis/basis.js";
import { overlapMatrix } from "../integrals/index.js";
import { cholesky, solveLower } from "../math/linear-algebra.js";
import { matrix, type Matrix } from "../math/matrix.js";

/** The largest part of the norm of a function of `a` that lies outside the span of `b`: 1 − Σ_k |L⁻¹S_ba|²_k. */
export function outsideSpan(a: readonly Shell[], b: readonly Shell[]): number {
  const atom = { species: Uint8Array.of(1), positions: new Float64Array(3), charge: 0, unpaired: 0, info: {} };
  const placed = placeBasis({ name: "both", shells: { 1: [...b, ...a] } }, atom);
  const all = overlapMatrix(placed);
  const n = placed.shells[b.length]?.first ?? placed.size;
  const part = (first: number, columns: number): Matrix => {
    const result = matrix(n, columns);
    for (let i = 0; i < n; i++)
      result.data.set(all.data.subarray(i * placed.size + first, i * placed.size + first + columns), i * columns);
    return result;
  };
  const columns = placed.size - n;
  const inside = solveLower(cholesky(part(0, n)), part(n, columns), false);
  let most = 0;
  for (let j = 0; j < columns; j++) {
    let norm = 0;
    for (let k = 0; k < n; k++) norm += inside.data[k * columns + j] ** 2;
    most = Math.max(most, 1 - norm);
  }
  return most;
}
