/**
 * The density of an expansion and its gradient on the points of a block, without the values of its functions. The
 * shells of an atom are summed first,
 *
 *   ρ = Σ_A Σ_lm G^A_lm(r²) S_lm(r),   G_lm = Σ_k c_klm R_k(r²),   ∇ρ = Σ_A Σ_lm G_lm ∇S_lm + r Σ_lm H_lm S_lm,
 *
 * with H_lm = Σ_k c_klm R'_k, R' the derivative along r divided by r. Much faster than going by the functions.
 * The sums are in kernels/gaussians.ts.
 */
import type { PlacedBasis } from "../basis/basis.js";
import { aliveShells } from "../grid/block-functions.js";
import type { PointDensity } from "../grid/collocate.js";
import { addExpansion, byAtom } from "../grid/gaussian-kernels.js";
import type { GridBlock } from "../grid/grid-block.js";

/** `coefficients` [functions]; the gradient is there when `derivatives` is 1. */
export function densityOnBlock(
  basis: PlacedBasis,
  coefficients: Float64Array,
  block: GridBlock,
  derivatives: 0 | 1,
): PointDensity {
  const empty = (): Float64Array => new Float64Array(block.count);
  const rho = empty();
  const gradient = derivatives === 1 ? ([empty(), empty(), empty()] as const) : undefined;
  addExpansion(byAtom(aliveShells(basis, block)), coefficients, block, rho, gradient);
  return gradient ? { rho, gradient } : { rho };
}
