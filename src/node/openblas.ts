/**
 * OpenBLAS through a foreign function interface, when both are there: `gemm` from cblas_dgemm, `eigh` from
 * LAPACK's dsyevd. One thread each: brine spreads work over its own threads.
 */
import type { Backend, Eigensystem } from "../math/backend.js";
import { useMachine } from "../machine.js";
import { backend } from "../math/backend-in-use.js";
import { BrineError } from "../errors.js";
import { matrix, requireElements, type Matrix } from "../math/matrix.js";
import { scale } from "../math/plain-products.js";

/** What the dynamic linker may know it as: Linux, macOS (Homebrew), Windows. */
const NAMES = [
  "libopenblas.so.0",
  "libopenblas.so",
  "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
  "/usr/local/opt/openblas/lib/libopenblas.dylib",
  "libopenblas.dll",
];

const ROW_MAJOR = 101;
const PLAIN = 111;
const TRANSPOSED = 112;

/** Up to this many columns (or rows) of C, dgemv beats dgemm, which copies the large matrix first. */
const THIN = 8;
/** Numbers in a group of rows that is to stay in the cache: 256 kB. */
const GROUP_SIZE = 32768;

type Native = (...values: readonly (number | string | Float64Array | Int32Array)[]) => unknown;

interface Library {
  readonly path: string;
  readonly config: string;
  readonly dgemm: Native;
  readonly dgemv: Native;
  readonly dsyevd: Native;
}

/** Which backend this thread uses and why, for people. */
export interface BackendChoice {
  /** `wasm` or `openblas`. */
  readonly name: string;
  /** Which library, or why none. */
  readonly detail: string;
}

/**
 * Makes the backend named by the environment variable BRINE_BLAS the one of this thread: `wasm`,
 * `openblas`, or `auto` (the default: OpenBLAS when it is there). Throws `usage` for another name and
 * `unsupported` when OpenBLAS is asked for and missing.
 */
export async function chooseBackend(): Promise<BackendChoice> {
  const wanted = process.env.BRINE_BLAS || "auto";
  if (!["wasm", "openblas", "auto"].includes(wanted))
    throw new BrineError("usage", `BRINE_BLAS is "${wanted}"; it can be wasm, openblas or auto`);
  const builtIn = "WebAssembly SIMD, one thread";
  if (wanted === "wasm") return { name: backend().name, detail: `${builtIn} (BRINE_BLAS=wasm)` };
  const library = await load();
  if (typeof library !== "string") {
    useMachine({ backend: createBackend(library) });
    return { name: "openblas", detail: `${library.config}, one thread, from ${library.path}` };
  }
  if (wanted === "openblas") throw new BrineError("unsupported", `BRINE_BLAS=openblas, but ${library}`);
  return { name: backend().name, detail: `${builtIn}; ${library}` };
}

/** The OpenBLAS backend, without making it the one in use; undefined when it is not there. */
export async function openblasBackend(): Promise<Backend | undefined> {
  const library = await load();
  return typeof library === "string" ? undefined : createBackend(library);
}

/** The library, or why there is none. */
async function load(): Promise<Library | string> {
  const koffi = await import("koffi").then(
    (module) => module.default,
    () => undefined,
  );
  if (!koffi) return "the package koffi, which reaches OpenBLAS, is not installed";
  for (const path of NAMES) {
    try {
      const library = koffi.load(path);
      const int = (count: number): string[] => Array.from({ length: count }, () => "int");
      library.func("openblas_set_num_threads", "void", ["int"])(1);
      return {
        path,
        config: String(library.func("openblas_get_config", "str", [])())
          .split(" ")
          .slice(0, 2)
          .join(" "),
        dgemm: library.func("cblas_dgemm", "void", [
          ...int(6),
          "double",
          "void *",
          "int",
          "void *",
          "int",
          "double",
          "void *",
          "int",
        ]),
        dgemv: library.func("cblas_dgemv", "void", [
          ...int(4),
          "double",
          "void *",
          "int",
          "void *",
          "int",
          "double",
          "void *",
          "int",
        ]),
        // Two strings and seven arrays, by reference, then the hidden lengths of the strings.
        dsyevd: library.func("dsyevd_", "void", [
          "str",
          "str",
          ...Array.from({ length: 9 }, () => "void *"),
          "size_t",
          "size_t",
        ]),
      };
    } catch {
      continue;
    }
  }
  return "OpenBLAS was not found";
}

