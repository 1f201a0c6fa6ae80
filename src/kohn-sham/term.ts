/**
 * A part of the Kohn–Sham energy, E_k[D], with all its derivatives: F_k = dE_k/dD, its density form, its kernel and its
 * nuclear gradient. What is absent is zero. A system is a list of terms, and whatever is done with a system is a sum over
 * them, so that a new term (a field, dispersion, a solvent) is one file.
 */
import { BrineError } from "../errors.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { axpy, copy, matrix, type Matrix } from "../math/matrix.js";
import type { Hermitian } from "../math/hermitian.js";
import type { RunOptions } from "../run.js";
import type { PerChannel, State } from "./state.js";

export interface TermValue {
  /** hartree */
  readonly energy: number;
  /** dE/dD divided by the weight of each channel; absent for a constant. */
  readonly fock?: PerChannel;
  /** What the energy is the sum of, where it has a name of its own; then these are the components. */
  readonly parts?: Readonly<Record<string, number>>;
}

/** What a term adds to the Hamiltonian of an atom-centred density ρ̃ and to its Harris–Foulkes energy. */
export interface InputValue {
  readonly fock?: PerChannel;
  /** E_k[ρ̃] − Tr D̃ F_k[ρ̃], hartree: what the energy has beside the sum of the orbital energies. */
  readonly doubleCounting: number;
}

export interface TermOptions extends RunOptions {
  /** Leaves the Fock matrix out where that saves work. */
  readonly energyOnly?: boolean;
}

export interface Term {
  /** The name of its energy among the components. */
  readonly name: string;
  evaluate(state: State, options?: TermOptions): Promise<TermValue>;
  /** Of a density that is known by its coefficients only, the same for all spins. */
  ofDensity?(density: AtomCentredDensity, options?: RunOptions): Promise<InputValue>;
  /** d²E/dρdρ' at a density, between the functions of the RI basis: [auxiliary, auxiliary], hartree. */
  kernel?(density: AtomCentredDensity, options?: RunOptions): Promise<Matrix>;
  /** dE/dR at fixed density matrices: [atoms, 3], hartree/bohr. Throws `unsupported` where it is not there. */
  gradient?(state: State, options?: RunOptions): Promise<Float64Array>;
}

/** Energies of the terms by name, their sum, and the sum of the Fock matrices. */
export interface TotalValue {
  readonly energy: number;
  readonly components: Readonly<Record<string, number>>;
  readonly fock: PerChannel;
}

/** Evaluates all terms and adds them up. With `energyOnly` the Fock matrix is not complete. */
export async function evaluateTerms(terms: readonly Term[], state: State, options?: TermOptions): Promise<TotalValue> {
  const fock = zeros(state.densities);
  const components: Record<string, number> = {};
  let energy = 0;
  for (const term of terms) {
    const value = await term.evaluate(state, options);
    Object.assign(components, value.parts ?? { [term.name]: value.energy });
    energy += value.energy;
    if (value.fock) addTo(fock, value.fock);
  }
  return { energy, components, fock };
}

/** The Hamiltonian of an atom-centred density. */
export interface InputHamiltonian {
  readonly fock: PerChannel;
  /** The Harris–Foulkes energy of ρ̃ less the sum of the orbital energies, hartree. */
  readonly doubleCounting: number;
}

/** F[ρ̃], the sum of the density forms of all terms. */
export async function inputHamiltonian(
  terms: readonly Term[],
  density: AtomCentredDensity,
  options?: RunOptions,
): Promise<InputHamiltonian> {
  let fock: PerChannel | undefined;
  let doubleCounting = 0;
  for (const term of terms) {
    const value = await term.ofDensity?.(density, options);
    if (!value) continue;
    doubleCounting += value.doubleCounting;
    if (!value.fock) continue;
    fock ??= zeros(value.fock);
    addTo(fock, value.fock);
  }
  return { fock: fock ?? [], doubleCounting };
}

/** d²E/dρdρ' between the functions of the RI basis, the sum of the kernels of all terms. Throws `unsupported` where no term has one. */
export async function totalKernel(
  terms: readonly Term[],
  density: AtomCentredDensity,
  options?: RunOptions,
): Promise<Matrix> {
  let sum: Matrix | undefined;
  for (const term of terms) {
    const kernel = await term.kernel?.(density, options);
    if (!kernel) continue;
    if (sum) axpy(1, kernel.data, sum.data);
    else sum = copy(kernel);
  }
  if (!sum) throw new BrineError("unsupported", "no term of the energy has a kernel");
  return sum;
}

/** dE/dR at fixed density matrices, the sum of the gradients of all terms: [atoms, 3], hartree/bohr. */
export async function totalGradient(
  terms: readonly Term[],
  atoms: number,
  state: State,
  options?: RunOptions,
): Promise<Float64Array> {
  const sum = new Float64Array(3 * atoms);
  for (const term of terms) {
    const gradient = await term.gradient?.(state, options);
    if (gradient) axpy(1, gradient, sum);
  }
  return sum;
}

function zeros(like: PerChannel): Hermitian[] {
  const zero = ({ rows, columns }: Matrix): Matrix => matrix(rows, columns);
  return like.map(({ real, imaginary }) =>
    imaginary ? { real: zero(real), imaginary: zero(imaginary) } : { real: zero(real) },
  );
}

function addTo(sums: PerChannel, parts: PerChannel): void {
  parts.forEach(({ real, imaginary }, c) => {
    axpy(1, real.data, sums[c].real.data);
    if (imaginary && sums[c].imaginary) axpy(1, imaginary.data, sums[c].imaginary.data);
  });
}
