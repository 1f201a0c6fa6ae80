/** `brine import coefficients`: densities that another program computed, into a dataset. */
import type { Command } from "commander";
import { placeBasis } from "../basis/basis.js";
import { duplicateStructures } from "../dataset/codec.js";
import type { Reference } from "../dataset/record.js";
import { VERSION } from "../engine/level.js";
import { BrineError } from "../errors.js";
import { monopoles } from "../integrals/index.js";
import { type FunctionOrder, type ImportedDensity, readCoefficients, reorder } from "../io/coefficients.js";
import { readExtxyz } from "../io/extxyz.js";
import type { LevelOfTheory, MetricName } from "../level.js";
import { dot } from "../math/matrix.js";
import { readBytes, readText } from "../node/files.js";
import { openDataset } from "../node/sqlite-dataset.js";
import { checkpoint } from "../run.js";
import { checkStructure, electronCount, type Structure } from "../structure/structure.js";
import type { Frame } from "./frame.js";
import { levelFrom } from "./inputs.js";
import { levelNames, oneOf } from "./options.js";

interface Options {
  readonly out: string;
  readonly order: FunctionOrder;
  readonly level: { readonly functional: string; readonly basis: string };
  readonly fit: string;
  readonly metric: MetricName;
}

/** Electron counts that are off by more than this are reported. */
const COUNT_TOLERANCE = 0.01;

export function register(program: Command, frame: Frame): void {
  const group = program.command("import").description("Take densities that were computed elsewhere into a dataset");
  group
    .command("coefficients")
    .description("Density coefficients in JSON or npz, one set a structure")
    .argument("<structures>", "xyz or extxyz")
    .argument("<file>", 'JSON: an array of {energy, coefficients}, or such an array under "structures"; or an npz')
    .requiredOption("--out <dataset>", "dataset, made if it is not there")
    .option(
      "--order <name>",
      "order of the functions in a shell: brine, pyscf or salted",
      oneOf("--order", ["brine", "pyscf", "salted"] as const),
      "brine",
    )
    .option("--level <functional/basis>", "level of theory of the calculation", levelNames("--level"), {
      functional: "pbe",
      basis: "def2-svp",
    })
    .option(
      "--fit <basis>",
      "auxiliary basis of the coefficients: a name, etb:RATIO or a basis-set file",
      "def2-universal-jfit",
    )
    .option(
      "--metric <name>",
      "metric of the fit: coulomb or overlap",
      oneOf("--metric", ["coulomb", "overlap"] as const),
      "coulomb",
    )
    .action(
      frame.action<Options>(async ({ options, runOptions, print, note, failed, use }, structuresFile, file) => {
        const structures = readExtxyz(readText(structuresFile), structuresFile);
        const densities = readCoefficients(readBytes(file), file);
        if (structures.length !== densities.length)
          throw new BrineError(
            "mismatch",
            `${densities.length} sets of coefficients, but ${structuresFile} has ${structures.length} structures`,
            { where: file },
          );
        const level: LevelOfTheory = {
          ...levelFrom(options, options.fit, options.metric),
          numerics: { engine: "imported", version: VERSION },
        };
        const dataset = use(openDataset(options.out, { create: true }));
        const duplicates = duplicateStructures(structures);
        const repeated = new Set(duplicates.map(({ index }) => index));
        const failures: { index: number; reason: string }[] = [];
        const electronCounts: { index: number; electrons: number; expected: number }[] = [];
        for (const [index, structure] of structures.entries()) {
          await checkpoint(runOptions, { stage: "import", done: index, total: structures.length });
          if (repeated.has(index)) continue;
          try {
            const reference = referenceFrom(structure, densities[index], level, options.order);
            const electrons = countElectrons(reference);
            const expected = electronCount(structure);
            if (Math.abs(electrons - expected) > COUNT_TOLERANCE) electronCounts.push({ index, electrons, expected });
            dataset.put(index, { ...reference, fit: { electrons } });
          } catch (error) {
            if (!(error instanceof BrineError) || error.tag === "storage") throw error;
            failures.push({ index, reason: error.message });
            dataset.put(index, { structure, level, reason: error.message });
          }
        }
        if (failures.length > 0) failed();
        for (const { index, reason } of failures) note(`structure ${index}: ${reason}`);
        for (const { index, of } of duplicates)
          note(`structure ${index} is the same as structure ${of} and was left out`);
        for (const { index, electrons, expected } of electronCounts)
          note(
            `structure ${index}: the density has ${electrons.toFixed(4)} electrons, the structure ${expected}; it is kept as it is`,
          );
        const added = structures.length - failures.length - duplicates.length;
        print(
          { dataset: options.out, added, failed: failures, duplicates, electronCounts },
          () => `${options.out}: ${added} added, ${failures.length} failed`,
        );
      }),
    );
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
      `expected ${placed.size} coefficients (${level.auxiliary.name}, order ${order}), found ${coefficients.length}; check --fit and the order of the structures`,
    );
  const density = {
    structure,
    basis: level.auxiliary,
    quantity: "density" as const,
    nuclearCharges: Float64Array.from(structure.species),
    coefficients: reorder(coefficients, placed, order, "brine"),
  };
  return { structure, level, ...(energy !== undefined && { energy }), density };
}

/** ∫ρ. */
function countElectrons({ density }: Reference): number {
  return dot(monopoles(placeBasis(density.basis, density.structure)), density.coefficients);
}
