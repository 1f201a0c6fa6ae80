/** The backend of this thread: WebAssembly SIMD, created at first use, unless the machine offers another one. */
import { machine, useMachine } from "../machine.js";
import type { Backend } from "./backend.js";
import { createWasmBackend } from "./wasm-backend.js";

export function backend(): Backend {
  const chosen = machine().backend;
  if (chosen) return chosen;
  const made = createWasmBackend();
  useMachine({ backend: made });
  return made;
}
