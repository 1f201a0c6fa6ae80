/** `brine import density`: orbitals, density matrices or densities on grids of other programs, fitted, into a dataset. */
import { basename } from "node:path";
import type { Command } from "commander";
import { functionCount, shellsOf } from "../basis/basis.js";
import { BrineError, isBrineError, locate } from "../errors.js";
import type { ImportedDensity } from "../io/coefficients.js";
import { type Cube, readCube } from "../io/cube.js";
import { readFchk } from "../io/fchk.js";
import { readMolden } from "../io/molden.js";
import type { LevelOfTheory } from "../level.js";
import { densityOfOrbitals, fitDensityMatrix, type OrbitalDensity } from "../molecule/fit-density-matrix.js";
import { outsideSpan } from "../molecule/same-space.js";
import { readText } from "../node/files.js";
import { openDataset } from "../node/sqlite-dataset.js";
import { fitCube, structureOfCube } from "../periodic/fit-cube.js";
import { checkpoint, type RunOptions } from "../run.js";
import { electronCount, type Structure } from "../structure/structure.js";
import { elementSymbol } from "../structure/elements.js";
import { checkDatasetLevel } from "../workflow/dataset-level.js";
import type { LabelledStructure } from "../workflow/each-structure.js";
import { importDensities } from "../workflow/import-densities.js";
import { VERSION } from "../version.js";
import { reportFailures } from "./failures.js";
import type { Frame } from "./frame.js";
import { addFitOptions, type FitOptions, levelFrom } from "./inputs.js";
import { levelNames } from "./options.js";
import { checkOutput } from "./outputs.js";

interface Options extends FitOptions {
  readonly out: string;
  readonly level: { readonly functional: string; readonly basis: string };
}

export function registerDensity(command: Command, frame: Frame): void {
  command
    .description(
      "Orbitals in molden files, densities in fchk files of Gaussian or in cube files of a periodic cell, one structure a file, fitted",
    )
    .argument("<files...>", "molden, fchk or cube; a file is fchk or cube when its name ends so")
    .requiredOption("--out <dataset>", "dataset, made if it is not there")
    .requiredOption(
      "--level <functional/basis>",
      "level of theory of the calculations, such as pbe/def2-svp",
      levelNames("--level"),
    );
  addFitOptions(command).action(
    frame.action<Options>(async (context, ...operands) => {
      const { options, runOptions, print, note, use } = context;
      const files = operands.flat();
      checkOutput(options.out, "dataset");
      const level: LevelOfTheory = {
        ...levelFrom(options, options.fit, options.metric),
        numerics: { engine: "imported", version: VERSION },
      };
      const dataset = use(openDataset(options.out, { create: true }));
      checkDatasetLevel(dataset, level); // before the fits
      const structures: LabelledStructure[] = [];
      const densities: ImportedDensity[] = [];
      for (const [index, file] of files.entries()) {
        await checkpoint(runOptions, { stage: "fits", done: index, total: files.length });
        const { structure, density, electrons } = await readFitted(file, level, runOptions);
        const expected = electronCount(structure);
        if (electrons !== undefined && Math.abs(electrons - expected) > 0.01 * expected)
          note(
            `${file}: the fit had ${electrons.toFixed(4)} of ${expected} electrons before its count was constrained`,
          );
        structures.push({ source: basename(file), index: 0, structure: { ...structure, info: { file } } });
        densities.push(density);
      }
      const summary = await importDensities(structures, densities, level, "brine", dataset, runOptions);
      const failed = reportFailures(context, summary.failed);
      for (const { index, of } of summary.duplicates)
        note(`${files[index]} is the same structure as ${files[of]} and was left out`);
      print(
        { dataset: options.out, ...summary, failed },
        () => `${options.out}: ${summary.added} added, ${summary.failed.length} failed`,
      );
    }),
  );
}

interface Fitted {
  readonly structure: Structure;
  readonly density: { readonly coefficients: Float64Array; readonly energy?: number };
  /** Of a molecule, before the count was constrained; the Coulomb metric of a cell hardly sees the count. */
  readonly electrons?: number;
}

async function readFitted(file: string, level: LevelOfTheory, options: RunOptions): Promise<Fitted> {
  const text = readText(file);
  if (/\.cube$/i.test(file)) return fittedCube(readCube(text, file), level, file, options);
  const { energy, ...density } = readDensity(text, file);
  checkBasis(density, level, file);
  const { coefficients, electrons } = await fitDensityMatrix(density, level.auxiliary, level.fitMetric, options);
  return {
    structure: density.structure,
    density: { coefficients, ...(energy === undefined ? {} : { energy }) },
    electrons,
  };
}

async function fittedCube(
  { grid, structure: atoms }: Cube,
  level: LevelOfTheory,
  file: string,
  options: RunOptions,
): Promise<Fitted> {
  const { pseudopotentials } = level;
  if (!pseudopotentials)
    throw new BrineError(
      "unsupported",
      "cube files are read for periodic levels such as pbe/dzvp-molopt-sr-gth: no grid of a cube carries the cores of all-electron densities",
      { where: file },
    );
  const structure = structureOfCube(grid, atoms);
  try {
    const { density } = await fitCube(grid, structure, { ...level, pseudopotentials }, options);
    return { structure, density };
  } catch (error) {
    throw isBrineError(error, "aborted") ? error : locate(error, file);
  }
}

function readDensity(text: string, file: string): OrbitalDensity & { readonly energy?: number } {
  if (/\.fchk?$/i.test(file)) return readFchk(text, file);
  const { structure, basis, orbitals, coefficients } = readMolden(text, file);
  const occupations = orbitals.map(({ occupation }) => occupation);
  return { structure, basis, densityMatrix: densityOfOrbitals(coefficients, occupations) };
}

/** What a function may have outside the span of the named basis: the digits of a file. */
const SAME_BASIS = 1e-4;

/** Throws `mismatch` for orbitals of another basis than that of `level`. */
function checkBasis({ structure, basis }: OrbitalDensity, level: LevelOfTheory, file: string): void {
  for (const z of new Set(structure.species)) {
    const [found, expected] = [shellsOf(basis, z), shellsOf(level.orbitals, z)];
    if (functionCount(found) !== functionCount(expected) || outsideSpan(found, expected) > SAME_BASIS)
      throw new BrineError(
        "mismatch",
        `the functions of ${elementSymbol(z)} are not those of ${level.orbitals.name}; say with --level what the file was computed with`,
        { where: file },
      );
  }
}
