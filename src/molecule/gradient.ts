/**
 * Nuclear gradient of the closed-shell Kohn–Sham energy,
 *
 *   E^x = Tr D(T + V)^x + Σ D_μν (μν|P)^x c_P − ½ cᵀJ^x c + E_xc^x − Tr W S^x + E_nn^x,   W = 2 C_occ ε C_occᵀ
 *
 * (Pulay, Mol. Phys. 17, 197 (1969), doi:10.1080/00268976900100941). The basis moves with the atoms; W is what keeps
 * the orbitals orthonormal. E is stationary in D, so the response of D does not enter.
 */
import { molecularPartition } from "../grid/molecular-grid.js";
import {
  kineticGradient,
  metricGradient,
  nuclearAttractionGradient,
  overlapGradient,
  threeCenterGradient,
} from "../integrals/index.js";
import { exchangeCorrelationGradient } from "../kohn-sham/exchange-correlation-gradient.js";
import { evaluateTerms } from "../kohn-sham/term.js";
import { multiply } from "../math/linear-algebra.js";
import { symmetrize, type Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import type { MolecularSystem } from "./molecular-system.js";
import { nuclearRepulsionGradient } from "./nuclear-repulsion.js";

/** Derivatives of each term at fixed D, and what orthonormality adds: [atoms, 3] each, hartree/bohr. */
export interface GradientTerms {
  readonly kinetic: Float64Array;
  readonly external: Float64Array;
  readonly hartree: Float64Array;
  readonly exchangeCorrelation: Float64Array;
  readonly nuclearRepulsion: Float64Array;
  /** −Tr W S^x */
  readonly orthonormality: Float64Array;
}

/**
 * dE/dR [atoms, 3], hartree/bohr, of the converged density matrix D = 2 C_occ C_occᵀ. `fock` is F[D]; it is built
 * when absent.
 */
export async function closedShellGradient(
  system: MolecularSystem,
  density: Matrix,
  fock?: Matrix,
  options?: RunOptions,
): Promise<Float64Array> {
  const terms = await gradientTerms(system, density, fock, options);
  const result = new Float64Array(system.structure.positions.length);
  for (const part of Object.values(terms)) for (let i = 0; i < result.length; i++) result[i] += part[i];
  return result;
}

export async function gradientTerms(
  system: MolecularSystem,
  density: Matrix,
  fock?: Matrix,
  options?: RunOptions,
): Promise<GradientTerms> {
  const { structure, orbitals, functional, grid } = system;
  const f = fock ?? (await evaluateTerms(system.terms(grid), { density }, options)).fock;
  return {
    kinetic: kineticGradient(orbitals, density),
    external: nuclearAttractionGradient(orbitals, structure, density),
    hartree: await hartreeGradient(system, density, options),
    exchangeCorrelation: await exchangeCorrelationGradient(
      functional,
      orbitals,
      grid,
      molecularPartition(structure),
      density,
      options,
    ),
    nuclearRepulsion: nuclearRepulsionGradient(structure),
    orthonormality: overlapGradient(orbitals, energyWeightedDensity(density, f)).map((x) => -x),
  };
}

/** Σ D_μν (μν|P)^x c_P − ½ cᵀJ^x c. */
async function hartreeGradient(
  { orbitals, coulombFit, hartree }: MolecularSystem,
  density: Matrix,
  options?: RunOptions,
): Promise<Float64Array> {
  const coefficients = await hartree.coefficients(density, options);
  const gradient = await threeCenterGradient(orbitals, coulombFit, density, coefficients, options);
  const metric = metricGradient(coulombFit, coefficients);
  return gradient.map((value, i) => value - metric[i]);
}

/** W = ½ D F D, which is 2 C_occ ε C_occᵀ at self-consistency. */
function energyWeightedDensity(density: Matrix, fock: Matrix): Matrix {
  const { rows, columns, data } = symmetrize(multiply(multiply(density, fock), density));
  return { rows, columns, data: data.map((x) => 0.5 * x) };
}
