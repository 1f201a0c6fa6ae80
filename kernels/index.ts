export { addDensityOfAtom, functionsOfAtom } from "./gaussians";
export { multiplyPanels } from "./gemm";
export { raiseHermite } from "./hermite";
export { packColumns, packRows } from "./packing";
export { rotateColumns } from "./rotations";
export { addDensityOfRows } from "./rows";
export { addTransposedVectors, multiplyVectors } from "./vectors";
