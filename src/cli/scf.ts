/** `brine scf`: converged Kohn–Sham energies. */
import type { Command } from "commander";
import type { GroundState } from "../engine/engine.js";
import { levelName } from "../level.js";
import { atomCount, formula } from "../structure/structure.js";
import { forEachStructure } from "../workflow/each-structure.js";
import type { ScfTask } from "../workflow/tasks.js";
import type { Frame } from "./frame.js";
import { addEngineOptions, addStructureOptions, addWorkerOption, iterationLimit, levelFrom, poolFor, readStructures, type EngineOptions, type StructureOptions, type WorkerOptions } from "./inputs.js";
import { table } from "./table.js";

type Options = StructureOptions & EngineOptions & WorkerOptions;

export function register(program: Command, frame: Frame): void {
  const command = program.command("scf").description("Converge Kohn-Sham for each structure of FILE").argument("<file>", "xyz or extxyz");
  addWorkerOption(addEngineOptions(addStructureOptions(command))).action(
    frame.action<Options>(async ({ options, runOptions, print, failed, use, note }, file) => {
      const structures = readStructures(file, options);
      const level = levelFrom(options);
      const pool = use(poolFor(options, structures.length));
      const states = new Map<number, GroundState>();
      const failures = await forEachStructure<ScfTask, GroundState>(
        "scf",
        structures.map(({ index, structure }) => ({ index, input: { level, structure, ...iterationLimit(options) } })),
        (state, index) => states.set(index, state),
        { ...runOptions, pool, stage: "SCF" },
      );
      const rows = structures.flatMap(({ index, structure }) => {
        const state = states.get(index);
        if (!state) return [];
        const { energy, components, dipole, iterations, seconds } = state;
        return [{ index, formula: formula(structure), atoms: atomCount(structure), energy, components, dipole, iterations, converged: true, seconds }];
      });
      if (failures.length > 0) failed();
      for (const { index, reason } of failures) note(`structure ${index}: ${reason}`);
      print({ level: levelName(level), structures: rows, failed: failures }, () =>
        table(
          ["index", "formula", "energy / Eh", "dipole / au", "iterations", "seconds"],
          rows.map((row) => [row.index, row.formula, row.energy.toFixed(8), Math.hypot(...row.dipole).toFixed(4), row.iterations, row.seconds.toFixed(2)]),
        ),
      );
    }),
  );
}
