/**
 * The state of a Kohn–Sham system: one density matrix for each channel, that is for each set of orbitals of a spin at a
 * wave vector. A closed shell is one channel whose orbitals hold two electrons, an open shell has two whose orbitals hold
 * one (Pople & Nesbet, J. Chem. Phys. 22, 571 (1954)), k points multiply both.
 */
import { BrineError } from "../errors.js";
import { combination, innerProduct, product, type ComplexMatrix, type Hermitian } from "../math/hermitian.js";
import type { Matrix } from "../math/matrix.js";
import { electronCount, formula, type Structure } from "../structure/structure.js";

/** Which electrons a channel holds: pairs of them, or one spin. */
export type Spin = "both" | "up" | "down";

/** One set of orbitals: a spin at a wave vector. */
export interface Channel {
  /** `both` in closed shells. */
  readonly spin: Spin;
  /** In units of the reciprocal vectors; [0, 0, 0] for molecules and at Γ. */
  readonly k: readonly [number, number, number];
  /** That an orbital can hold. */
  readonly electrons: 1 | 2;
  /** Of the wave vector, Σ_k = 1. */
  readonly weight: number;
}

/** One matrix for each channel. */
export type PerChannel<Part = Hermitian> = readonly Part[];

/** Orbitals of one channel. */
export interface Orbitals {
  /** Ascending, hartree. */
  readonly energies: Float64Array;
  /** FC = SCε, C†SC = 1: [functions, orbitals]. */
  readonly coefficients: ComplexMatrix;
  /** Electrons in each orbital. */
  readonly occupations: Float64Array;
  /** How many are filled without smearing. */
  readonly occupied: number;
}

/** The density matrices of a Kohn–Sham system, and its orbitals where they are known. */
export interface State {
  /** One in closed shells, two in open ones. */
  readonly channels: PerChannel<Channel>;
  /** D = Σ_i f_i C_i C_i†: [functions, functions] each; Σ weight Tr DS = N. */
  readonly densities: PerChannel;
  /** Of the diagonalisation that the density matrices came from. */
  readonly orbitals?: PerChannel<Orbitals>;
  /** −TS of smeared occupations, hartree (0). */
  readonly entropyEnergy?: number;
}

/** Numbers of electrons of each spin that has channels. */
export type Electrons = Readonly<Partial<Record<Spin, number>>>;

const GAMMA = [0, 0, 0] as const;

/** The channels at Γ of a system with or without unpaired electrons. */
export function channelsAtGamma(unpaired: number): Channel[] {
  const channel = (spin: Spin, electrons: 1 | 2): Channel => ({ spin, k: GAMMA, electrons, weight: 1 });
  return unpaired === 0 ? [channel("both", 2)] : [channel("up", 1), channel("down", 1)];
}

/** One part, not copied, for each of the channels. */
export function onAll<Part>(channels: PerChannel<Channel>, part: Part): Part[] {
  return channels.map(() => part);
}

/** Σ weight D: the density matrix of both spins together. At one wave vector without spin it is D itself, not copied. */
export function totalDensity({ channels, densities }: State): Hermitian {
  if (channels.length === 1) return densities[0];
  return combination(
    channels.map(({ weight }) => weight),
    densities,
  );
}

/** D_α − D_β; undefined without spin. */
export function spinDensity({ channels, densities }: State): Hermitian | undefined {
  if (channels.every(({ spin }) => spin === "both")) return undefined;
  return combination(
    channels.map(({ spin, weight }) => (spin === "up" ? weight : -weight)),
    densities,
  );
}

/** The total density matrix where it is real: of molecules and at Γ. */
export function realDensity(state: State): Matrix {
  return totalDensity(state).real;
}

/** A closed shell with a density matrix that is known otherwise. */
export function closedShell(density: Matrix): State {
  return { channels: channelsAtGamma(0), densities: [{ real: density }] };
}

/** Σ weight Re Tr A†B over the channels; Tr AB of Hermitian matrices. */
export function traceOfProducts(channels: PerChannel<Channel>, a: PerChannel, b: PerChannel): number {
  return channels.reduce((sum, { weight }, c) => sum + weight * innerProduct(a[c], b[c]), 0);
}

/** Σ_k w_k A_k in each channel. */
export function combinations(weights: ArrayLike<number>, lists: readonly PerChannel[]): Hermitian[] {
  return lists[0].map((_, c) =>
    combination(
      weights,
      lists.map((list) => list[c]),
    ),
  );
}

/** ⟨S²⟩ of the determinant of an open shell, S_z² + N/2 − Tr D_α S D_β S; S(S + 1) for a pure spin state. */
export function spinSquared({ densities }: State, { up = 0, down = 0 }: Electrons, overlap: Hermitian): number {
  const [alpha, beta] = densities.map((density) => product(density, overlap).real);
  let shared = 0;
  for (let i = 0; i < alpha.rows; i++)
    for (let j = 0; j < alpha.rows; j++) shared += alpha.data[i * alpha.columns + j] * beta.data[j * beta.columns + i];
  return (0.5 * (up - down)) ** 2 + 0.5 * (up + down) - shared;
}

/**
 * Electrons of either spin, or of both together where none is unpaired; the `charges` that they see and that of the structure
 * say how many there are. Whole occupations need whole pairs, smeared ones (`smearing` kT, hartree) do not. Throws `input` or
 * `unsupported` for numbers that do not go together.
 */
export function electronsOfSpins(
  structure: Structure,
  charges: ArrayLike<number> = structure.species,
  smearing?: number,
): Electrons {
  const { charge, unpaired } = structure;
  const count = electronCount(structure, charges);
  const what = `${formula(structure)} with charge ${charge}`;
  if (!(Number.isInteger(count) && count > 0))
    throw new BrineError("input", `${what} has ${count} electrons; check the charge`);
  if (unpaired === 0) {
    if (count % 2 === 0 || smearing !== undefined) return { both: count };
    throw new BrineError(
      "unsupported",
      `${what} has an odd number of electrons (${count}); set the number of unpaired electrons (spin=1 in the comment line of a file), or check atoms and charge`,
    );
  }
  if (!(count >= unpaired && (count - unpaired) % 2 === 0))
    throw new BrineError(
      "input",
      `${what} has ${count} electrons, of which ${unpaired} cannot be unpaired; check the charge and the number of unpaired electrons`,
    );
  return { up: (count + unpaired) / 2, down: (count - unpaired) / 2 };
}
