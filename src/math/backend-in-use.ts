/** The backend of this thread: WebAssembly SIMD, created at first use, unless another one was chosen. */
import type { Backend } from "./backend.js";
import { createWasmBackend } from "./wasm-backend.js";

let current: Backend | undefined;

/** Makes `backend` the one that linear algebra uses in this thread. */
export function useBackend(backend: Backend): void {
  current = backend;
}

export function backend(): Backend {
  current ??= createWasmBackend();
  return current;
}
