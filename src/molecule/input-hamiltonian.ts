/**
 * The Hamiltonian of an atom-centred density, F[ρ̃] = T + V_ne + J[ρ̃] + V_xc[ρ̃].
 *
 * V_xc sees ρ̃ itself. Its Coulomb potential goes through the RI-J basis, c = J⁻¹(P|ρ̃) with the electrons of ρ̃, as
 * that of every density of the SCF does: so the Hamiltonian of the converged density's fit is the converged one also where the two bases
 * differ, and the integrals of the RI-J basis suffice. In the RI-J basis itself the projection changes nothing.
 * A density does not say what functionals of orbitals (hybrids, meta-GGA) give: there PBE stands in, good for a start.
 */
import { functionalByName, needsOrbitals } from "../functional/functional.js";
import { placeBasis, type PlacedBasis } from "../basis/basis.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { densityOnBlock } from "../density/density-on-block.js";
import { constrainedFit, mixedCoulombMetric } from "../density/fit.js";
import { derivativesFor, exchangeCorrelationOfDensity } from "../kohn-sham/exchange-correlation.js";
import type { GridFunctions } from "../kohn-sham/grid-functions.js";
import type { PointDensity } from "../grid/collocate.js";
import type { GridBlock } from "../grid/grid-block.js";
import { monopoles } from "../integrals/index.js";
import { gemv } from "../math/linear-algebra.js";
import { axpy, copy, dot, type Matrix } from "../math/matrix.js";
import type { RunOptions } from "../run.js";
import { coulombFitOf, sameFunctions, type MolecularSystem } from "./molecular-system.js";

export interface InputHamiltonian {
  readonly fock: Matrix;
  /** The functions that the density is expanded in. */
  readonly auxiliary: PlacedBasis;
  /** The density in the RI-J basis. */
  readonly coulombCoefficients: Float64Array;
  /** ½(ρ̃|ρ̃), hartree. */
  readonly hartree: number;
  readonly exchangeCorrelation: number;
  /** ∫v_xc ρ̃. */
  readonly potentialEnergy: number;
}

/** `grid` is one of the system's. The density must belong to the system's structure. */
export async function inputHamiltonian(
  system: MolecularSystem,
  density: AtomCentredDensity,
  grid: GridFunctions,
  options?: RunOptions,
): Promise<InputHamiltonian> {
  const { structure, level, orbitals, metric, hartree, core } = system;
  const same = sameFunctions(density.basis, coulombFitOf(level), structure.species);
  const auxiliary = same ? system.coulombFit : placeBasis(density.basis, structure);
  const coulombCoefficients = same ? density.coefficients : projected(system, auxiliary, density.coefficients);
  const functional = needsOrbitals(system.functional) ? functionalByName("pbe") : system.functional;
  const derivatives = derivativesFor(functional);
  const onBlock = (block: GridBlock): PointDensity =>
    densityOnBlock(auxiliary, density.coefficients, block, derivatives);
  const xc = system.spread
    ? await system.spread.inputPotential(system.levelOf(grid), density, functional.name, options)
    : await exchangeCorrelationOfDensity(functional, grid, orbitals.size, onBlock, options);
  const fock = copy(core);
  axpy(1, (await hartree.potential(coulombCoefficients, options)).data, fock.data);
  axpy(1, xc.fock.data, fock.data);
  return {
    fock,
    auxiliary,
    coulombCoefficients,
    hartree: 0.5 * dot(coulombCoefficients, gemv(false, metric, coulombCoefficients)),
    exchangeCorrelation: xc.energy,
    potentialEnergy: xc.potentialEnergy,
  };
}

/** c = J⁻¹(P|ρ̃), with the electrons of ρ̃. */
function projected(
  { coulombFit, metricFactor }: MolecularSystem,
  auxiliary: PlacedBasis,
  coefficients: Float64Array,
): Float64Array {
  const projections = gemv(false, mixedCoulombMetric(coulombFit, auxiliary), coefficients);
  return constrainedFit(metricFactor, projections, monopoles(coulombFit), dot(monopoles(auxiliary), coefficients))
    .coefficients;
}
