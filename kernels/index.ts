export { functionsOnCube } from "./cubes";
export { addNeighbour } from "./density-expansion";
export { coupledProducts, coupleGram, gramOfPair, pairExpansions } from "./equivariant-products";
export {
  fftRadix2,
  fftRadix3,
  fftRadix4,
  fftRadix5,
  joinRealRows,
  joinSpectra,
  splitRealRows,
  splitSpectra,
} from "./fft";
export { addDensityOfAtom, functionsOfAtom } from "./gaussians";
export { multiplyPanels } from "./gemm";
export { raiseHermite } from "./hermite";
export { packColumns, packRows } from "./packing";
export { narrow, widen } from "./precision";
export { rotateColumns } from "./rotations";
export { addDensityOfRows } from "./rows";
export { addTransposedVectors, multiplyVectors } from "./vectors";
