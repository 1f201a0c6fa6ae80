/** What the memory of this machine allows. */
import { totalmem } from "node:os";
import { limitFunctionMemory } from "../grid/kept-functions.js";

/** Of the memory that calculations may fill, all threads together. */
const SHARE = 0.5;

const constrained = process.constrainedMemory();
/** Bytes of this machine, or of the container it is. */
const AVAILABLE = constrained > 0 ? Math.min(totalmem(), constrained) : totalmem();

/** Lets each of `workers` threads like this one keep its part of the memory. */
export function useMachineMemory(workers = 1): void {
  limitFunctionMemory((SHARE * AVAILABLE) / workers);
}
