/** `brine energy`: energies of new structures from predicted densities. */
import { join } from "node:path";
import type { Command } from "commander";
import { canonicalJson } from "../canonical-json.js";
import type { EnergyComponents } from "../dataset/record.js";
import { levelKey } from "../dataset/codec.js";
import type { Note } from "../kohn-sham/system.js";
import { levelName, type LevelOfTheory } from "../level.js";
import { onEngine } from "../node/engines.js";
import type { Settings } from "../node/result-log.js";
import type { RunOptions } from "../run.js";
import { HARTREE_IN_EV } from "../units.js";
import { energies, type StructureEnergy } from "../workflow/energy.js";
import { notesOf } from "../workflow/notes.js";
import { writeDensityCube, writeDensityNpz } from "./density-files.js";
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
import { openSharedModel } from "./model-input.js";
import { noteResults } from "./notes.js";
import { oneOf } from "./options.js";
import { outputFolder } from "./outputs.js";
import { addOrbitalFileOptions, orbitalFiles, type OrbitalFileOptions, writeDensityOrbitals } from "./orbital-files.js";
import { type ResultFormat, resultWriter } from "./result-files.js";
import { documents, runResumable } from "./resumable.js";
import { named, table } from "./table.js";
import { EXPECTED_ERROR, expectedError, noteUnlike } from "./uncertainty.js";

interface Options extends StructureOptions, Omit<EngineOptions, "level">, WorkerOptions, OrbitalFileOptions {
  readonly out?: string;
  readonly response: boolean;
  readonly density: "improved" | "one-shot";
}

/** What the JSON document has of one structure. */
interface EnergyResult {
  readonly energy: number;
  readonly oneShot: number;
  readonly harrisFoulkes: number;
  readonly components: EnergyComponents;
  readonly dipole?: readonly number[];
  readonly dipoleOf?: "improved" | "oneShot";
  /** Of the uncorrected diagonalisation, where `dipole` is another. */
  readonly oneShotDipole?: readonly number[];
  readonly homo: number;
  /** Null where there is no empty orbital. */
  readonly lumo: number | null;
  readonly reliable?: boolean;
  readonly uncertainty?: { readonly error: number; readonly percent: number; readonly atoms: readonly number[] };
  readonly notes?: readonly Note[];
  readonly seconds: number;
}

export function register(command: Command, frame: Frame): void {
  command
    .argument("<model>", "path or bundled name")
    .argument("<file>", "xyz or extxyz")
    .option("--out <results>", "write the results too: .jsonl, .csv (both hartree) or .extxyz (energies in eV)")
    .option("--no-response", "leave the response correction out")
    .option(
      "--density <name>",
      "whose files --cube, --npz and --molden write: improved by linear response where there is one, or one-shot, of the diagonalisation",
      oneOf("--density", ["improved", "one-shot"] as const),
      "improved",
    );
  addWorkerOption(addNumericsOptions(addStructureOptions(addOrbitalFileOptions(command)))).action(
    frame.action<Options>(async (context, modelName, file) => {
      const { options, runOptions, print, use, note } = context;
      const { out } = options;
      const write = out === undefined ? undefined : resultWriter(out, [modelName, file], FORMAT);
      const { model, shared } = openSharedModel(modelName);
      const structures = readStructures(file, options);
      const level = await onEngine(
        { ...model.level, numerics: { ...model.level.numerics, ...numericsFrom(options) } },
        options.engine,
      );
      noteCutoff(level, structures, note);
      if (options.engine === "pyscf" && options.response)
        note("the engine pyscf has no response correction: energies are those of one diagonalisation");
      const files = filesOf(options, level, runOptions);
      const pool = use(poolFor(options, structures.length));
      await runResumable<EnergyResult>(context, {
        structures,
        out,
        settings: settingsOf(options, level, shared.key),
        run: (missing, add) =>
          energies(
            shared,
            missing,
            async (found) => {
              await files?.(found);
              add(found, resultOf(found));
            },
            { ...runOptions, pool, response: options.response, level, orbitals: files ? options.density : "none" },
          ),
        ...(write ? { write } : {}),
        show(rows, failed) {
          noteResults(rows, note);
          noteUnlike(model, rows, note);
          print({ level: levelName(level), ...cutoffOf(level), structures: documents(rows), failed }, () =>
            table(
              [
                ...named.head,
                "energy / Eh",
                "one-shot / Eh",
                "dipole / au",
                "HOMO / Eh",
                "LUMO / Eh",
                EXPECTED_ERROR,
                "seconds",
              ],
              Array.from(rows, ({ result, ...labelled }) => [
                ...named.cells(labelled),
                result.energy.toFixed(8),
                result.oneShot.toFixed(8),
                result.dipole ? Math.hypot(...result.dipole).toFixed(4) : "",
                result.homo.toFixed(5),
                result.lumo?.toFixed(5) ?? "",
                expectedError(result.uncertainty),
                result.seconds.toFixed(2),
              ]),
            ),
          );
        },
      });
    }, "what is finished is kept; with --out the same command goes on"),
  );
}

