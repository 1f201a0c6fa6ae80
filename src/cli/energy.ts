/** `brine energy`: energies of new structures from predicted densities. */
import type { Command } from "commander";
import { writeExtxyz } from "../io/extxyz.js";
import { levelName } from "../level.js";
import { onEngine } from "../node/engines.js";
import { writeAtomically } from "../node/files.js";
import { BrineError } from "../errors.js";
import { formula } from "../structure/structure.js";
import { HARTREE_IN_EV } from "../units.js";
import { energies, type StructureEnergy } from "../workflow/energy.js";
import { reportFailures } from "./failures.js";
import type { Frame } from "./frame.js";
import {
  addNumericsOptions,
  addStructureOptions,
  addWorkerOption,
  cutoffOf,
  noteCutoff,
  numericsFrom,
  poolFor,
  readStructures,
  type EngineOptions,
  type StructureOptions,
  type WorkerOptions,
} from "./inputs.js";
import { openModel } from "./model-input.js";
import { checkOutput } from "./outputs.js";
import { addOrbitalFileOptions, orbitalFiles, type OrbitalFileOptions } from "./orbital-files.js";
import { table } from "./table.js";
import { EXPECTED_ERROR, expectedError, noteUnlike } from "./uncertainty.js";

interface Options extends StructureOptions, Omit<EngineOptions, "level">, WorkerOptions, OrbitalFileOptions {
  readonly out?: string;
  readonly response: boolean;
}

export function register(command: Command, frame: Frame): void {
  command
    .argument("<model>", "path or bundled name")
    .argument("<file>", "xyz or extxyz")
    .option("--out <results>", "write the results too, .extxyz (energies in eV) or .csv (hartree)")
    .option("--no-response", "leave the response correction out");
  addWorkerOption(addNumericsOptions(addStructureOptions(addOrbitalFileOptions(command)))).action(
    frame.action<Options>(async (context, modelName, file) => {
      const { options, runOptions, print, use, note } = context;
      const write = writerFor(options.out);
      if (options.out !== undefined) checkOutput(options.out, "text", [modelName, file]);
      const model = openModel(modelName);
      const structures = readStructures(file, options);
      const pool = use(poolFor(options, structures.length));
      const level = await onEngine(
        { ...model.level, numerics: { ...model.level.numerics, ...numericsFrom(options) } },
        options.engine,
      );
      noteCutoff(level, structures, note);
      const writeOrbitals = orbitalFiles(options, level, runOptions, ", one diagonalisation");
      if (options.engine === "pyscf" && options.response)
        note("the engine pyscf has no response correction: energies are those of one diagonalisation");
      const { energies: found, failed: failures } = await energies(model, structures, {
        ...runOptions,
        pool,
        response: options.response,
        level,
        ...(writeOrbitals
          ? {
              onOrbitals: ({ index, structure, result }, state) =>
                writeOrbitals(index, { structure, energy: result.oneShot, state }),
            }
          : {}),
      });
      const failed = reportFailures(context, failures);
      for (const { index, result } of found)
        if (result.response?.reliable === false)
          note(`structure ${index}: the response correction left its linear range; take the energy with care`);
      noteUnlike(model, found, note);
      write?.(found);
      print({ level: levelName(level), ...cutoffOf(level), structures: found.map(asJson), failed }, () =>
        table(
          ["index", "formula", "energy / Eh", "one-shot / Eh", "HOMO / Eh", "LUMO / Eh", EXPECTED_ERROR, "seconds"],
          found.map(({ index, structure, result, uncertainty }) => [
            index,
            formula(structure),
            result.energy.toFixed(8),
            result.oneShot.toFixed(8),
            result.homo.toFixed(5),
            result.lumo.toFixed(5),
            expectedError(uncertainty),
            result.seconds.toFixed(2),
          ]),
        ),
      );
    }),
  );
}

function asJson({ index, result, uncertainty }: StructureEnergy): object {
  const { energy, oneShot, harrisFoulkes, components, dipole, oneShotDipole, homo, lumo, seconds, response } = result;
  return {
    index,
    energy,
    oneShot,
    harrisFoulkes,
    components,
    ...(dipole ? { dipole } : {}),
    ...(oneShotDipole ? { oneShotDipole } : {}),
    homo,
    lumo,
    ...(response ? { reliable: response.reliable } : {}),
    ...(uncertainty ? { uncertainty } : {}),
    seconds,
  };
}

function writerFor(path: string | undefined): ((found: readonly StructureEnergy[]) => void) | undefined {
  if (path === undefined) return undefined;
  if (path.endsWith(".csv")) return (found) => writeAtomically(path, csv(found));
  if (/\.(ext)?xyz$/.test(path)) return (found) => writeAtomically(path, extxyz(found));
  throw new BrineError("usage", `results are written as .extxyz or .csv, not "${path}"`, { where: "--out" });
}

function csv(found: readonly StructureEnergy[]): string {
  const lines = found.map(({ index, structure, result, uncertainty }) =>
    [
      index,
      formula(structure),
      result.energy,
      result.oneShot,
      result.harrisFoulkes,
      ...(result.dipole ?? ["", "", ""]),
      result.homo,
      result.lumo,
      uncertainty?.percent ?? "",
    ].join(","),
  );
  return [
    "index,formula,energy,oneShot,harrisFoulkes,dipoleX,dipoleY,dipoleZ,homo,lumo,uncertaintyPercent",
    ...lines,
    "",
  ].join("\n");
}

function extxyz(found: readonly StructureEnergy[]): string {
  return writeExtxyz(
    found.map(({ index, structure, result, uncertainty }) => ({
      ...structure,
      info: {
        ...structure.info,
        index,
        energy: result.energy * HARTREE_IN_EV,
        energy_one_shot: result.oneShot * HARTREE_IN_EV,
        energy_harris_foulkes: result.harrisFoulkes * HARTREE_IN_EV,
        ...(uncertainty ? { density_uncertainty_percent: uncertainty.percent } : {}),
      },
    })),
  );
}
