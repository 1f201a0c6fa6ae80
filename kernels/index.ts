export { multiplyPanels } from "./gemm";
