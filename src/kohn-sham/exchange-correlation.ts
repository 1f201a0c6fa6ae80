/**
 * The exchange–correlation energy on a grid,
 *
 *   E_xc = Σ_g w_g ρ_g ε_xc(ρ_g, σ_g, τ_g),  F_μν = ∫ v_ρ φ_μφ_ν + 2 v_σ ∇ρ·∇(φ_μφ_ν) + ½ v_τ ∇φ_μ·∇φ_ν,  σ = |∇ρ|²
 *
 * (Pople, Gill & Johnson, Chem. Phys. Lett. 199, 557 (1992)), for the density of orbitals or of atom-centred
 * functions. Points where the density is below 1e-10, or negative as that of a fit can be far out, count as empty.
 */
import type { Functional } from "../functional/functional.js";
import type { BlockFunctions } from "../grid/block-functions.js";
import { densityOfMatrix, type PointDensity } from "../grid/collocate.js";
import type { GridBlock } from "../grid/grid-block.js";
import { addPotentialMatrix } from "../grid/integrate.js";
import { addKineticPotentialMatrix, kineticEnergyDensity } from "../grid/kinetic-energy-density.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import type { GridFunctions } from "./grid-functions.js";
import { addParts, blocksOfPart, eachPart } from "./grid-parts.js";
import type { Term, TermOptions, TermValue } from "./term.js";

/** What a Hamiltonian and the Harris–Foulkes energy need from an input density. */
export interface InputPotential {
  readonly energy: number;
  /** ∫v_xc ρ̃. */
  readonly potentialEnergy: number;
  readonly fock: Matrix;
}

/** Derivatives of the basis functions that a functional needs. */
export function derivativesFor(functional: Functional): 0 | 1 {
  return functional.family === "lda" ? 0 : 1;
}

/** The term of the density matrix; `orbitals` are [n] functions. */
export function exchangeCorrelationTerm(functional: Functional, orbitals: GridFunctions, n: number): Term {
  return {
    name: "exchangeCorrelation",
    evaluate: async ({ density }, options) =>
      addParts(await eachPart((part) => exchangeCorrelationOfPart(functional, orbitals, n, density, part, options))),
  };
}

/** What one part of the grid (grid-parts.ts) adds to it. */
export async function exchangeCorrelationOfPart(
  functional: Functional,
  orbitals: GridFunctions,
  n: number,
  density: Matrix,
  part: number,
  options?: TermOptions,
): Promise<TermValue> {
  const fock = matrix(n, n);
  let energy = 0;
  for (const b of blocksOfPart(orbitals.blocks.length, part)) {
    await checkpoint(options);
    const functions = orbitals.on(b);
    const value = atPoints(functional, pointDensity(functional, functions, density), orbitals.blocks[b].weights);
    energy += value.energy;
    if (options?.energyOnly) continue;
    addPotentialMatrix(functions, value.v, value.vGradient, fock);
    if (value.vTau) addKineticPotentialMatrix(functions, value.vTau, fock);
  }
  return options?.energyOnly ? { energy } : { energy, fock };
}

/** What the functional depends on. */
export function pointDensity({ family }: Functional, functions: BlockFunctions, density: Matrix): PointDensity {
  const point = densityOfMatrix(functions, density);
  return family === "mgga" ? { ...point, tau: kineticEnergyDensity(functions, density) } : point;
}

/** The potential, in the orbital basis, of a density given by its values (and gradients) on the blocks. */
export async function exchangeCorrelationOfDensity(
  functional: Functional,
  orbitals: GridFunctions,
  n: number,
  density: (block: GridBlock) => PointDensity,
  options?: RunOptions,
): Promise<InputPotential> {
  return addParts(await eachPart((part) => inputPotentialOfPart(functional, orbitals, n, density, part, options)));
}

/** What one part of the grid adds to it. */
export async function inputPotentialOfPart(
  functional: Functional,
  orbitals: GridFunctions,
  n: number,
  density: (block: GridBlock) => PointDensity,
  part: number,
  options?: RunOptions,
): Promise<InputPotential> {
  const fock = matrix(n, n);
  let energy = 0;
  let potentialEnergy = 0;
  for (const b of blocksOfPart(orbitals.blocks.length, part)) {
    await checkpoint(options);
    const value = atPoints(functional, density(orbitals.blocks[b]), orbitals.blocks[b].weights);
    energy += value.energy;
    potentialEnergy += value.potentialEnergy;
    addPotentialMatrix(orbitals.on(b), value.v, value.vGradient, fock);
  }
  return { energy, potentialEnergy, fock };
}

export interface BlockValue {
  readonly energy: number;
  /** w ρ ε_xc: what each point adds to the energy. */
  readonly energies: Float64Array;
  readonly potentialEnergy: number;
  /** w v_ρ */
  readonly v: Float64Array;
  /** w 2 v_σ ∇ρ */
  readonly vGradient: PointDensity["gradient"] | undefined;
  /** w v_τ */
  readonly vTau?: Float64Array;
}

/** The energy and its derivatives at the points of a block. Overwrites the gradient of the density with `vGradient`. */
export function atPoints(
  functional: Functional,
  { rho, gradient, tau }: PointDensity,
  weights: Float64Array,
): BlockValue {
  const count = rho.length;
  const v = new Float64Array(count);
  const exc = new Float64Array(count);
  let energy = 0;
  let potentialEnergy = 0;
  if (functional.family === "lda" || !gradient) {
    functional.evaluate(rho, undefined, { exc, vrho: v });
    for (let i = 0; i < count; i++) {
      v[i] *= weights[i];
      exc[i] *= weights[i] * rho[i];
      energy += exc[i];
      potentialEnergy += v[i] * rho[i];
    }
    return { energy, energies: exc, potentialEnergy, v, vGradient: undefined };
  }
  const [gx, gy, gz] = gradient;
  const sigma = new Float64Array(count);
  const vsigma = new Float64Array(count);
  for (let i = 0; i < count; i++) sigma[i] = gx[i] * gx[i] + gy[i] * gy[i] + gz[i] * gz[i];
  const vTau = tau && new Float64Array(count);
  functional.evaluate(rho, sigma, { exc, vrho: v, vsigma, ...(vTau ? { vtau: vTau } : {}) }, tau);
  for (let i = 0; i < count; i++) {
    v[i] *= weights[i];
    exc[i] *= weights[i] * rho[i];
    energy += exc[i];
    const factor = 2 * weights[i] * vsigma[i];
    potentialEnergy += v[i] * rho[i] + factor * sigma[i];
    gx[i] *= factor;
    gy[i] *= factor;
    gz[i] *= factor;
    if (vTau) vTau[i] *= weights[i];
  }
  return { energy, energies: exc, potentialEnergy, v, vGradient: gradient, ...(vTau ? { vTau } : {}) };
}
