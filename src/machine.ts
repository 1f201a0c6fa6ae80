/**
 * What a thread may use beyond JavaScript and WebAssembly: faster linear algebra, other functionals, other engines, scratch
 * files, threads, memory. One object for each thread, put together by whoever knows the machine (node/machine.ts); each part
 * is declared by the file that asks for it. The core works without any of them.
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- its members are declared where they are used
export interface Machine {}

let current: Machine = {};

/** Offers these parts to this thread; what was offered before and is not named stays. */
export function useMachine(offers: Machine): void {
  current = { ...current, ...offers };
}

/** What this thread has been offered. */
export function machine(): Machine {
  return current;
}
