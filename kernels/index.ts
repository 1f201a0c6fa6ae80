export { multiplyPanels } from "./gemm";
export { packColumns, packRows } from "./packing";
export { rotateColumns } from "./rotations";
