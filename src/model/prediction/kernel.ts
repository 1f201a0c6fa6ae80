/**
 * The equivariant kernel k̃^λ_{μμ'}(i, j) = P_i^λμ · P_j^λμ' (P_i^0 · P_j^0)^(ζ − 1) between environments and
 * the columns (j, μ') of a sparse set. Source: Grisafi et al., PRL 120, 036002 (2018), doi:10.1103/PhysRevLett.120.036002.
 */
import { multiplyTransposed } from "../../math/linear-algebra.js";
import type { Matrix } from "../../math/matrix.js";

/**
 * [environments (2λ + 1), columns]. `features`: of the environments; `columns`: features of the columns;
 * `environmentOf`: the sparse environment j of each column; `scalar`: P_i^0 · P_j^0, [environments, sparse environments].
 */
export function equivariantKernel(
  features: Matrix,
  columns: Matrix,
  environmentOf: Int32Array,
  scalar: Matrix,
  zeta: number,
): Matrix {
  const kernel = multiplyTransposed(false, true, features, columns);
  if (zeta === 1) return kernel;
  const sparse = scalar.columns;
  const components = features.rows / scalar.rows;
  const power = new Float64Array(sparse);
  for (let i = 0; i < scalar.rows; i++) {
    for (let j = 0; j < sparse; j++) power[j] = scalar.data[i * sparse + j] ** (zeta - 1);
    for (let row = i * components; row < (i + 1) * components; row++)
      for (let p = 0; p < columns.rows; p++) kernel.data[row * columns.rows + p] *= power[environmentOf[p]];
  }
  return kernel;
}
