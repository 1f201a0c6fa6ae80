/** Terms that are linear in the density matrix, E = Tr D h with F = h (kinetic, external), or do not depend on it. */
import { contract, type Matrix } from "../math/matrix.js";
import type { Term } from "./term.js";

/** E = Tr D h. `operator` is symmetric and packed. */
export function linearTerm(name: string, operator: Matrix): Term {
  return {
    name,
    async evaluate({ density }) {
      return { energy: contract(density, operator), fock: operator };
    },
  };
}

/** An energy that does not depend on the density: the repulsion of the nuclei. */
export function constantTerm(name: string, energy: number): Term {
  return {
    name,
    async evaluate() {
      return { energy };
    },
  };
}
