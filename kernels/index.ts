export { multiplyPanels } from "./gemm";
export { rotateColumns } from "./rotations";
