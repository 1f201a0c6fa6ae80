/** Dense linear algebra in double precision, over the backend in use. */
export type { Eigensystem } from "./backend.js";
export { cholesky, choleskySolve } from "./cholesky.js";
export { eigh, generalizedEigh, inverseSquareRoot } from "./eigen.js";
export { solveLinear } from "./lu.js";
export { pivotedCholesky, type PivotedCholesky } from "./pivoted-cholesky.js";
export { block, gemm, gemv, multiply, multiplyTransposed } from "./products.js";
export { solveLower } from "./triangular.js";
