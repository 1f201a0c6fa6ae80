/** Integrals over atom-centred Gaussians, of molecules and of crystals. */
export { dipoleMatrices, kineticMatrix } from "./one-electron.js";
export { electrostaticPotential } from "./electrostatic-potential.js";
export { dipoleMoments, monopoles, secondMoments } from "./moments.js";
export { nuclearAttractionMatrix } from "./nuclear-attraction.js";
export { latticeCoulombMetric } from "./lattice-coulomb.js";
export { latticeOverlapMatrix } from "./lattice-overlap.js";
export { coulombMetric, overlapMatrix } from "./two-center.js";
export { batchColumns } from "./gaussian-batch.js";
export { threeCentreIntegrals, type PairBatch, type ThreeCentreIntegrals } from "./three-center-coulomb.js";
export {
  coulombSums,
  potentialOfBatch,
  projectionsOfBatch,
  scatter,
  toColumns,
  fromColumns,
  type CoulombSums,
  type PairValues,
} from "./three-center-sums.js";
export { contractThreeCenterOverlap } from "./three-center-overlap.js";
export { kineticGradient, nuclearAttractionGradient, overlapGradient } from "./gradient-one-electron.js";
export { metricGradient, threeCenterGradient } from "./gradient-density-fitting.js";
export { isolatedCore, type IsolatedCore } from "./isolated-core.js";
