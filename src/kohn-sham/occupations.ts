/**
 * From Fock matrices to the density matrices of their lowest orbitals, in two steps: `diagonalise` each channel, then
 * `fill` them together, since a Fermi level needs the orbital energies of all wave vectors first.
 */
import { BrineError } from "../errors.js";
import {
  columnsOf,
  hermitianEigh,
  product,
  scaledColumns,
  type ComplexMatrix,
  type Hermitian,
} from "../math/hermitian.js";
import { dot, type Matrix } from "../math/matrix.js";
import { fermiOccupations } from "./fermi-smearing.js";
import { transformed } from "./orthogonalisation.js";
import {
  channelsAtGamma,
  type Channel,
  type Electrons,
  type Orbitals,
  type PerChannel,
  type Spin,
  type State,
} from "./state.js";

/** Orbitals closer than this (hartree) are degenerate: any combination of them is one, too. */
const DEGENERATE = 1e-6;

/** A state made from Fock matrices. */
export interface Occupation extends State {
  /** Σ_i f_i ε_i, hartree. */
  readonly bandEnergy: number;
  /** From the highest occupied to the lowest empty orbital of any spin, hartree. */
  readonly gap?: number;
}

/** An occupation by orbitals, as all but that of spherical atoms is. */
export type OrbitalOccupation = Occupation & Required<Pick<Occupation, "orbitals" | "gap">>;

/** Diagonalises the Fock matrices in its own way and fills the orbitals. */
export type Occupy<Result extends Occupation = Occupation> = (fock: PerChannel) => Result;

/** Orbital energies, ascending, and orbitals of one channel: FC = SCε, C†SC = 1. */
export type Eigenstates = Pick<Orbitals, "energies" | "coefficients">;

/** FC = SCε of each channel, with X†SX = 1. Channels that share F and X are solved once. */
export function diagonalise(focks: PerChannel, orthogonalisers: PerChannel<ComplexMatrix>): Eigenstates[] {
  const solved: Eigenstates[] = [];
  focks.forEach((fock, c) => {
    const same = focks.findIndex((other, d) => d < c && other === fock && orthogonalisers[d] === orthogonalisers[c]);
    if (same >= 0) return solved.push(solved[same]);
    const { values, vectors } = hermitianEigh(transformed(orthogonalisers[c], fock));
    return solved.push({ energies: values, coefficients: product(orthogonalisers[c], vectors) });
  });
  return solved;
}

/** How electrons are shared out over orbitals. */
export interface Filling {
  /** Electrons in each orbital of each channel. */
  readonly occupations: PerChannel<Float64Array>;
  /** How many orbitals of each channel are filled without smearing. */
  readonly occupied: PerChannel<number>;
  /** −TS, hartree; absent for whole occupations. */
  readonly entropyEnergy?: number;
  /** From the highest occupied to the lowest empty orbital of any spin, hartree; infinite where one of them is missing. */
  readonly gap: number;
}

/**
 * Fills the lowest orbitals with the electrons of each spin: as many at each wave vector, or, at a `temperature` kT
 * (hartree), by one Fermi level a spin. Throws `input` when they do not fit.
 */
export function fill(
  energies: PerChannel<Float64Array>,
  channels: PerChannel<Channel>,
  electrons: Electrons,
  temperature = 0,
): Filling {
  const occupations: Float64Array[] = [];
  const occupied: number[] = [];
  let entropyEnergy = 0;
  let gap = Infinity;
  for (const spin of new Set(channels.map((channel) => channel.spin))) {
    const own = [...channels.keys()].filter((c) => channels[c].spin === spin);
    const count = electronsOf(electrons, spin);
    const { electrons: perOrbital } = channels[own[0]];
    const filled = Math.ceil(count / perOrbital);
    for (const c of own) {
      if (filled > energies[c].length)
        throw new BrineError(
          "input",
          `${count} electrons${spin === "both" ? "" : " of one spin"} do not fit into ${energies[c].length} independent orbitals; the orbital basis is too small`,
        );
      occupied[c] = filled;
      occupations[c] = new Float64Array(energies[c].length).fill(perOrbital, 0, filled);
    }
    gap = Math.min(gap, lowest(energies, own, filled) - highest(energies, own, filled));
    if (temperature === 0) continue;
    const weights = own.map((c) => channels[c].weight);
    const smeared = fermiOccupations(
      own.map((c) => energies[c]),
      weights,
      count,
      perOrbital,
      temperature,
    );
    own.forEach((c, k) => (occupations[c] = smeared.occupations[k]));
    entropyEnergy += smeared.entropyEnergy;
  }
  return { occupations, occupied, gap, ...(temperature === 0 ? {} : { entropyEnergy }) };
}

