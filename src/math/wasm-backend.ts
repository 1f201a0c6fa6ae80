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
import { kernels as kernelsOfThread, SCRATCH_START, type Kernels } from "./kernels.js";
import type { Matrix } from "./matrix.js";
import { addBlock, packColumns, packRows, PANEL, STAGE_SIZE } from "./packing.js";
import { plainGemm, scale } from "./plain-products.js";
import { wasmRotations } from "./rotations.js";
import { symmetricEigensystem } from "./symmetric-eigensystem.js";
import { addThinProduct, columnsOf, MOST_VECTORS, rowsOf } from "./thin-products.js";

const BLOCK_DEPTH = 384;
const BLOCK_ROWS = 128;
const BLOCK_COLUMNS = 1536;
/** Up to this many multiplications a plain loop beats the copies. */
const PLAIN_UP_TO = 216;

const A_AT = SCRATCH_START + STAGE_SIZE;
const B_AT = A_AT + BLOCK_ROWS * BLOCK_DEPTH;
const C_AT = B_AT + BLOCK_DEPTH * BLOCK_COLUMNS; // and BLOCK_ROWS × BLOCK_COLUMNS of SCRATCH_SIZE for C

/** A backend on the kernels of this thread and their scratch memory (7 MB). */
export function createWasmBackend(): Backend {
  const kernels = kernelsOfThread();
  const applyRotations = wasmRotations(kernels);
  const gemm: Backend["gemm"] = (transposeA, transposeB, alpha, a, b, beta, c) => {
    const depth = transposeA ? a.rows : a.columns;
    if (alpha === 0 || depth === 0) scale(beta, c);
    else if (c.rows * c.columns * depth <= PLAIN_UP_TO) plainGemm(transposeA, transposeB, alpha, a, b, beta, c);
    else if (Math.min(c.rows, c.columns) <= MOST_VECTORS)
      thinGemm(kernels, transposeA, transposeB, alpha, a, b, beta, c);
    else blockedGemm(kernels, transposeA, transposeB, alpha, a, b, beta, c);
  };
  return { name: "wasm", gemm, eigh: (a) => symmetricEigensystem(a, gemm, applyRotations) };
}

/** The larger of A and B times the columns, or rows, of the smaller. */
function thinGemm(
  kernels: Kernels,
  transposeA: boolean,
  transposeB: boolean,
  alpha: number,
  a: Matrix,
  b: Matrix,
  beta: number,
  c: Matrix,
): void {
  scale(beta, c);
  if (c.columns <= c.rows)
    addThinProduct(kernels, transposeA, alpha, a, transposeB ? rowsOf(b) : columnsOf(b), columnsOf(c));
  else addThinProduct(kernels, !transposeB, alpha, b, transposeA ? columnsOf(a) : rowsOf(a), rowsOf(c));
}

function blockedGemm(
  kernels: Kernels,
  transposeA: boolean,
  transposeB: boolean,
  alpha: number,
  a: Matrix,
  b: Matrix,
  beta: number,
  c: Matrix,
): void {
  const { doubles: scratch } = kernels;
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
      packB(kernels, b.data, transposeB ? j * sb + p : p * sb + j, sb, columns, k, B_AT);
      for (let i = 0; i < c.rows; i += BLOCK_ROWS) {
        const rows = Math.min(BLOCK_ROWS, c.rows - i);
        packA(kernels, a.data, transposeA ? p * sa + i : i * sa + p, sa, rows, k, A_AT);
        const stride = columnPanels * PANEL;
        kernels.multiplyPanels(Math.ceil(rows / PANEL), columnPanels, k, 8 * A_AT, 8 * B_AT, 8 * C_AT, 8 * stride);
        addBlock(scratch, C_AT, stride, rows, columns, alpha, p === 0 ? beta : 1, c.data, i * sc + j, sc);
      }
    }
  }
}
