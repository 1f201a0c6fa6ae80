/** Ground states that a dataset keeps, for fits on other auxiliary functions without another SCF. */
import type { Dataset, Reference } from "../dataset/record.js";
import { BrineError } from "../errors.js";
import { levelDifferences, levelName, type LevelOfTheory } from "../level.js";
import type { Matrix } from "../math/matrix.js";
import type { Structure } from "../structure/structure.js";

/** A reference with its converged density matrix. */
export interface ConvergedReference extends Reference {
  /** Both spins together. */
  readonly densityMatrix: Matrix;
}

/** Ground states of another dataset, found by structure. */
export interface KeptOrbitals {
  /**
   * The record with the converged density matrix of the structure, to be read when its turn comes. Undefined for
   * what `dataset` has not, and for open shells, whose spin density matrix is not kept.
   */
  find(structure: Structure): (() => ConvergedReference) | undefined;
  /** Throws `input` when structures were found, but none of them with its density matrix. */
  check(): void;
}

/**
 * The ground states in `dataset` at the functional, orbital and RI-J basis and smearing of `level`, whatever they
 * were fitted to and with. Throws `mismatch` when all of its levels differ in more than that.
 */
export function keptOrbitals(dataset: Dataset, level: LevelOfTheory, where: string): KeptOrbitals {
  const levels = sameGroundStates(dataset, level, where);
  const found = { withOrbitals: 0, without: 0 };
  return {
    find(structure) {
      if (structure.unpaired !== 0) return undefined;
      const records = levels.flatMap((other) => dataset.find(structure, other) ?? []);
      const kept = records.find(({ orbitals }) => orbitals);
      if (kept) found.withOrbitals++;
      else if (records.length > 0) found.without++;
      return kept && (() => convergedReference(dataset, kept.id));
    },
    check() {
      if (found.without === 0 || found.withOrbitals > 0) return;
      throw new BrineError("input", "the references were kept without their orbitals; make the dataset with them", {
        where,
        settings: ["keepOrbitals"],
      });
    },
  };
}

function convergedReference(dataset: Dataset, id: number): ConvergedReference {
  const { index: _, ...record } = dataset.get(id);
  if (record.state === "failed" || !record.densityMatrix) throw new Error(`record ${id} changed while it was used`);
  return { ...record, densityMatrix: record.densityMatrix };
}

function sameGroundStates(dataset: Dataset, level: LevelOfTheory, where: string): LevelOfTheory[] {
  const known = dataset.levels().map((other) => ({
    other,
    differences: levelDifferences(level, other).filter((part) => part !== "auxiliary" && part !== "fitMetric"),
  }));
  const levels = known.filter(({ differences }) => differences.length === 0).map(({ other }) => other);
  if (levels.length > 0) return levels;
  const found = known.map(({ other, differences }) => `${levelName(other)} (other ${differences.join(", ")})`);
  const has = found.length === 0 ? "no finished references yet" : `only ${found.join("; ")}`;
  throw new BrineError("mismatch", `no ground states at ${levelName(level)}: it has ${has}`, { where });
}
