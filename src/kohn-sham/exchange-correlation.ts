/**
 * The exchange–correlation energy on a grid, of the density of orbitals or of atom-centred functions. Closed shells:
 *
 *   E_xc = Σ_g w_g ρ_g ε_xc(ρ_g, σ_g, τ_g),  F_μν = ∫ v_ρ φ_μφ_ν + 2 v_σ ∇ρ·∇(φ_μφ_ν) + ½ v_τ ∇φ_μ·∇φ_ν,  σ = |∇ρ|²
 *
 * and open ones, with σ_σσ′ = ∇ρ_σ·∇ρ_σ′ (likewise for β),
 *
 *   F^α_μν = ∫ v_ρα φ_μφ_ν + (2 v_σαα ∇ρ_α + v_σαβ ∇ρ_β)·∇(φ_μφ_ν) + ½ v_τα ∇φ_μ·∇φ_ν
 *
 * (Pople, Gill & Johnson, Chem. Phys. Lett. 199, 557 (1992)). Points where the density is below 1e-10, or negative as that
 * of a fit can be far out, count as empty.
 */
import type { Functional, SpinPoints, SpinXcOutput } from "../functional/functional.js";
import type { BlockFunctions } from "../grid/block-functions.js";
import { densityOfMatrix, type PointDensity } from "../grid/collocate.js";
import type { GridBlock } from "../grid/grid-block.js";
import { addPotentialMatrix, type PointVector } from "../grid/integrate.js";
import { addKineticPotentialMatrix, kineticEnergyDensity } from "../grid/kinetic-energy-density.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import type { GridFunctions } from "./grid-functions.js";
import { blocksOfPart } from "./grid-parts.js";
import type { TermOptions } from "./term.js";

/** The energy, and dE/dD of each density matrix unless only the energy was asked for. */
export interface GridValue {
  readonly energy: number;
  readonly potentials?: readonly Matrix[];
}

/** What a Hamiltonian and the Harris–Foulkes energy need from an input density. */
export interface InputPotential {
  readonly energy: number;
  /** ∫v_xc ρ̃ */
  readonly potentialEnergy: number;
  /** The matrix of v_xc, one for all spins. */
  readonly potentials: readonly [Matrix];
}

/** Derivatives of the basis functions that a functional needs. */
export function derivativesFor(functional: Functional): 0 | 1 {
  return functional.family === "lda" ? 0 : 1;
}

/** What one part of the grid (grid-parts.ts) adds: of the density matrix of both spins together, or of those of either. */
export async function exchangeCorrelationOfPart(
  functional: Functional,
  orbitals: GridFunctions,
  densities: readonly Matrix[],
  part: number,
  options?: TermOptions,
): Promise<GridValue> {
  const potentials = densities.map(({ rows }) => matrix(rows, rows));
  let energy = 0;
  for (const b of blocksOfPart(orbitals.blocks.length, part)) {
    await checkpoint(options);
    const functions = orbitals.on(b);
    const { weights } = orbitals.blocks[b];
    const spins = densities.map((density) => pointDensity(functional, functions, density));
    const value =
      spins.length === 1 ? atPoints(functional, spins[0], weights) : atSpinPoints(functional, spins, weights);
    energy += value.energy;
    if (options?.energyOnly) continue;
    value.potentials.forEach(({ v, vGradient, vTau }, spin) => {
      addPotentialMatrix(functions, v, vGradient, potentials[spin]);
      if (vTau) addKineticPotentialMatrix(functions, vTau, potentials[spin]);
    });
  }
  return options?.energyOnly ? { energy } : { energy, potentials };
}

/** What one part of the grid adds for a density given by its values (and gradients) on the blocks, with `n` orbitals. */
export async function inputPotentialOfPart(
  functional: Functional,
  orbitals: GridFunctions,
  n: number,
  density: (block: GridBlock) => PointDensity,
  part: number,
  options?: RunOptions,
): Promise<InputPotential> {
  const potential = matrix(n, n);
  let energy = 0;
  let potentialEnergy = 0;
  for (const b of blocksOfPart(orbitals.blocks.length, part)) {
    await checkpoint(options);
    const value = atPoints(functional, density(orbitals.blocks[b]), orbitals.blocks[b].weights);
    energy += value.energy;
    potentialEnergy += value.potentialEnergy;
    const [{ v, vGradient }] = value.potentials;
    addPotentialMatrix(orbitals.on(b), v, vGradient, potential);
  }
  return { energy, potentialEnergy, potentials: [potential] };
}