function settingsOf({ response, density, cube, npz, molden }: Options, level: LevelOfTheory, model: string): Settings {
  return {
    command: "energy",
    model,
    level: levelKey(level),
    numerics: canonicalJson(level.numerics),
    response,
    density,
    cube,
    npz,
    molden,
  };
}

function resultOf({ result, uncertainty }: StructureEnergy): EnergyResult {
  const { energy, oneShot, harrisFoulkes, components, dipole, oneShotDipole, improved, homo, lumo, seconds, response } =
    result;
  const notes = notesOf(result);
  return {
    energy,
    oneShot,
    harrisFoulkes,
    components,
    ...(dipole ? { dipole, dipoleOf: improved ? "improved" : "oneShot" } : {}),
    ...(improved && oneShotDipole ? { oneShotDipole } : {}),
    homo,
    lumo: Number.isFinite(lumo) ? lumo : null,
    ...(response ? { reliable: response.reliable } : {}),
    ...(uncertainty ? { uncertainty: { ...uncertainty, atoms: [...uncertainty.atoms] } } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    seconds,
  };
}

const FORMAT: ResultFormat<EnergyResult> = {
  columns: [
    ["energy", ({ energy }) => energy],
    ["oneShot", ({ oneShot }) => oneShot],
    ["harrisFoulkes", ({ harrisFoulkes }) => harrisFoulkes],
    ["dipoleX", ({ dipole }) => dipole?.[0]],
    ["dipoleY", ({ dipole }) => dipole?.[1]],
    ["dipoleZ", ({ dipole }) => dipole?.[2]],
    ["homo", ({ homo }) => homo],
    ["lumo", ({ lumo }) => lumo ?? undefined],
    ["uncertaintyPercent", ({ uncertainty }) => uncertainty?.percent],
  ],
  comment: ({ energy, oneShot, harrisFoulkes, uncertainty }) => ({
    energy: energy * HARTREE_IN_EV,
    energy_one_shot: oneShot * HARTREE_IN_EV,
    energy_harris_foulkes: harrisFoulkes * HARTREE_IN_EV,
    ...(uncertainty ? { density_uncertainty_percent: uncertainty.percent } : {}),
  }),
};

/** Writes the files of one structure: of the improved density where that is wanted and there is one, else of the diagonalisation. */
function filesOf(
  options: Options,
  level: LevelOfTheory,
  runOptions: RunOptions,
): ((found: StructureEnergy) => Promise<void>) | undefined {
  const { cube, npz, molden } = options;
  const oneShot = orbitalFiles(options, level, runOptions, ", one diagonalisation");
  if (!oneShot) return undefined;
  [cube, npz, molden].forEach((folder) => folder !== undefined && outputFolder(folder));
  return async ({ index, structure, result, improvedOrbitals }) => {
    const { improved, state } = result;
    const file = (folder: string, ending: string): string => join(folder, `${index}.${ending}`);
    if (!improved || options.density === "one-shot") {
      if (state) await oneShot(index, { structure, energy: result.oneShot, state });
      return;
    }
    if (cube !== undefined)
      await writeDensityCube(file(cube, "cube"), improved, "response-improved density", runOptions);
    if (npz !== undefined) writeDensityNpz(file(npz, "npz"), improved, "brine");
    if (molden !== undefined && improvedOrbitals)
      writeDensityOrbitals(join(molden, String(index)), structure, level, improvedOrbitals);
  };
}
