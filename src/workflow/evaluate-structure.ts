/**
 * What is wrong with one predicted density: its distance from the reference on the grid, and the errors of
 * the energies that one diagonalisation gives from it, from the reference's own fit (the floor that no model
 * can pass), and from superposed atoms (where a model starts).
 */
import type { Reference } from "../dataset/record.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { absoluteError } from "../density/grid-error.js";
import type { Engine } from "../engine/engine.js";
import { BrineError } from "../errors.js";
import { superposedAtoms } from "../atoms/superposed-atoms.js";
import type { RunOptions } from "../run.js";
import { atomCount, electronCount } from "../structure/structure.js";

/** hartree, signed: estimate less the converged energy of the reference. */
export interface EnergyErrors {
  /** Of the best estimate. */
  readonly energy: number;
  /** Without correction. */
  readonly oneShot: number;
  /** Of the Harris–Foulkes functional. */
  readonly harrisFoulkes: number;
  /** By the names of the components. */
  readonly components: Readonly<Record<string, number>>;
  /** Where they were asked for. */
  readonly bounds?: EnergyBounds;
  /** ∫|ρ* − ρ_fit| / N of the response-improved density; absent without the correction. */
  readonly improvedAbsolute?: number;
  /** False when the response correction says that it left its linear range. */
  readonly reliable: boolean;
}

/** Errors that do not depend on the model: the best and the worst that it could be. hartree. */
export interface EnergyBounds {
  /** The best estimate from the reference's own fitted density. */
  readonly fitFloor: number;
  /** From that density without correction. */
  readonly fitFloorOneShot: number;
  /** One diagonalisation from superposed atomic densities. */
  readonly superposedAtoms: number;
}

/** What is wrong with a density and the energy from it. */
export interface StructureErrors {
  /** How many the structure has. */
  readonly atoms: number;
  /** ∫|ρ − ρ_fit| / N. */
  readonly absolute: number;
  /** ∫|ρ − ρ_SCF| / N; null unless the reference kept its orbitals. */
  readonly absoluteVsScf: number | null;
  /** Where it was asked for. */
  readonly energy?: EnergyErrors;
  /** Wall time of the one-shot energy, its correction included. */
  readonly energySeconds?: number;
}

/** What to evaluate beside the density: nothing, the energy, or the energy and its bounds. */
export type EnergyScope = "none" | "predicted" | "bounds";

export interface EvaluateOptions extends RunOptions {
  readonly energies: EnergyScope;
  readonly response: boolean;
}

/** Compares `predicted` with `reference`; `engine` must be at the level of the reference. */
export async function evaluateStructure(
  engine: Engine,
  predicted: AtomCentredDensity,
  reference: Reference,
  options: EvaluateOptions,
): Promise<StructureErrors> {
  const electrons = electronCount(reference.structure, reference.density.nuclearCharges);
  const grid = engine.level.numerics;
  const absolute = await absoluteError(predicted, reference.density, grid, options);
  const absoluteVsScf = reference.densityMatrix
    ? await absoluteError(
        predicted,
        { matrix: reference.densityMatrix, basis: reference.level.orbitals },
        grid,
        options,
      )
    : null;
  const errors = {
    atoms: atomCount(reference.structure),
    absolute: absolute / electrons,
    absoluteVsScf: absoluteVsScf === null ? null : absoluteVsScf / electrons,
  };
  if (options.energies === "none") return errors;
  return { ...errors, ...(await energyErrors(engine, predicted, reference, options)) };
}

async function energyErrors(
  engine: Engine,
  predicted: AtomCentredDensity,
  reference: Reference,
  options: EvaluateOptions,
): Promise<{ energy: EnergyErrors; energySeconds: number }> {
  const { energy, components } = reference;
  if (energy === undefined || !components) throw new BrineError("input", "the reference has no energy to compare with");
  const one = await engine.oneShot(predicted, options);
  const improvedError =
    one.improved && (await absoluteError(one.improved, reference.density, engine.level.numerics, options));
  const expected = new Map(Object.entries(components));
  return {
    energy: {
      energy: one.energy - energy,
      oneShot: one.oneShot - energy,
      harrisFoulkes: one.harrisFoulkes - energy,
      components: Object.fromEntries(
        Object.entries(one.components).map(([name, value]) => [name, value - (expected.get(name) ?? 0)]),
      ),
      ...(options.energies === "bounds" ? { bounds: await energyBounds(engine, reference, energy, options) } : {}),
      ...(improvedError === undefined
        ? {}
        : { improvedAbsolute: improvedError / electronCount(reference.structure, reference.density.nuclearCharges) }),
      reliable: one.response?.reliable ?? true,
    },
    energySeconds: one.seconds,
  };
}

async function energyBounds(
  engine: Engine,
  reference: Reference,
  energy: number,
  options: EvaluateOptions,
): Promise<EnergyBounds> {
  const floor = await engine.oneShot(reference.density, options);
  const atoms = await superposedAtoms(engine.level, reference.structure, options);
  const start = await engine.oneShot(atoms, { ...options, response: false });
  return {
    fitFloor: floor.energy - energy,
    fitFloorOneShot: floor.oneShot - energy,
    superposedAtoms: start.oneShot - energy,
  };
}