/** What the functional depends on. */
function pointDensity({ family }: Functional, functions: BlockFunctions, density: Matrix): PointDensity {
  const point = densityOfMatrix(functions, density);
  return family === "mgga" ? { ...point, tau: kineticEnergyDensity(functions, density) } : point;
}

/** Derivatives of the energy by what a density of one spin is at each point, weights included. */
export interface PointPotential {
  /** w v_ρ */
  readonly v: Float64Array;
  /** w ∂e/∂∇ρ: of closed shells w 2 v_σ ∇ρ. */
  readonly vGradient?: PointVector | undefined;
  /** w v_τ */
  readonly vTau?: Float64Array;
}

export interface PointsValue {
  readonly energy: number;
  /** w ρ ε_xc: what each point adds to the energy. */
  readonly energies: Float64Array;
  /** Of each spin. */
  readonly potentials: readonly PointPotential[];
}

/** Closed shells at the points of a block. Overwrites the gradient of the density with `vGradient`. */
export function atPoints(
  functional: Functional,
  { rho, gradient, tau }: PointDensity,
  weights: Float64Array,
): PointsValue & { readonly potentialEnergy: number; readonly potentials: readonly [PointPotential] } {
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
    return { energy, energies: exc, potentialEnergy, potentials: [{ v }] };
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
  return {
    energy,
    energies: exc,
    potentialEnergy,
    potentials: [{ v, vGradient: gradient, ...(vTau ? { vTau } : {}) }],
  };
}

/** Open shells at the points of a block: α, β. */
export function atSpinPoints(
  functional: Functional,
  spins: readonly PointDensity[],
  weights: Float64Array,
): PointsValue {
  const points = spinPoints(spins);
  const out = outputFor(weights.length, points);
  functional.evaluateSpin(points, out);
  const energies = weights.map((w, p) => w * (points.rho[0][p] + points.rho[1][p]) * out.exc[p]);
  return {
    energy: energies.reduce((sum, x) => sum + x, 0),
    energies,
    potentials: [potentialOfSpin(spins, out, weights, 0), potentialOfSpin(spins, out, weights, 1)],
  };
}

function spinPoints([a, b]: readonly PointDensity[]): SpinPoints {
  const rho = [a.rho, b.rho] as const;
  if (!a.gradient || !b.gradient) return { rho };
  const sigma = [inner(a.gradient, a.gradient), inner(a.gradient, b.gradient), inner(b.gradient, b.gradient)] as const;
  return a.tau && b.tau ? { rho, sigma, tau: [a.tau, b.tau] } : { rho, sigma };
}

function inner([ax, ay, az]: PointVector, [bx, by, bz]: PointVector): Float64Array {
  return ax.map((x, p) => x * bx[p] + ay[p] * by[p] + az[p] * bz[p]);
}

function outputFor(count: number, { sigma, tau }: SpinPoints): SpinXcOutput {
  const zeros = (): Float64Array => new Float64Array(count);
  return {
    exc: zeros(),
    vrho: [zeros(), zeros()],
    ...(sigma ? { vsigma: [zeros(), zeros(), zeros()] as const } : {}),
    ...(tau ? { vtau: [zeros(), zeros()] as const } : {}),
  };
}

function potentialOfSpin(
  spins: readonly PointDensity[],
  { vrho, vsigma, vtau }: SpinXcOutput,
  weights: Float64Array,
  spin: 0 | 1,
): PointPotential {
  const own = spins[spin].gradient;
  const other = spins[1 - spin].gradient;
  const weighted = (values: Float64Array): Float64Array => values.map((x, p) => x * weights[p]);
  const along = (axis: 0 | 1 | 2): Float64Array =>
    weights.map((w, p) => w * (2 * vsigma![2 * spin][p] * own![axis][p] + vsigma![1][p] * other![axis][p]));
  return {
    v: weighted(vrho[spin]),
    ...(own && other && vsigma ? { vGradient: [along(0), along(1), along(2)] as const } : {}),
    ...(vtau ? { vTau: weighted(vtau[spin]) } : {}),
  };
}