function electronsOf(electrons: Electrons, spin: Spin): number {
  const count = electrons[spin];
  if (count === undefined)
    throw new BrineError("usage", `there are orbitals of spin ${spin}, but no electrons for them`);
  return count;
}

function lowest(energies: PerChannel<Float64Array>, own: readonly number[], filled: number): number {
  return Math.min(...own.map((c) => energies[c][filled] ?? Infinity));
}

function highest(energies: PerChannel<Float64Array>, own: readonly number[], filled: number): number {
  return Math.max(...own.map((c) => energies[c][filled - 1] ?? -Infinity));
}

/** The occupation of the lowest orbitals. */
export function lowestOrbitals(
  channels: PerChannel<Channel>,
  orthogonalisers: PerChannel<ComplexMatrix>,
  electrons: Electrons,
  temperature = 0,
): Occupy<OrbitalOccupation> {
  return (focks) => {
    const eigenstates = diagonalise(focks, orthogonalisers);
    const { occupations, occupied, gap, entropyEnergy } = fill(
      eigenstates.map(({ energies }) => energies),
      channels,
      electrons,
      temperature,
    );
    const orbitals = eigenstates.map((states, c) => ({
      ...states,
      occupations: occupations[c],
      occupied: occupied[c],
    }));
    if (gap < DEGENERATE && temperature === 0)
      orbitals.forEach((own, c) => channels[c].electrons === 2 && delocalise(own, own.occupied - 1, own.occupied));
    let bandEnergy = 0;
    orbitals.forEach(({ energies, occupations }, c) => (bandEnergy += channels[c].weight * dot(occupations, energies)));
    return {
      channels,
      orbitals,
      densities: orbitals.map(densityOfOrbitals),
      bandEnergy,
      gap,
      ...(entropyEnergy === undefined ? {} : { entropyEnergy }),
    };
  };
}

/**
 * Turns two real orbitals i, j into each other so that Σ_μ C_μi⁴ + C_μj⁴ is smallest. Two equal atoms that are far apart
 * then share the electrons; as orbitals of one atom each, which are as good solutions, they would make ions.
 */
function delocalise({ coefficients }: Orbitals, i: number, j: number): void {
  const c = coefficients.real;
  // The sum is constant + ¼ (cosine cos 4θ + sine sin 4θ).
  let cosine = 0;
  let sine = 0;
  for (let mu = 0; mu < c.rows; mu++) {
    const a = c.data[mu * c.columns + i];
    const b = c.data[mu * c.columns + j];
    cosine += a ** 4 + b ** 4 - 6 * a * a * b * b;
    sine += 4 * a * b * (a * a - b * b);
  }
  const angle = Math.atan2(-sine, -cosine) / 4;
  const [x, y] = [Math.cos(angle), Math.sin(angle)];
  for (let mu = 0; mu < c.rows; mu++) {
    const a = c.data[mu * c.columns + i];
    const b = c.data[mu * c.columns + j];
    c.data[mu * c.columns + i] = x * a + y * b;
    c.data[mu * c.columns + j] = x * b - y * a;
  }
}

/** Orbitals with fewer electrons are empty. */
const EMPTY = 1e-16;

/** D = Σ_i f_i C_i C_i† as FF†, F the orbitals times √f without those that are empty. */
export function densityOfOrbitals({
  coefficients,
  occupations,
}: Pick<Orbitals, "coefficients" | "occupations">): Hermitian {
  let count = occupations.length;
  while (count > 0 && occupations[count - 1] <= EMPTY) count--;
  const factor = scaledColumns(coefficients, 0, occupations.subarray(0, count).map(Math.sqrt));
  return product(factor, factor, false, true);
}

/** The occupied and the empty orbitals of a channel without smearing: [functions, …] each. */
export function occupiedAndEmpty({ coefficients, occupied }: Orbitals): readonly [ComplexMatrix, ComplexMatrix] {
  return [columnsOf(coefficients, 0, occupied), columnsOf(coefficients, occupied, coefficients.real.columns)];
}

/** A closed shell with `pairs` of electrons in the lowest of its orbitals, of which the coefficients [functions, orbitals] are real. */
export function closedShellState(
  energies: Float64Array,
  coefficients: Matrix,
  pairs: number,
): State & Required<Pick<State, "orbitals">> {
  const orbitals = {
    energies,
    coefficients: { real: coefficients },
    occupations: new Float64Array(energies.length).fill(2, 0, pairs),
    occupied: pairs,
  };
  return { channels: channelsAtGamma(0), densities: [densityOfOrbitals(orbitals)], orbitals: [orbitals] };
}
