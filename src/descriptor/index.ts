export { type DescriptorSettings, channelCount, checkSettings } from "./settings.js";
export { type Expansion, sphericalExpansion } from "./spherical-expansion.js";
export { lambdaSoap, lambdaSoapOf } from "./lambda-soap.js";
export { squaredNorms, squaredNormsOf } from "./norms.js";
export { farthestPoints } from "./farthest-points.js";
export { selectFeatures } from "./feature-selection.js";
export { cutoffCount, expansionsOf, featureCount, joinExpansions, selectedBySphere } from "./cutoffs.js";
export { environmentsOf, farFieldFactors } from "./far-field.js";
