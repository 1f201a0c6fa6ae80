/** Temporary plain loops; replaced by the WebAssembly kernel. */
import type { Backend } from "./backend.js";

export function createWasmBackend(): Backend {
  return {
    name: "plain",
    gemm(ta, tb, alpha, a, b, beta, c) {
      const k = ta ? a.rows : a.columns;
      const sa = a.stride ?? a.columns, sb = b.stride ?? b.columns, sc = c.stride ?? c.columns;
      for (let i = 0; i < c.rows; i++)
        for (let j = 0; j < c.columns; j++) {
          let s = 0;
          for (let p = 0; p < k; p++) s += a.data[ta ? p * sa + i : i * sa + p] * b.data[tb ? j * sb + p : p * sb + j];
          c.data[i * sc + j] = alpha * s + (beta === 0 ? 0 : beta * c.data[i * sc + j]);
        }
    },
    eigh() {
      throw new Error("not yet");
    },
  };
}
