/** What the memory of this machine allows. */
import { totalmem } from "node:os";
import { limitFunctionMemory } from "../grid/kept-functions.js";

/** Of the memory that calculations may fill, all threads together. */
const SHARE = 0.5;

/** Lets each of `workers` threads like this one keep its part of what this machine, or the container it is, has. */
export function useMachineMemory(workers = 1): void {
  const constrained = process.constrainedMemory();
  const bytes = constrained > 0 ? Math.min(totalmem(), constrained) : totalmem();
  limitFunctionMemory((SHARE * bytes) / workers);
}
