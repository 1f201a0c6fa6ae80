/** `brine scf`: converged Kohn–Sham energies. */
import type { Command } from "commander";
import { canonicalJson } from "../canonical-json.js";
import { levelKey } from "../dataset/codec.js";
import type { EnergyComponents } from "../dataset/record.js";
import type { Note } from "../kohn-sham/system.js";
import { levelName, type LevelOfTheory } from "../level.js";
import { onEngine } from "../node/engines.js";
import type { Settings } from "../node/result-log.js";
import { atomCount } from "../structure/structure.js";
import { HARTREE_IN_EV } from "../units.js";
import { groundStates, type StructureState } from "../workflow/scf.js";
import type { Frame } from "./frame.js";
import {
  addEngineOptions,
  addStructureOptions,
  addWorkerOption,
  cutoffOf,
  levelFrom,
  noteCutoff,
  poolFor,
  readStructures,
  scfSettings,
  type EngineOptions,
  type StructureOptions,
  type WorkerOptions,
} from "./inputs.js";
import { noteResults } from "./notes.js";
import { addOrbitalFileOptions, orbitalFiles, type OrbitalFileOptions } from "./orbital-files.js";
import { type ResultFormat, resultWriter } from "./result-files.js";
import { documents, runResumable } from "./resumable.js";
import { named, table } from "./table.js";

interface Options extends StructureOptions, EngineOptions, WorkerOptions, OrbitalFileOptions {
  readonly forces?: true;
  readonly out?: string;
}

/** What the JSON document has of one structure. */
interface ScfResult {
  readonly atoms: number;
  readonly energy: number;
  readonly components: EnergyComponents;
  readonly dipole?: readonly number[];
  readonly iterations: number;
  readonly converged: true;
  readonly seconds: number;
  readonly spinSquared?: number;
  readonly forces?: readonly (readonly number[])[];
  readonly notes?: readonly Note[];
}

export function register(command: Command, frame: Frame): void {
  command
    .argument("<file>", "xyz or extxyz")
    .option("--out <results>", "write the results too: .jsonl, .csv (both hartree) or .extxyz (energies in eV)")
    .option("--forces", "forces on the atoms too, in JSON");
  addWorkerOption(addEngineOptions(addStructureOptions(addOrbitalFileOptions(command)))).action(
    frame.action<Options>(async (context, file) => {
      const { options, runOptions, print, use, note } = context;
      const { out } = options;
      const write = out === undefined ? undefined : resultWriter(out, [file], FORMAT);
      const structures = readStructures(file, options);
      const level = await onEngine(levelFrom(options), options.engine);
      noteCutoff(level, structures, note);
      const pool = use(poolFor(options, structures.length));
      const writeOrbitals = orbitalFiles(options, level, runOptions);
      await runResumable<ScfResult>(context, {
        structures,
        out,
        settings: settingsOf(options, level),
        run: (missing, add) =>
          groundStates(
            level,
            missing,
            async (found) => {
              await writeOrbitals?.(found.index, found);
              add(found, resultOf(found));
            },
            { ...runOptions, pool, forces: options.forces === true, settings: scfSettings(options) },
          ),
        ...(write ? { write } : {}),
        show(rows, failed) {
          noteResults(rows, note);
          print({ level: levelName(level), ...cutoffOf(level), structures: documents(rows), failed }, () =>
            table(
              [...named.head, "energy / Eh", "dipole / au", "iterations", "seconds", "largest force / au"],
              Array.from(rows, ({ result, ...labelled }) => [
                ...named.cells(labelled),
                result.energy.toFixed(8),
                result.dipole ? Math.hypot(...result.dipole).toFixed(4) : "",
                result.iterations,
                result.seconds.toFixed(2),
                result.forces ? Math.max(...result.forces.map((force) => Math.hypot(...force))).toFixed(6) : "",
              ]),
            ),
          );
        },
      });
    }, "what is finished is kept; with --out the same command goes on"),
  );
}

/** What steers an SCF changes no result that converges, but which of several states it finds. */
function settingsOf(options: Options, level: LevelOfTheory): Settings {
  const { forces, cube, npz, molden } = options;
  return {
    command: "scf",
    level: levelKey(level),
    numerics: canonicalJson(level.numerics),
    convergence: canonicalJson(scfSettings(options)),
    forces,
    cube,
    npz,
    molden,
  };
}

function resultOf({ structure, ...state }: StructureState): ScfResult {
  const { energy, components, dipole, iterations, seconds, forces, spinSquared, notes = [] } = state;
  return {
    atoms: atomCount(structure),
    energy,
    components,
    ...(dipole ? { dipole } : {}),
    iterations,
    converged: true,
    seconds,
    ...(spinSquared === undefined ? {} : { spinSquared }),
    ...(notes.length > 0 ? { notes } : {}),
    ...(forces ? { forces: vectors(forces) } : {}),
  };
}

const FORMAT: ResultFormat<ScfResult> = {
  columns: [
    ["energy", ({ energy }) => energy],
    ["dipoleX", ({ dipole }) => dipole?.[0]],
    ["dipoleY", ({ dipole }) => dipole?.[1]],
    ["dipoleZ", ({ dipole }) => dipole?.[2]],
    ["iterations", ({ iterations }) => iterations],
  ],
  comment: ({ energy }) => ({ energy: energy * HARTREE_IN_EV }),
};

/** [atoms, 3] as an array of vectors. */
function vectors(values: Float64Array): number[][] {
  return Array.from({ length: values.length / 3 }, (_, atom) => [...values.subarray(3 * atom, 3 * atom + 3)]);
}
