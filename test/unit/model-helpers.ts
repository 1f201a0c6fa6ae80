/** A small, quick training problem: clusters of the water benchmark and a short descriptor. */
import { waterClusters } from "../data/water-clusters/load.mjs";
import type { PartialTrainSettings } from "../../dist/model/settings.js";

export const { training, validation } = waterClusters();

/** 24 clusters of all sizes. */
export const few = [...training.slice(0, 12), ...training.slice(96, 108)];

export const quick: PartialTrainSettings = { nmax: 4, lmax: 3, environments: 8, regularization: 1e-6 };
