/** Functionals from outside the core, such as libxc's on machines that have it. */
import type { Functional } from "./xc-term.js";

/** The functional of a lower-case name; or why there is none, as the end of a sentence. Throws `unsupported` for one that brine cannot use. */
export type FunctionalProvider = (name: string) => Functional | string;

let current: FunctionalProvider | undefined;

/** Asks `provider` in this thread for names that are not built in. */
export function useFunctionalProvider(provider: FunctionalProvider): void {
  current = provider;
}

export function functionalProvider(): FunctionalProvider | undefined {
  return current;
}
