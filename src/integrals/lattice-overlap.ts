/** Overlap of a basis with all periodic images of itself, S_PQ = Σ_T ∫ χ_P(r) χ_Q(r − T) dr. */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import type { Matrix } from "../math/matrix.js";
import { latticeImages } from "../structure/lattice-images.js";
import { latticeTwoCenter } from "./lattice-two-center.js";
import { absoluteOverlap } from "./shell-pair.js";

/** Overlaps of two shells below this are left out. */
const NEGLIGIBLE = 1e-13;

/** S: [functions, functions], exactly symmetric. `vectors`: lattice vectors, rows, bohr. */
export function latticeOverlapMatrix(basis: PlacedBasis, vectors: Float64Array): Matrix {
  return latticeTwoCenter("overlap", basis, latticeImages(vectors), overlapReach);
}

/** The distance of two shells beyond which they do not overlap. */
function overlapReach(a: PlacedShell, b: PlacedShell): number {
  const bound = (r: number): number => {
    let sum = 0;
    a.exponents.forEach((alpha, i) =>
      b.exponents.forEach((beta, j) => {
        sum += Math.abs(a.factors[i] * b.factors[j]) * absoluteOverlap(a.l, alpha, b.l, beta, r);
      }),
    );
    return sum;
  };
  let reach = 1;
  while (bound(reach) > NEGLIGIBLE) reach += 0.25;
  return reach;
}
