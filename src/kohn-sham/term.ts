/** One part of the Kohn–Sham energy: E_k[D] and its contribution F_k = dE_k/dD to the Fock matrix. */
import type { Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";

/** What an energy is evaluated at. Closed shell: the density matrix of both spins together. */
export interface KohnShamState {
  /** [orbitals, orbitals], symmetric; Tr DS = N. */
  readonly density: Matrix;
  /** −TS of smeared occupations (0). */
  readonly entropyEnergy?: number;
}

export interface TermValue {
  /** hartree */
  readonly energy: number;
  /** dE/dD, symmetric; absent for a constant. */
  readonly fock?: Matrix;
  /** What the energy is the sum of, where it has a name of its own; then these are the components. */
  readonly parts?: Readonly<Record<string, number>>;
}

export interface TermOptions extends RunOptions {
  /** Leaves the Fock matrix out where that saves work. */
  readonly energyOnly?: boolean;
}

export interface Term {
  /** The name of its energy among the components. */
  readonly name: string;
  evaluate(state: KohnShamState, options?: TermOptions): Promise<TermValue>;
}

/** Energies of the terms by name, their sum, and the sum of the Fock matrices. */
export interface TotalValue {
  readonly energy: number;
  readonly components: Readonly<Record<string, number>>;
  readonly fock: Matrix;
}

/** Evaluates all terms and adds them up. With `energyOnly` the Fock matrix is not complete. */
export async function evaluateTerms(
  terms: readonly Term[],
  state: KohnShamState,
  options?: TermOptions,
): Promise<TotalValue> {
  const { rows, columns } = state.density;
  const fock: Matrix = { rows, columns, data: new Float64Array(rows * columns) };
  const components: Record<string, number> = {};
  let energy = 0;
  for (const term of terms) {
    const value = await term.evaluate(state, options);
    Object.assign(components, value.parts ?? { [term.name]: value.energy });
    energy += value.energy;
    if (value.fock) for (let i = 0; i < fock.data.length; i++) fock.data[i] += value.fock.data[i];
  }
  return { energy, components, fock };
}
