/** `brine predict`: densities of new structures, and what follows from them directly. */
import { join } from "node:path";
import type { Command } from "commander";
import { moments } from "../density/observables.js";
import { onBuiltinEngine } from "../engine/engines.js";
import { BrineError } from "../errors.js";
import type { FunctionOrder } from "../io/coefficients.js";
import { levelName, type LevelOfTheory } from "../level.js";
import type { DensityModel } from "../model/prediction/density-model.js";
import { writeAtomically } from "../node/files.js";
import type { Settings } from "../node/result-log.js";
import type { RunOptions } from "../run.js";
import { atomCount, isPeriodic } from "../structure/structure.js";
import { predictions, type StructurePrediction } from "../workflow/predict.js";
import type { PredictTask } from "../workflow/tasks.js";
import { inOrder, writeDensityCube, writeDensityNpz } from "./density-files.js";
import type { Frame } from "./frame.js";
import {
  addStructureOptions,
  addWorkerOption,
  poolFor,
  readStructures,
  type StructureOptions,
  type WorkerOptions,
} from "./inputs.js";
import { jsonChunks } from "./json.js";
import { openSharedModel } from "./model-input.js";
import { oneOf } from "./options.js";
import { writeDensityOrbitals, writePyscfGuess } from "./orbital-files.js";
import { checkOutput, outputFolder } from "./outputs.js";
import { documents, type Row, runResumable } from "./resumable.js";
import { named, table } from "./table.js";
import { EXPECTED_ERROR, expectedError, noteUnlike } from "./uncertainty.js";

interface Options extends StructureOptions, WorkerOptions {
  readonly out: string;
  readonly cube?: boolean;
  readonly npz?: boolean;
  readonly molden?: boolean;
  readonly pyscfGuess?: boolean;
  readonly density: "predicted" | "improved";
  readonly response: boolean;
  readonly order: FunctionOrder;
}

/** Densities of fewer atoms are predicted in this thread: starting others takes longer. */
const FEW_ATOMS = 300;
/** In the folder of the results. */
const RESULTS = "predictions.json";

/** What the results have of one structure. */
interface PredictionResult {
  /** Before the count was constrained. */
  readonly electrons: number;
  /** Molecules only. */
  readonly dipole?: readonly number[];
  readonly quadrupole?: readonly number[];
  readonly dipoleOf?: "predicted" | "improved";
  readonly uncertainty?: { readonly error: number; readonly percent: number; readonly atoms: readonly number[] };
  readonly seconds: number;
  readonly coefficients: ArrayLike<number>;
}

/** Of what the file holds beside numbers without one. */
const UNITS = { positions: "bohr", cell: "bohr", dipole: "e bohr", quadrupole: "e bohr^2", seconds: "s" };

export function register(command: Command, frame: Frame): void {
  command
    .argument("<model>", "path or bundled name")
    .argument("<file>", "xyz or extxyz")
    .requiredOption("--out <dir>", "folder for the results, made if it is not there")
    .option("--cube", "write each density as a cube file too")
    .option("--npz", "write the coefficients of each structure as npz too")
    .option("--molden", "write the orbitals of the Hamiltonian of each density as molden too")
    .option("--pyscf-guess", "write a density matrix too that PySCF takes as dm0, and its molecule as JSON")
    .option(
      "--density <name>",
      "whose coefficients, moments and cubes: predicted, or improved by the linear response of one diagonalisation",
      oneOf("--density", ["predicted", "improved"] as const),
      "predicted",
    )
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
      const { model, shared } = openSharedModel(modelName);
      checkDensity(model, options);
      const structures = readStructures(file, options);
      outputFolder(options.out);
      const out = join(options.out, RESULTS);
      checkOutput(out, "text", [modelName, file]);
      const level = onBuiltinEngine(model.level);
      const diagonalise = diagonalisation(options, level);
      const atoms = structures.reduce((sum, { structure }) => sum + atomCount(structure), 0);
      const pool = !diagonalise && atoms < FEW_ATOMS ? undefined : use(poolFor(options, structures.length));
      const head = { level: levelName(level), ...fitOf(options, level) };
      await runResumable<PredictionResult>(context, {
        structures,
        out,
        settings: settingsOf(options, shared.key),
        run: (missing, add) =>
          predictions(
            pool ? shared : model,
            missing,
            async (found) => {
              await writeFiles(found, level, options, runOptions);
              add(found, resultOf(found, options));
            },
            { ...runOptions, ...(pool ? { pool } : {}), ...(diagonalise ? { diagonalise } : {}) },
          ),
        write: (rows) =>
          writeAtomically(
            out,
            jsonChunks({ ...head, order: options.order, units: UNITS, structures: withAtoms(rows) }),
          ),
        show(rows, failed) {
          noteUnlike(model, rows, note);
          print({ ...head, out: options.out, structures: withoutCoefficients(rows), failed }, () =>
            table(
              [...named.head, "electrons predicted", "dipole / au", EXPECTED_ERROR, "seconds"],
              Array.from(rows, ({ result, ...labelled }) => [
                ...named.cells(labelled),
                result.electrons.toFixed(5),
                result.dipole ? Math.hypot(...result.dipole).toFixed(4) : "",
                expectedError(result.uncertainty),
                result.seconds.toFixed(3),
              ]),
            ),
          );
        },
      });
    }, "what is finished is kept; the same command goes on"),
  );
}

