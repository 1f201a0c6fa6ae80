/**
 * The exchange–correlation energy of open shells on a grid. With E_xc = Σ_g w_g f(ρ_σ, σ_σσ′, τ_σ), σ_σσ′ = ∇ρ_σ·∇ρ_σ′,
 *
 *   F^α_μν = ∫ f_ρα φ_μφ_ν + (2 f_σαα ∇ρ_α + f_σαβ ∇ρ_β)·∇(φ_μφ_ν) + ½ f_τα ∇φ_μ·∇φ_ν
 *
 * and likewise for β (Pople, Gill & Johnson, Chem. Phys. Lett. 199, 557 (1992)).
 */
import type { Functional, SpinPoints, SpinXcOutput } from "../functional/functional.js";
import type { BlockFunctions } from "../grid/block-functions.js";
import type { PointDensity } from "../grid/collocate.js";
import { addPotentialMatrix, type PointVector } from "../grid/integrate.js";
import { addKineticPotentialMatrix } from "../grid/kinetic-energy-density.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { checkpoint } from "../run.js";
import { pointDensity } from "./exchange-correlation.js";
import type { GridFunctions } from "./grid-functions.js";
import { spinBlocks, spinParts } from "./spin-blocks.js";
import { addParts, blocksOfPart, eachPart } from "./grid-parts.js";
import type { Term, TermOptions, TermValue } from "./term.js";

/** The term of the density matrices of both spins; `orbitals` are [n] functions. */
export function spinExchangeCorrelationTerm(functional: Functional, orbitals: GridFunctions, n: number): Term {
  return {
    name: "exchangeCorrelation",
    evaluate: async ({ density }, options) =>
      addParts(
        await eachPart((part) => spinExchangeCorrelationOfPart(functional, orbitals, n, density, part, options)),
      ),
  };
}

/** What one part of the grid (grid-parts.ts) adds to it. */
export async function spinExchangeCorrelationOfPart(
  functional: Functional,
  orbitals: GridFunctions,
  n: number,
  density: Matrix,
  part: number,
  options?: TermOptions,
): Promise<TermValue> {
  const densities = spinParts(density);
  const focks = [matrix(n, n), matrix(n, n)] as const;
  let energy = 0;
  for (const b of blocksOfPart(orbitals.blocks.length, part)) {
    await checkpoint(options);
    const functions = orbitals.on(b);
    const { weights } = orbitals.blocks[b];
    const spins = densities.map((one) => pointDensity(functional, functions, one));
    const points = spinPoints(spins);
    const out = spinRoom(weights.length, points);
    functional.evaluateSpin(points, out);
    for (let p = 0; p < weights.length; p++) energy += weights[p] * (points.rho[0][p] + points.rho[1][p]) * out.exc[p];
    if (options?.energyOnly) continue;
    for (const spin of [0, 1] as const) addPotential(functions, spins, out, weights, spin, focks[spin]);
  }
  return options?.energyOnly ? { energy } : { energy, fock: spinBlocks(...focks) };
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

function spinRoom(count: number, { sigma, tau }: SpinPoints): SpinXcOutput {
  const room = (): Float64Array => new Float64Array(count);
  return {
    exc: room(),
    vrho: [room(), room()],
    ...(sigma ? { vsigma: [room(), room(), room()] as const } : {}),
    ...(tau ? { vtau: [room(), room()] as const } : {}),
  };
}

function addPotential(
  functions: BlockFunctions,
  spins: readonly PointDensity[],
  { vrho, vsigma, vtau }: SpinXcOutput,
  weights: Float64Array,
  spin: 0 | 1,
  into: Matrix,
): void {
  const own = spins[spin].gradient;
  const other = spins[1 - spin].gradient;
  const weighted = (values: Float64Array): Float64Array => values.map((x, p) => x * weights[p]);
  const along = (axis: 0 | 1 | 2): Float64Array =>
    weights.map((w, p) => w * (2 * vsigma![2 * spin][p] * own![axis][p] + vsigma![1][p] * other![axis][p]));
  const vGradient = own && other && vsigma ? ([along(0), along(1), along(2)] as const) : undefined;
  addPotentialMatrix(functions, weighted(vrho[spin]), vGradient, into);
  if (vtau) addKineticPotentialMatrix(functions, weighted(vtau[spin]), into);
}
