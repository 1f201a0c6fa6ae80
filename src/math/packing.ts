/**
 * Copies between ordinary row-major matrices and the panels that the WebAssembly product works on.
 *
 * A panel holds four lines (rows of op(A) or columns of op(B)) interleaved: element (line, p) is at
 * `4 p + line`. Lines beyond the matrix are zero, so that the kernel needs no edge cases.
 */

export const PANEL = 4;

/** Rows of the source that are read side by side, so that each panel receives whole cache lines. */
const BUNCH = 8;

/** Panels whose lines are rows of the source: `lines` rows from `offset`, the first `depth` elements of each. */
export function packRows(source: Float64Array, offset: number, stride: number, lines: number, depth: number, target: Float64Array, at: number): void {
  const whole = lines - (lines % PANEL);
  for (let line = 0; line < whole; line += PANEL) {
    let s0 = offset + line * stride;
    let s1 = s0 + stride;
    let s2 = s1 + stride;
    let s3 = s2 + stride;
    for (let p = 0; p < depth; p++) {
      target[at] = source[s0++];
      target[at + 1] = source[s1++];
      target[at + 2] = source[s2++];
      target[at + 3] = source[s3++];
      at += PANEL;
    }
  }
  if (whole === lines) return;
  const rest = lines - whole;
  for (let p = 0; p < depth; p++)
    for (let line = 0; line < PANEL; line++) target[at++] = line < rest ? source[offset + (whole + line) * stride + p] : 0;
}

/** Panels whose lines are columns of the source: `lines` columns from `offset`, the first `depth` elements of each. */
export function packColumns(source: Float64Array, offset: number, stride: number, lines: number, depth: number, target: Float64Array, at: number): void {
  const whole = lines - (lines % PANEL);
  const panelSize = depth * PANEL;
  for (let first = 0; first < depth; first += BUNCH) {
    const end = Math.min(first + BUNCH, depth);
    for (let line = 0; line < whole; line += PANEL) {
      let s = offset + first * stride + line;
      let t = at + (line / PANEL) * panelSize + first * PANEL;
      for (let p = first; p < end; p++) {
        target[t] = source[s];
        target[t + 1] = source[s + 1];
        target[t + 2] = source[s + 2];
        target[t + 3] = source[s + 3];
        s += stride;
        t += PANEL;
      }
    }
  }
  if (whole === lines) return;
  const rest = lines - whole;
  let t = at + whole * depth;
  for (let p = 0; p < depth; p++)
    for (let line = 0; line < PANEL; line++) target[t++] = line < rest ? source[offset + p * stride + whole + line] : 0;
}

/** C ← α P + β C for a block of `rows` × `columns`; β = 0 overwrites whatever C holds. */
export function addBlock(
  product: Float64Array, from: number, fromStride: number, rows: number, columns: number,
  alpha: number, beta: number, c: Float64Array, to: number, toStride: number,
): void {
  for (let i = 0; i < rows; i++) {
    const p = from + i * fromStride;
    const q = to + i * toStride;
    if (beta === 0) for (let j = 0; j < columns; j++) c[q + j] = alpha * product[p + j];
    else if (beta === 1) for (let j = 0; j < columns; j++) c[q + j] += alpha * product[p + j];
    else for (let j = 0; j < columns; j++) c[q + j] = alpha * product[p + j] + beta * c[q + j];
  }
}
