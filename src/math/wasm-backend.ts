/**
 * The default backend: matrix products on 128-bit WebAssembly SIMD, at home in every JavaScript engine.
 *
 * Matrices stay in ordinary arrays. A product is cut into blocks; the blocks of op(A) and op(B) are packed
 * into one small WebAssembly memory, multiplied there, and the result is added to C. The block sizes keep
 * a panel of B in the first-level cache and a block of A in the second (Goto & van de Geijn, ACM TOMS 34,
 * 12 (2008)). Copies cost O(n²) against O(n³). The order of summation depends on the shapes alone, so
 * repeated runs give the same bits.
 */
import type { Backend } from "./backend.js";
import { symmetricEigensystem } from "./symmetric-eigensystem.js";
import { kernelBytes } from "./kernel-bytes.js";
import type { Matrix } from "./matrix.js";
import { addBlock, packColumns, packRows, PANEL } from "./packing.js";
import { addMatrixVector, addTransposedMatrixVector, plainGemm, scale } from "./plain-products.js";

const BLOCK_DEPTH = 384;
const BLOCK_ROWS = 128;
const BLOCK_COLUMNS = 1536;
/** Below this many multiplications a plain loop beats the copies. */
const PLAIN_BELOW = 16 ** 3;

interface Kernels {
  multiplyPanels(rowPanels: number, columnPanels: number, depth: number, a: number, b: number, c: number, stride: number): void;
}

const A_AT = 128; // in doubles; the first kilobyte belongs to the compiler
const B_AT = A_AT + BLOCK_ROWS * BLOCK_DEPTH;
const C_AT = B_AT + BLOCK_DEPTH * BLOCK_COLUMNS;
const SCRATCH_SIZE = C_AT + BLOCK_ROWS * BLOCK_COLUMNS;
const PAGE = 65536;

/** Compiles the kernels and returns a backend with its own scratch memory (7 MB). */
export function createWasmBackend(): Backend {
  const pages = Math.ceil((8 * SCRATCH_SIZE) / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const bytes = Uint8Array.from(atob(kernelBytes), (character) => character.charCodeAt(0));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const kernels = instance.exports as unknown as Kernels;
  const scratch = new Float64Array(memory.buffer);
  const gemm: Backend["gemm"] = (transposeA, transposeB, alpha, a, b, beta, c) => {
    const depth = transposeA ? a.rows : a.columns;
    if (alpha === 0 || depth === 0) scale(beta, c);
    else if (c.columns === 1) timesVector(transposeA, alpha, a, b, transposeB ? 1 : (b.stride ?? b.columns), beta, c, c.stride ?? 1);
    else if (c.rows === 1) timesVector(!transposeB, alpha, b, a, transposeA ? (a.stride ?? a.columns) : 1, beta, c, 1);
    else if (c.rows * c.columns * depth <= PLAIN_BELOW) plainGemm(transposeA, transposeB, alpha, a, b, beta, c);
    else blockedGemm(kernels, scratch, transposeA, transposeB, alpha, a, b, beta, c);
  };
  return { name: "wasm", gemm, eigh: (a) => symmetricEigensystem(a, gemm) };
}

function timesVector(transpose: boolean, alpha: number, a: Matrix, x: Matrix, xStep: number, beta: number, y: Matrix, yStep: number): void {
  scale(beta, y);
  (transpose ? addTransposedMatrixVector : addMatrixVector)(alpha, a, x.data, xStep, y.data, yStep);
}

function blockedGemm(
  kernels: Kernels, scratch: Float64Array,
  transposeA: boolean, transposeB: boolean, alpha: number, a: Matrix, b: Matrix, beta: number, c: Matrix,
): void {
  const depth = transposeA ? a.rows : a.columns;
  const sa = a.stride ?? a.columns;
  const sb = b.stride ?? b.columns;
  const sc = c.stride ?? c.columns;
  const packA = transposeA ? packColumns : packRows;
  const packB = transposeB ? packRows : packColumns;
  for (let j = 0; j < c.columns; j += BLOCK_COLUMNS) {
    const columns = Math.min(BLOCK_COLUMNS, c.columns - j);
    const columnPanels = Math.ceil(columns / PANEL);
    for (let p = 0; p < depth; p += BLOCK_DEPTH) {
      const k = Math.min(BLOCK_DEPTH, depth - p);
      packB(b.data, transposeB ? j * sb + p : p * sb + j, sb, columns, k, scratch, B_AT);
      for (let i = 0; i < c.rows; i += BLOCK_ROWS) {
        const rows = Math.min(BLOCK_ROWS, c.rows - i);
        packA(a.data, transposeA ? p * sa + i : i * sa + p, sa, rows, k, scratch, A_AT);
        const stride = columnPanels * PANEL;
        kernels.multiplyPanels(Math.ceil(rows / PANEL), columnPanels, k, 8 * A_AT, 8 * B_AT, 8 * C_AT, 8 * stride);
        addBlock(scratch, C_AT, stride, rows, columns, alpha, p === 0 ? beta : 1, c.data, i * sc + j, sc);
      }
    }
  }
}
