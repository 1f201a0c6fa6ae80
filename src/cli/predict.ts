/** `brine predict`: densities of new structures, and what follows from them directly. */
import { join } from "node:path";
import type { Command } from "commander";
import { placeBasis } from "../basis/basis.js";
import { DEFAULT_CUBE, sampleDensity } from "../density/cube-grid.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { moments } from "../density/observables.js";
import { onBuiltinEngine } from "../engine/engines.js";
import { BrineError } from "../errors.js";
import { type FunctionOrder, reorder } from "../io/coefficients.js";
import { writeCube } from "../io/cube.js";
import { writeNpz } from "../io/npz.js";
import { levelName, type LevelOfTheory } from "../level.js";
import type { Prediction } from "../model/prediction/density-model.js";
import { writeAtomically } from "../node/files.js";
import type { RunOptions } from "../run.js";
import { formula, isPeriodic } from "../structure/structure.js";
import { failed, type Failed, forEachStructure } from "../workflow/each-structure.js";
import { reportFailures } from "./failures.js";
import type { Frame } from "./frame.js";
import {
  addStructureOptions,
  addWorkerOption,
  poolFor,
  readStructures,
  type StructureOptions,
  type WorkerOptions,
} from "./inputs.js";
import { openModel } from "./model-input.js";
import { oneOf } from "./options.js";
import { checkOutput, outputFolder } from "./outputs.js";
import { writeDensityOrbitals, writePyscfGuess } from "./orbital-files.js";
import { table } from "./table.js";
import { EXPECTED_ERROR, expectedError, noteUnlike } from "./uncertainty.js";

interface Options extends StructureOptions, WorkerOptions {
  readonly out: string;
  readonly cube?: boolean;
  readonly npz?: boolean;
  readonly molden?: boolean;
  readonly pyscfGuess?: boolean;
  readonly response: boolean;
  readonly order: FunctionOrder;
}

/** In the folder of the results. */
const RESULTS = "predictions.json";

interface Row {
  readonly index: number;
  readonly formula: string;
  readonly electrons: number;
  /** Molecules only. */
  readonly dipole?: readonly number[];
  readonly quadrupole?: readonly number[];
  readonly uncertainty?: { readonly error: number; readonly percent: number; readonly atoms: readonly number[] };
  readonly seconds: number;
}