/** The documents of the results with the atoms that their coefficients belong to. */
function* withAtoms(rows: Iterable<Row<PredictionResult>>): Generator<object> {
  for (const row of rows) {
    const { species, positions, cell } = row.structure;
    const [document] = documents([row]);
    yield { ...document, species, positions, ...(cell ? { cell: cell.vectors } : {}) };
  }
}

function checkDensity({ level }: DensityModel, { molden, pyscfGuess, density }: Options): void {
  if (!level.pseudopotentials) return;
  if (molden || pyscfGuess)
    throw new BrineError(
      "unsupported",
      "--molden and --pyscf-guess are for molecules; brine energy --molden DIR --npz DIR writes the orbitals and the density matrix of a periodic structure",
    );
  if (density === "improved")
    throw new BrineError("unsupported", "--density improved is for molecules; leave it out for periodic structures");
}

function diagonalisation(options: Options, level: LevelOfTheory): PredictTask["diagonalise"] {
  const { molden = false, pyscfGuess = false, response } = options;
  const [improved, orbitals] = [options.density === "improved", molden || pyscfGuess];
  return improved || orbitals ? { level, improved, orbitals, response } : undefined;
}

/** The functions of the coefficients. */
function fitOf({ density }: Options, { auxiliary, coulombFit }: LevelOfTheory): { fit: string; density: string } {
  return { fit: (density === "improved" ? coulombFit : undefined)?.name ?? auxiliary.name, density };
}

function settingsOf(options: Options, model: string): Settings {
  const { cube, npz, molden, pyscfGuess, density, response, order } = options;
  return { command: "predict", model, cube, npz, molden, pyscfGuess, density, response, order };
}

function resultOf(found: StructurePrediction, { order }: Options): PredictionResult {
  const { structure, prediction, improved, seconds } = found;
  const { electrons, uncertainty } = prediction;
  const density = improved ?? prediction.density;
  const { dipole, quadrupole } = moments(density);
  return {
    electrons,
    ...(isPeriodic(structure) ? {} : { dipole, quadrupole, dipoleOf: improved ? "improved" : "predicted" }),
    ...(uncertainty ? { uncertainty: { ...uncertainty, atoms: [...uncertainty.atoms] } } : {}),
    seconds,
    coefficients: inOrder(density, order),
  };
}

async function writeFiles(
  { index, structure, prediction, improved, orbitals }: StructurePrediction,
  level: LevelOfTheory,
  { out, cube, npz, molden, pyscfGuess, order }: Options,
  runOptions: RunOptions,
): Promise<void> {
  const stem = join(out, String(index));
  const density = improved ?? prediction.density;
  const what = improved ? "response-improved density" : "predicted density";
  if (npz) writeDensityNpz(`${stem}.npz`, density, order);
  if (cube) await writeDensityCube(`${stem}.cube`, density, what, runOptions);
  if (molden && orbitals) writeDensityOrbitals(stem, structure, level, orbitals);
  if (pyscfGuess && orbitals) writePyscfGuess(stem, structure, level, orbitals);
}

function* withoutCoefficients(rows: Iterable<Row<PredictionResult>>): Generator<object> {
  for (const { coefficients: _, ...document } of documents(rows)) yield document;
}
