/** Functionals from outside the core, such as libxc's on machines that have it. */
import { machine } from "../machine.js";
import type { Functional } from "./xc-term.js";

/** The functional of a lower-case name; or why there is none, as the end of a sentence. Throws `unsupported` for one that brine cannot use. */
export type FunctionalProvider = (name: string) => Functional | string;

declare module "../machine.js" {
  interface Machine {
    /** Is asked for the names of functionals that are not built in (nobody is). */
    readonly functionals?: FunctionalProvider;
  }
}

export function functionalProvider(): FunctionalProvider | undefined {
  return machine().functionals;
}