export function register(command: Command, frame: Frame): void {
  command
    .argument("<model>", "path or bundled name")
    .argument("<file>", "xyz or extxyz")
    .requiredOption("--out <dir>", "folder for the results, made if it is not there")
    .option("--cube", "write each density as a cube file too")
    .option("--npz", "write the coefficients of each structure as npz too")
    .option("--molden", "write the orbitals of the Hamiltonian of each density as molden too")
    .option("--pyscf-guess", "write a density matrix too that PySCF takes as dm0, and its molecule as JSON")
    .option("--no-response", "orbitals and density matrices from one diagonalisation, not improved by linear response")
    .option(
      "--order <name>",
      "order of the coefficients: brine, pyscf or salted",
      oneOf("--order", ["brine", "pyscf", "salted"] as const),
      "brine",
    );
  addWorkerOption(addStructureOptions(command)).action(
    frame.action<Options>(async (context, modelName, file) => {
      const { options, runOptions, print, note, use } = context;
      const model = openModel(modelName);
      if (model.level.pseudopotentials && (options.molden || options.pyscfGuess))
        throw new BrineError(
          "unsupported",
          "--molden and --pyscf-guess are for molecules; brine energy --molden DIR --npz DIR writes the orbitals and the density matrix of a periodic structure",
        );
      const structures = readStructures(file, options);
      outputFolder(options.out);
      checkOutput(join(options.out, RESULTS), "text", [modelName, file]);
      const rows: (Row & { coefficients: Float64Array })[] = [];
      const failures: Failed[] = [];
      const densities = new Map<number, AtomCentredDensity>();
      for (const labelled of structures) {
        const { index, structure } = labelled;
        const start = performance.now();
        try {
          const prediction = await model.predict(structure, runOptions);
          const { uncertainty } = prediction;
          const coefficients = inOrder(prediction, options.order);
          densities.set(index, prediction.density);
          await writeFiles(join(options.out, String(index)), prediction, coefficients, options, runOptions);
          const seconds = (performance.now() - start) / 1000;
          rows.push({
            index,
            formula: formula(structure),
            electrons: prediction.electrons,
            ...(isPeriodic(structure) ? {} : multipoles(prediction.density)),
            ...(uncertainty ? { uncertainty: { ...uncertainty, atoms: [...uncertainty.atoms] } } : {}),
            seconds,
            coefficients,
          });
        } catch (error) {
          if (runOptions.signal?.aborted) throw error;
          failures.push(failed(labelled, error));
        }
        runOptions.onProgress?.({ stage: "densities", done: rows.length + failures.length, total: structures.length });
      }
      if (options.molden || options.pyscfGuess) {
        const pool = use(poolFor(options, densities.size));
        failures.push(
          ...(await writeOrbitals(densities, onBuiltinEngine(model.level), options, { ...runOptions, pool })),
        );
      }
      const level = levelName(model.level);
      writeAtomically(
        join(options.out, RESULTS),
        JSON.stringify({
          level,
          fit: model.level.auxiliary.name,
          order: options.order,
          structures: rows.map((row) => ({ ...row, coefficients: [...row.coefficients] })),
        }),
      );
      noteUnlike(model, rows, note);
      print(
        {
          level,
          out: options.out,
          structures: rows.map(({ coefficients: _coefficients, ...row }) => row),
          failed: reportFailures(context, failures),
        },
        () =>
          table(
            ["index", "formula", "electrons before mending", "dipole / au", EXPECTED_ERROR, "seconds"],
            rows.map((row) => [
              row.index,
              row.formula,
              row.electrons.toFixed(5),
              row.dipole ? Math.hypot(...row.dipole).toFixed(4) : "",
              expectedError(row.uncertainty),
              row.seconds.toFixed(3),
            ]),
          ),
      );
    }),
  );
}

function multipoles(density: AtomCentredDensity): { dipole: readonly number[]; quadrupole: readonly number[] } {
  const { dipole, quadrupole } = moments(density);
  return { dipole, quadrupole };
}

/** Files of the orbitals of each density; returns what failed. */
async function writeOrbitals(
  densities: ReadonlyMap<number, AtomCentredDensity>,
  level: LevelOfTheory,
  { out, molden, pyscfGuess, response }: Options,
  runOptions: RunOptions,
): Promise<Failed[]> {
  const work = [...densities].map(([index, density]) => ({
    context: { index, structure: density.structure },
    input: () => ({ level, density, improve: response }),
  }));
  const failures: Failed[] = [];
  await forEachStructure(
    "orbitals",
    work,
    (orbitals, { index, structure }) => {
      const stem = join(out, String(index));
      if (molden) writeDensityOrbitals(stem, structure, level, orbitals);
      if (pyscfGuess) writePyscfGuess(stem, structure, level, orbitals);
    },
    { ...runOptions, stage: "orbitals", onFailure: (error, labelled) => failures.push(failed(labelled, error)) },
  );
  return failures;
}

function inOrder({ density }: Prediction, order: FunctionOrder): Float64Array {
  return order === "brine"
    ? density.coefficients
    : reorder(density.coefficients, placeBasis(density.basis, density.structure), "brine", order);
}

async function writeFiles(
  stem: string,
  { density }: Prediction,
  coefficients: Float64Array,
  options: Options,
  runOptions: RunOptions,
): Promise<void> {
  if (options.npz)
    writeAtomically(
      `${stem}.npz`,
      writeNpz({
        coefficients: { shape: [coefficients.length], data: coefficients },
        species: { shape: [density.structure.species.length], data: Float64Array.from(density.structure.species) },
        positions: { shape: [density.structure.species.length, 3], data: density.structure.positions },
      }),
    );
  if (options.cube) {
    const grid = await sampleDensity(density, DEFAULT_CUBE, runOptions);
    writeAtomically(
      `${stem}.cube`,
      writeCube(
        grid,
        density.structure,
        `electron density of ${formula(density.structure)} predicted by brine, e/bohr^3`,
      ),
    );
  }
}
