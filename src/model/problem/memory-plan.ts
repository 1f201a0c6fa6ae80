/**
 * What a training run keeps where. Small problems are in memory in double precision. Beyond, single precision halves
 * the bytes, and what is still too much goes to scratch files, if there is a folder for them. Precisions depend on the
 * sizes and the cap alone, so that the model does not depend on where its numbers were.
 */
import type { Precision } from "./storage.js";

/** Bytes that a run may take, about, unless it is told otherwise. */
const DEFAULT_MEMORY = 8e9;
/** Shares of them that arrays may take in memory in double precision, and in single precision. */
const DOUBLE_SHARE = { psi: 0.25, metrics: 0.125, triangles: 0.06 };
const SINGLE_SHARE = { psi: 0.3, metrics: 0.15, triangles: 0.15 };

/** How one array is kept. */
export interface Place {
  readonly precision: Precision;
  /** The scratch file of the array. */
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
  /** Of ψᵀψ and the factors of the preconditioner. */
  readonly trianglePrecision: Precision;
  /** ψᵀψ. */
  gram(name: string): Place;
  /** Cholesky factors of the preconditioner. */
  factor(name: string): Place;
  /** L of the kernels: always in double precision, for it is nearly singular. */
  root(name: string): Place;
}

/** `memory`: bytes; `folder`: of the scratch files, if there may be any. */
export function memoryPlan(sizes: Sizes, memory = DEFAULT_MEMORY, folder?: string): MemoryPlan {
  type Kind = keyof Sizes;
  const precisionOf = (kind: Kind): Precision => (8 * sizes[kind] > DOUBLE_SHARE[kind] * memory ? "single" : "double");
  const isOutside = (kind: Kind): boolean => 4 * sizes[kind] > SINGLE_SHARE[kind] * memory;
  const triangles = precisionOf("triangles");
  const large = triangles === "single";
  const place = (precision: Precision, outside: boolean, name: string): Place =>
    outside && folder !== undefined ? { precision, file: `${folder}/${name.replaceAll("/", "-")}` } : { precision };
  return {
    psi: (name) => place(precisionOf("psi"), isOutside("psi"), `psi-${name}`),
    metrics: () => place(precisionOf("metrics"), isOutside("metrics"), "metrics"),
    trianglePrecision: triangles,
    gram: (name) => place(triangles, large, `gram-${name}`),
    factor: (name) => place(triangles, isOutside("triangles"), `factor-${name}`),
    root: (name) => place("double", large, `root-${name}`),
  };
}
