/** `brine scf`: converged Kohn–Sham energies. */
import { join } from "node:path";
import type { Command } from "commander";
import type { GroundState } from "../engine/engine.js";
import { type Molden, writeMolden } from "../io/molden.js";
import { levelName, type LevelOfTheory } from "../level.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { onEngine } from "../node/engines.js";
import { makeFolder, writeAtomically } from "../node/files.js";
import { atomCount, formula } from "../structure/structure.js";
import { forEachStructure } from "../workflow/each-structure.js";
import type { ScfOutcome, ScfWithForcesTask } from "../workflow/tasks.js";
import type { Frame } from "./frame.js";
import {
  addEngineOptions,
  addStructureOptions,
  addWorkerOption,
  levelFrom,
  poolFor,
  readStructures,
  scfSettings,
  type EngineOptions,
  type StructureOptions,
  type WorkerOptions,
} from "./inputs.js";
import { writeDensityCube, writeGroundState } from "./orbital-files.js";
import { table } from "./table.js";

interface Options extends StructureOptions, EngineOptions, WorkerOptions {
  readonly forces?: true;
  readonly molden?: string;
  readonly cube?: string;
  readonly npz?: string;
}

export function register(program: Command, frame: Frame): void {
  const command = program
    .command("scf")
    .description("Converge Kohn-Sham for each structure of FILE")
    .argument("<file>", "xyz or extxyz")
    .option("--forces", "forces on the atoms too")
    .option(
      "--molden <dir>",
      "write the orbitals as molden files, INDEX.molden, into a folder, made if it is not there",
    )
    .option("--cube <dir>", "write the densities as cube files, INDEX.cube, into a folder")
    .option("--npz <dir>", "write density matrices, orbitals and their energies, INDEX.npz, into a folder");
  addWorkerOption(addEngineOptions(addStructureOptions(command))).action(
    frame.action<Options>(async ({ options, runOptions, print, failed, use, note }, file) => {
      for (const folder of [options.molden, options.cube, options.npz]) if (folder !== undefined) makeFolder(folder);
      const structures = readStructures(file, options);
      const level = await onEngine(levelFrom(options), options.engine);
      const pool = use(poolFor(options, structures.length));
      const states = new Map<number, ScfOutcome>();
      const failures = await forEachStructure<ScfWithForcesTask, ScfOutcome>(
        "scf",
        structures.map(({ index, structure }) => ({
          index,
          input: { level, structure, forces: options.forces === true, settings: scfSettings(options) },
        })),
        (state, index) => {
          states.set(index, state);
          if (options.molden !== undefined)
            writeAtomically(
              join(options.molden, `${index}.molden`),
              writeMolden(withOrbitals(state, level), `${formula(state.structure)} ${levelName(level)}`),
            );
          if (options.npz !== undefined) writeGroundState(join(options.npz, String(index)), state);
        },
        { ...runOptions, pool, stage: "SCF" },
      );
      if (options.cube !== undefined)
        for (const [index, state] of states)
          await writeDensityCube(join(options.cube, String(index)), state, level, runOptions);
      const rows = structures.flatMap(({ index, structure }) => {
        const state = states.get(index);
        if (!state) return [];
        const { energy, components, dipole, iterations, seconds, forces, openShell } = state;
        return [
          {
            index,
            formula: formula(structure),
            atoms: atomCount(structure),
            energy,
            components,
            dipole,
            iterations,
            converged: true,
            seconds,
            ...(openShell ? { spinSquared: openShell.spinSquared } : {}),
            ...(forces ? { forces: vectors(forces) } : {}),
          },
        ];
      });
      if (failures.length > 0) failed();
      for (const { index, reason } of failures) note(`structure ${index}: ${reason}`);
      print({ level: levelName(level), structures: rows, failed: failures }, () =>
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
            Math.hypot(...row.dipole).toFixed(4),
            row.iterations,
            row.seconds.toFixed(2),
            ...(row.forces ? [Math.max(...row.forces.map((force) => Math.hypot(...force))).toFixed(6)] : []),
          ]),
        ),
      );
    }),
  );
}

function withOrbitals(state: GroundState, { orbitals: basis }: LevelOfTheory): Molden {
  const { structure, orbitals, openShell } = state;
  const alpha = orbitalList(state, "alpha", openShell ? 1 : 2);
  if (!openShell) return { structure, basis, orbitals: alpha, coefficients: orbitals };
  const beta = orbitalList(openShell, "beta", 1);
  return {
    structure,
    basis,
    orbitals: [...alpha, ...beta],
    coefficients: sideBySide(orbitals, openShell.orbitals),
  };
}

function orbitalList(
  { orbitalEnergies, occupied, occupations }: Pick<GroundState, "orbitalEnergies" | "occupied" | "occupations">,
  spin: "alpha" | "beta",
  electrons: 1 | 2,
): Molden["orbitals"] {
  return Array.from(orbitalEnergies, (energy, i) => ({
    energy,
    occupation: occupations ? occupations[i] : i < occupied ? electrons : 0,
    spin,
  }));
}

/** [a b] of two packed matrices. */
function sideBySide(a: Matrix, b: Matrix): Matrix {
  const result = matrix(a.rows, a.columns + b.columns);
  for (let i = 0; i < a.rows; i++) {
    result.data.set(a.data.subarray(i * a.columns, (i + 1) * a.columns), i * result.columns);
    result.data.set(b.data.subarray(i * b.columns, (i + 1) * b.columns), i * result.columns + a.columns);
  }
  return result;
}

/** [atoms, 3] as an array of vectors. */
function vectors(values: Float64Array): number[][] {
  return Array.from({ length: values.length / 3 }, (_, atom) => [...values.subarray(3 * atom, 3 * atom + 3)]);
}
