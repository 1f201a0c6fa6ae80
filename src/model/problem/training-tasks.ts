/** The pieces of a training run that threads can do: plain data in, plain data (or stored numbers) out. */
import type { TaskTable } from "../../run.js";
import { featureSpace } from "./feature-space.js";
import { lossSums } from "./loss-sums.js";
import { fillMetrics } from "./metrics.js";
import { factorOnSite, onSitePart } from "./on-site-part.js";
import { reducedHessianPart } from "./reduced-hessian.js";
import { chooseEnvironments } from "./sparse-set.js";

export const trainingTasks = {
  "train/environments": chooseEnvironments,
  "train/feature-space": featureSpace,
  "train/metrics": fillMetrics,
  "train/loss": lossSums,
  "train/on-site": onSitePart,
  "train/factor": factorOnSite,
  "train/coarse": reducedHessianPart,
} satisfies TaskTable;

export type TrainingTask = keyof typeof trainingTasks;
