/**
 * What a training run keeps where. Small problems are in memory in double precision. Beyond, single precision halves
 * the bytes, and what is still too much goes to scratch files, if there is a folder for them. Precisions depend on the
 * sizes alone, so that the model does not depend on where its numbers were.
 */
import type { Precision } from "./storage.js";

/** Up to this many bytes in double precision. */
const DOUBLES = { psi: 2e9, metrics: 1e9, triangles: 1e9 };
/** Up to this many bytes in memory in single precision, if files are possible. */
const SINGLES = { psi: 2.5e9, metrics: 1.2e9, triangles: 1.2e9 };

/** How one array is kept. */
export interface Place {
  readonly precision: Precision;
  /** Its scratch file. */
  readonly file?: string;
}

export interface Sizes {
  /** Numbers of ψ. */
  readonly psi: number;
  /** Numbers of all metrics. */
  readonly metrics: number;
  /** Numbers of one triangle for each block. */
  readonly triangles: number;
}

export interface MemoryPlan {
  /** `name` tells arrays apart. */
  psi(name: string): Place;
  metrics(): Place;
  /** ψᵀψ. */
  gram(name: string): Place;
  /** Cholesky factors of the preconditioner. */
  factor(name: string): Place;
  /** L of the kernels: always in double precision, for it is nearly singular. */
  root(name: string): Place;
}

export function memoryPlan(sizes: Sizes, folder: string | undefined): MemoryPlan {
  const large = 8 * sizes.triangles > DOUBLES.triangles;
  const triangles: Precision = large ? "single" : "double";
  const psi: Precision = 8 * sizes.psi > DOUBLES.psi ? "single" : "double";
  const metrics: Precision = 8 * sizes.metrics > DOUBLES.metrics ? "single" : "double";
  const place = (precision: Precision, outside: boolean, name: string): Place =>
    outside && folder !== undefined ? { precision, file: `${folder}/${name.replaceAll("/", "-")}` } : { precision };
  return {
    psi: (name) => place(psi, 4 * sizes.psi > SINGLES.psi, `psi-${name}`),
    metrics: () => place(metrics, 4 * sizes.metrics > SINGLES.metrics, "metrics"),
    gram: (name) => place(triangles, large, `gram-${name}`),
    factor: (name) => place(triangles, 4 * sizes.triangles > SINGLES.triangles, `factor-${name}`),
    root: (name) => place("double", large, `root-${name}`),
  };
}
