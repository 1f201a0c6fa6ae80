/** What the memory of this machine allows. */
import { totalmem } from "node:os";

/** Of the memory, what calculations may fill, all threads together. */
const FRACTION = 0.5;

const constrained = process.constrainedMemory();
/** Bytes of this machine, or of the container it is. */
const AVAILABLE = constrained > 0 ? Math.min(totalmem(), constrained) : totalmem();

/** Bytes of functions for each of `workers` threads like this one. */
export function functionMemoryFor(workers: number): number {
  return (FRACTION * AVAILABLE) / workers;
}
