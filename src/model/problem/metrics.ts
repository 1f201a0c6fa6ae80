/** The whitened metrics of some structures, written where they are kept. */
import { placeBasis, type Basis } from "../../basis/basis.js";
import { metricMatrix } from "../../density/metric.js";
import type { MetricName } from "../../level.js";
import { checkpoint, type RunOptions } from "../../run.js";
import type { Structure } from "../../structure/structure.js";
import { blockOrder, type Block } from "../blocks.js";
import { whitenMetric } from "./learning-problem.js";
import { whitenings } from "./on-site.js";
import { put, type Stored } from "./storage.js";

export interface MetricsTask {
  readonly structures: readonly Structure[];
  readonly auxiliary: Basis;
  readonly metric: MetricName;
  readonly blocks: readonly Block[];
  readonly into: Stored;
  /** Where M̃ of each structure goes. */
  readonly first: Float64Array;
}

export async function fillMetrics(task: MetricsTask, options?: RunOptions): Promise<void> {
  const { structures, auxiliary, metric, blocks, into, first } = task;
  const whitening = whitenings(blocks, auxiliary, metric);
  for (const [k, structure] of structures.entries()) {
    const plain = metricMatrix(metric, placeBasis(auxiliary, structure), structure);
    put(into, first[k], whitenMetric(plain, blockOrder(blocks, auxiliary, structure), whitening).data);
    await checkpoint(options);
  }
}