function createBackend(library: Library): Backend {
  return {
    name: "openblas",
    gemm: (transposeA, transposeB, alpha, a, b, beta, c) => gemm(library, transposeA, transposeB, alpha, a, b, beta, c),
    eigh: (a) => eigh(library, a),
  };
}

type Gemm = Backend["gemm"];

function gemm(library: Library, ...product: Parameters<Gemm>): void {
  const [transposeA, transposeB, alpha, a, b, beta, c] = product;
  for (const x of [a, b, c]) requireElements(x); // native code does not check bounds
  const depth = transposeA ? a.rows : a.columns;
  const [sa, sb, sc] = [rowStep(a), rowStep(b), rowStep(c)];
  if (alpha === 0 || depth === 0) scale(beta, c);
  else if (c.columns <= THIN)
    manyVectors(library, a, transposeA, alpha, lines(b, !transposeB), beta, lines(c, true), c.columns);
  else if (c.rows <= THIN)
    manyVectors(library, b, !transposeB, alpha, lines(a, transposeA), beta, lines(c, false), c.rows);
  else
    library.dgemm(
      ROW_MAJOR,
      transposeA ? TRANSPOSED : PLAIN,
      transposeB ? TRANSPOSED : PLAIN,
      c.rows,
      c.columns,
      depth,
      alpha,
      a.data,
      sa,
      b.data,
      sb,
      beta,
      c.data,
      sc,
    );
}

/** The columns or rows of a matrix as vectors. */
interface Lines {
  readonly data: Float64Array;
  /** From one line to the next, and from one element of a line to the next. */
  readonly apart: number;
  readonly step: number;
}

function lines(a: Matrix, columns: boolean): Lines {
  return columns ? { data: a.data, apart: 1, step: rowStep(a) } : { data: a.data, apart: rowStep(a), step: 1 };
}

/** y_j ← α op(A) x_j + β y_j, in groups of rows of A that stay in the second-level cache while all vectors pass. */
function manyVectors(
  { dgemv }: Library,
  a: Matrix,
  transposed: boolean,
  alpha: number,
  x: Lines,
  beta: number,
  y: Lines,
  count: number,
): void {
  const stride = rowStep(a);
  const group = count === 1 ? a.rows : Math.max(16, Math.floor(GROUP_SIZE / stride));
  for (let first = 0; first < a.rows; first += group) {
    const rows = Math.min(group, a.rows - first);
    const part = a.data.subarray(first * stride);
    for (let j = 0; j < count; j++) {
      const from = x.data.subarray(j * x.apart + (transposed ? first * x.step : 0));
      const to = y.data.subarray(j * y.apart + (transposed ? 0 : first * y.step));
      dgemv(
        ROW_MAJOR,
        transposed ? TRANSPOSED : PLAIN,
        rows,
        a.columns,
        alpha,
        part,
        stride,
        from,
        x.step,
        transposed && first > 0 ? 1 : beta,
        to,
        y.step,
      );
    }
  }
}

const rowStep = (a: Matrix): number => Math.max(1, a.stride ?? a.columns);

/** Our rows are Fortran's columns, so our lower triangle is its upper, and its vectors come out as our rows. */
function eigh({ dsyevd }: Library, a: Matrix): Eigensystem {
  requireElements(a);
  const n = a.rows;
  const values = new Float64Array(n);
  const vectors = matrix(n, n);
  if (n === 0) return { values, vectors };
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rows.set(a.data.subarray(i * rowStep(a), i * rowStep(a) + i + 1), i * n);
  const order = Int32Array.of(n);
  const info = new Int32Array(1);
  const work = new Float64Array(1 + 6 * n + 2 * n * n);
  const integers = new Int32Array(3 + 5 * n);
  dsyevd(
    "V",
    "U",
    order,
    rows,
    order,
    values,
    work,
    Int32Array.of(work.length),
    integers,
    Int32Array.of(integers.length),
    info,
    1,
    1,
  );
  if (info[0] !== 0)
    throw new BrineError(
      "not-converged",
      `LAPACK's dsyevd did not diagonalise a matrix of order ${n} (info ${info[0]})`,
    );
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) vectors.data[j * n + i] = rows[i * n + j];
  return { values, vectors };
}
