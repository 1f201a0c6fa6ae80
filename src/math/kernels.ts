/**
 * The WebAssembly instance of a thread: compiled kernels and one scratch memory of fixed size (it never
 * grows, so views on it stay valid). Whoever calls a kernel owns the whole scratch; nothing in it survives a call of
 * something else that uses kernels.
 */
import { kernelBytes } from "./kernel-bytes.js";

/** Addresses are in bytes. See kernels/ for what each does. */
export interface Kernels {
  multiplyPanels(
    rowPanels: number,
    columnPanels: number,
    depth: number,
    a: number,
    b: number,
    c: number,
    stride: number,
  ): void;
  packRows(source: number, stride: number, lines: number, depth: number, target: number): void;
  packColumns(source: number, stride: number, lines: number, depth: number, target: number, panelSize: number): void;
  multiplyVectors(a: number, rows: number, columns: number, x: number, y: number, vectors: number): void;
  addTransposedVectors(a: number, rows: number, columns: number, x: number, y: number, vectors: number): void;
  rotateColumns(z: number, sweeps: number, count: number, rotations: number): void;
  functionsOfAtom(
    count: number,
    points: number,
    stride: number,
    centre: number,
    lmax: number,
    shells: number,
    shellCount: number,
    functions: number,
    slopes: number,
    derivatives: number,
    out: number,
    work: number,
  ): void;
  addDensityOfAtom(
    count: number,
    points: number,
    stride: number,
    centre: number,
    lmax: number,
    shells: number,
    shellCount: number,
    slopes: number,
    derivatives: number,
    out: number,
    work: number,
  ): void;
  addNeighbour(
    powers: number,
    terms: number,
    t: number,
    w: number,
    y: number,
    lmax: number,
    width: number,
    g: number,
    x: number,
    apart: number,
  ): void;
  pairExpansions(first: number, second: number, components: number, channels: number, out: number): void;
  coupledProducts(
    n1: number,
    x1: number,
    x2: number,
    components: number,
    channels: number,
    used: number,
    counts: number,
    sources: number,
    values: number,
    u: number,
    features: number,
    weights: number,
    wanted: number,
    scale: number,
    first: number,
    second: number,
    row: number,
  ): void;
  gramOfPair(x: number, components: number, channels: number, gram: number): void;
  coupleGram(gram: number, targets: number, counts: number, sources: number, values: number, g: number): void;
  addDensityOfRows(rows: number, count: number, a: number, apart: number, out: number, stride: number): void;
  raiseHermite(top: number, n: number, x: number, g: number, even: number, odd: number, steps: number): void;
  fftRadix2(m: number, s: number, x: number, y: number, twiddles: number): void;
  fftRadix3(m: number, s: number, x: number, y: number, twiddles: number, sign: number): void;
  fftRadix4(m: number, s: number, x: number, y: number, twiddles: number, sign: number): void;
  fftRadix5(m: number, s: number, x: number, y: number, twiddles: number, sign: number): void;
  joinRealRows(rows: number, n: number, from: number, to: number): void;
  splitRealRows(rows: number, n: number, from: number, to: number): void;
  splitSpectra(rows: number, n: number, from: number, to: number, factor: number): void;
  joinSpectra(rows: number, n: number, from: number, to: number): void;
  functionsOnCube(
    n1: number,
    n2: number,
    n3: number,
    lattice: number,
    lmax: number,
    primitives: number,
    primitiveCount: number,
    shells: number,
    shellCount: number,
    row: number,
    add: number,
    work: number,
  ): void;
  widen(from: number, to: number, count: number): void;
  narrow(from: number, to: number, count: number): void;
  readonly doubles: Float64Array;
  readonly singles: Float32Array;
  readonly integers: Int32Array;
}

/** In doubles; the first kilobyte of the memory belongs to the compiler. */
export const SCRATCH_START = 128;
export const SCRATCH_SIZE = 7 << 17;

/** After the scratch, room of the integrals alone (src/integrals/hermite-rows.ts). */
export const HERMITE_AT = SCRATCH_START + SCRATCH_SIZE;
const HERMITE_SIZE = 3 << 16;

/** Then room of functions on blocks of uniform grids alone (src/grid/cube-functions.ts). */
export const CUBE_AT = HERMITE_AT + HERMITE_SIZE;
export const CUBE_SIZE = 3 << 19;

const PAGE = 65536;

let instance: Kernels | undefined;

/** The kernels of this thread, compiled at first use. */
export function kernels(): Kernels {
  instance ??= instantiateKernels();
  return instance;
}

function instantiateKernels(): Kernels {
  const pages = Math.ceil((8 * (CUBE_AT + CUBE_SIZE)) / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const bytes = Uint8Array.from(atob(kernelBytes), (character) => character.charCodeAt(0));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return {
    ...(exports as unknown as Omit<Kernels, "doubles" | "singles" | "integers">),
    doubles: new Float64Array(memory.buffer),
    singles: new Float32Array(memory.buffer),
    integers: new Int32Array(memory.buffer),
  };
}
