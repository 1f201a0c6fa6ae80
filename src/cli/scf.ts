/** `brine scf`: converged Kohn–Sham energies. */
import type { Command } from "commander";
import { compareOrigins } from "../dataset/label.js";
import { levelName } from "../level.js";
import { onEngine } from "../node/engines.js";
import { atomCount, formula } from "../structure/structure.js";
import { failed, type Failed, forEachStructure } from "../workflow/each-structure.js";
import type { ScfOutcome } from "../workflow/tasks.js";
import { reportFailures } from "./failures.js";
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
import { addOrbitalFileOptions, orbitalFiles, type OrbitalFileOptions } from "./orbital-files.js";
import { table } from "./table.js";

interface Options extends StructureOptions, EngineOptions, WorkerOptions, OrbitalFileOptions {
  readonly forces?: true;
}

export function register(command: Command, frame: Frame): void {
  command.argument("<file>", "xyz or extxyz").option("--forces", "forces on the atoms too");
  addWorkerOption(addEngineOptions(addStructureOptions(addOrbitalFileOptions(command)))).action(
    frame.action<Options>(async (context, file) => {
      const { options, runOptions, print, use, note } = context;
      const structures = readStructures(file, options);
      const level = await onEngine(levelFrom(options), options.engine);
      noteCutoff(level, structures, note);
      const pool = use(poolFor(options, structures.length));
      const write = orbitalFiles(options, level, runOptions);
      const states = new Map<number, ScfOutcome>();
      const failures: Failed[] = [];
      await forEachStructure(
        "scf",
        structures.map((labelled) => ({
          context: labelled,
          input: () => ({
            level,
            structure: labelled.structure,
            forces: options.forces === true,
            settings: scfSettings(options),
          }),
        })),
        async (state, { index }) => {
          states.set(index, state);
          await write?.(index, state);
        },
        {
          ...runOptions,
          pool,
          stage: "SCF",
          onFailure: (error, labelled) => failures.push(failed(labelled, error)),
        },
      );
      const rows = structures.flatMap(({ index, structure }) => {
        const state = states.get(index);
        if (!state) return [];
        const { energy, components, dipole, iterations, seconds, forces, spinSquared } = state;
        return [
          {
            index,
            formula: formula(structure),
            atoms: atomCount(structure),
            energy,
            components,
            ...(dipole ? { dipole } : {}),
            iterations,
            converged: true,
            seconds,
            ...(spinSquared === undefined ? {} : { spinSquared }),
            ...(forces ? { forces: vectors(forces) } : {}),
          },
        ];
      });
      const document = { level: levelName(level), ...cutoffOf(level), structures: rows };
      print({ ...document, failed: reportFailures(context, failures.toSorted(compareOrigins)) }, () =>
        table(
          [
            "index",
            "formula",
            "energy / Eh",
            "dipole / au",
            "iterations",
            "seconds",
            ...(options.forces ? ["largest force / au"] : []),
          ],
          rows.map((row) => [
            row.index,
            row.formula,
            row.energy.toFixed(8),
            row.dipole ? Math.hypot(...row.dipole).toFixed(4) : "",
            row.iterations,
            row.seconds.toFixed(2),
            ...(row.forces ? [Math.max(...row.forces.map((force) => Math.hypot(...force))).toFixed(6)] : []),
          ]),
        ),
      );
    }),
  );
}

/** [atoms, 3] as an array of vectors. */
function vectors(values: Float64Array): number[][] {
  return Array.from({ length: values.length / 3 }, (_, atom) => [...values.subarray(3 * atom, 3 * atom + 3)]);
}
