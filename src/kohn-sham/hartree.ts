/**
 * The Coulomb energy of the density in the RI-J approximation:
 *
 *   E_H = ½ bᵀJ⁻¹b,  b_P = Σ_μν D_μν (μν|P),  J_PQ = (P|Q),  F_μν = Σ_P (μν|P) c_P,  c = J⁻¹b
 *   E_H^x = Σ D_μν (μν|P)^x c_P − ½ cᵀJ^x c
 *
 * (Whitten, J. Chem. Phys. 58, 4496 (1973); Eichkorn et al., Chem. Phys. Lett. 240, 283 (1995)).
 *
 * An atom-centred density goes through the RI-J basis, c = J⁻¹(P|ρ̃) with the electrons of ρ̃, as every density of the SCF
 * does: so the Hamiltonian of the converged density's fit is the converged one also where the two bases differ, and the
 * integrals of the RI-J basis suffice. In the RI-J basis itself the projection changes nothing.
 */
import { placeBasis, sameFunctions, type Basis, type PlacedBasis } from "../basis/basis.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { constrainedFit, mixedCoulombMetric } from "../density/fit.js";
import { metricGradient, monopoles, threeCenterGradient, type CoulombSums } from "../integrals/index.js";
import { real } from "../math/hermitian.js";
import { choleskySolve, gemv } from "../math/linear-algebra.js";
import { dot, packPairs, unpackPairs, type Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import { onAll, realDensity, type Channel, type PerChannel } from "./state.js";
import type { Term } from "./term.js";

export interface HartreeTerm extends Term {
  /** b: [auxiliary]. */
  projections(density: Matrix, options?: RunOptions): Promise<Float64Array>;
  /** c = J⁻¹b. */
  coefficients(density: Matrix, options?: RunOptions): Promise<Float64Array>;
  /** Coefficients of an atom-centred density in the RI-J basis. */
  coefficientsOf(density: AtomCentredDensity): Float64Array;
  /** Σ_P (μν|P) c_P. */
  potential(coefficients: Float64Array, options?: RunOptions): Promise<Matrix>;
}

/** The RI-J basis of a molecule and its integrals. */
export interface CoulombFit {
  readonly basis: Basis;
  readonly placed: PlacedBasis;
  /** J: [auxiliary, auxiliary], hartree. */
  readonly metric: Matrix;
  /** The Cholesky factor of J. */
  readonly factor: Matrix;
}

export function hartreeTerm(
  channels: PerChannel<Channel>,
  orbitals: PlacedBasis,
  { basis, placed, metric, factor }: CoulombFit,
  sums: CoulombSums,
): HartreeTerm {
  const projections = (density: Matrix, options?: RunOptions): Promise<Float64Array> =>
    sums.projections(packPairs(density), options);
  const coefficients = async (density: Matrix, options?: RunOptions): Promise<Float64Array> =>
    choleskySolve(factor, await projections(density, options));
  const potential = async (c: Float64Array, options?: RunOptions): Promise<Matrix> =>
    unpackPairs(await sums.potential(c, options), orbitals.size);
  const known = new WeakMap<AtomCentredDensity, Float64Array>();
  const coefficientsOf = (density: AtomCentredDensity): Float64Array => {
    const { structure } = density;
    if (sameFunctions(density.basis, basis, structure.species)) return density.coefficients;
    const found = known.get(density) ?? projected(density, { placed, factor });
    known.set(density, found);
    return found;
  };
  return {
    name: "hartree",
    projections,
    coefficients,
    coefficientsOf,
    potential,
    async evaluate(state, options) {
      const b = await projections(realDensity(state), options);
      const c = choleskySolve(factor, b);
      const energy = 0.5 * dot(b, c);
      return options?.energyOnly ? { energy } : { energy, fock: onAll(channels, real(await potential(c, options))) };
    },
    async ofDensity(density, options) {
      const c = coefficientsOf(density);
      const fock = onAll(channels, real(await potential(c, options)));
      return { fock, doubleCounting: -0.5 * dot(c, gemv(false, metric, c)) };
    },
    kernel: async () => metric,
    async gradient(state, options) {
      const density = realDensity(state);
      const c = await coefficients(density, options);
      const gradient = await threeCenterGradient(orbitals, placed, density, c, options);
      const ofMetric = metricGradient(placed, c);
      return gradient.map((value, i) => value - ofMetric[i]);
    },
  };
}

/** c = J⁻¹(P|ρ̃), with the electrons of ρ̃. */
function projected(
  { basis, structure, coefficients }: AtomCentredDensity,
  { placed, factor }: Pick<CoulombFit, "placed" | "factor">,
): Float64Array {
  const own = placeBasis(basis, structure);
  const projections = gemv(false, mixedCoulombMetric(placed, own), coefficients);
  return constrainedFit(factor, projections, monopoles(placed), dot(monopoles(own), coefficients)).coefficients;
}
