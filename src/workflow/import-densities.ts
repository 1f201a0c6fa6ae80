/** Densities that another program computed, into a dataset. */
import { placeBasis } from "../basis/basis.js";
import { nuclearCharges } from "../basis/pseudopotential.js";
import { type Duplicate, duplicateStructures } from "../dataset/codec.js";
import type { Dataset, Reference } from "../dataset/record.js";
import { BrineError } from "../errors.js";
import { monopoles } from "../integrals/index.js";
import { type FunctionOrder, type ImportedDensity, reorder } from "../io/coefficients.js";
import type { LevelOfTheory } from "../level.js";
import { dot } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import { checkStructure, electronCount, type Structure } from "../structure/structure.js";
import { checkDatasetLevel } from "./dataset-level.js";
import { failed, type Failed, type LabelledStructure } from "./each-structure.js";

/** Electron counts that are off by more than this are reported. */
const COUNT_TOLERANCE = 0.01;
/** … and by more than this part of them are of something else: another basis, another order of the functions. */
const COUNT_REFUSED = 0.5;

/** What an import did. */
export interface ImportSummary {
  /** Densities that were put into the dataset. */
  readonly added: number;
  /** Structures whose density is not usable. */
  readonly failed: readonly Failed[];
  /** Structures that repeat an earlier one. */
  readonly duplicates: readonly Duplicate[];
  /** Densities whose electron count is off; they are kept as they are. */
  readonly electronCounts: readonly {
    /** Position of the structure. */
    readonly index: number;
    /** ∫ρ. */
    readonly electrons: number;
    /** Electrons of the structure. */
    readonly expected: number;
  }[];
}

/**
 * Adds `densities[i]` of `structures[i]`. What is wrong with one of them is kept as its failure. Throws `mismatch`
 * when `dataset` has another level.
 */
export async function importDensities(
  structures: readonly LabelledStructure[],
  densities: readonly ImportedDensity[],
  level: LevelOfTheory,
  order: FunctionOrder,
  dataset: Dataset,
  options?: RunOptions,
): Promise<ImportSummary> {
  checkDatasetLevel(dataset, level);
  const duplicates = duplicateStructures(structures.map(({ structure }) => structure));
  const repeated = new Set(duplicates.map(({ index }) => index));
  const failures: Failed[] = [];
  const electronCounts: { index: number; electrons: number; expected: number }[] = [];
  for (const [position, labelled] of structures.entries()) {
    const { index, structure } = labelled;
    await checkpoint(options, { stage: "import", done: position, total: structures.length });
    if (repeated.has(position)) continue;
    try {
      const reference = referenceFrom(structure, densities[position], level, order);
      const electrons = countElectrons(reference);
      const expected = electronCount(structure, reference.density.nuclearCharges);
      if (!(Math.abs(electrons - expected) <= COUNT_REFUSED * expected))
        throw new BrineError(
          "mismatch",
          `the density holds ${electrons.toPrecision(6)} electrons, the structure has ${expected}; check the auxiliary basis and the order of the functions`,
          { settings: ["fit"] },
        );
      if (Math.abs(electrons - expected) > COUNT_TOLERANCE) electronCounts.push({ index, electrons, expected });
      dataset.put(labelled, { ...reference, fit: { electrons } });
    } catch (error) {
      if (!(error instanceof BrineError) || error.tag === "storage") throw error;
      failures.push(failed(labelled, error));
      dataset.put(labelled, { structure, level, reason: error.message });
    }
  }
  return {
    added: structures.length - failures.length - duplicates.length,
    failed: failures,
    duplicates,
    electronCounts,
  };
}

function referenceFrom(
  structure: Structure,
  imported: ImportedDensity,
  level: LevelOfTheory,
  order: FunctionOrder,
): Reference {
  if ("problem" in imported) throw new BrineError("input", imported.problem);
  checkStructure(structure);
  const placed = placeBasis(level.auxiliary, structure);
  const { energy, coefficients } = imported;
  if (coefficients.length !== placed.size)
    throw new BrineError(
      "mismatch",
      `expected ${placed.size} coefficients (${level.auxiliary.name}, order ${order}), found ${coefficients.length}; check the auxiliary basis and the order of the structures`,
      { settings: ["fit"] },
    );
  const density = {
    structure,
    basis: level.auxiliary,
    quantity: "density" as const,
    nuclearCharges: nuclearCharges(level.pseudopotentials, structure),
    coefficients: reorder(coefficients, placed, order, "brine"),
  };
  return { structure, level, ...(energy !== undefined && { energy }), density };
}

/** ∫ρ. */
function countElectrons({ density }: Reference): number {
  return dot(monopoles(placeBasis(density.basis, density.structure)), density.coefficients);
}
