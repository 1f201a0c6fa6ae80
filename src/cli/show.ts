/** `brine show`: what is in a dataset or a model. */
import type { Command } from "commander";
import { chooseByLabel, label, type Labelled } from "../dataset/label.js";
import type { Dataset, DatasetRecord } from "../dataset/record.js";
import type { FarField } from "../descriptor/settings.js";
import { BrineError, locate } from "../errors.js";
import { levelName } from "../level.js";
import type { DensityModel } from "../model/prediction/density-model.js";
import { loadModel } from "../model/file/model-file.js";
import { firstBytes, readBytes } from "../node/files.js";
import { modelPath } from "../node/library.js";
import { openDataset } from "../node/sqlite-dataset.js";
import { elementSymbol } from "../structure/elements.js";
import { structureName } from "../structure/identifiers.js";
import { atomCount, formula } from "../structure/structure.js";
import type { Frame } from "./frame.js";
import { listing, table } from "./table.js";

interface Options {
  readonly index?: string;
}

export function register(command: Command, frame: Frame): void {
  command
    .argument("<file>", "dataset, or model by path or bundled name")
    .option("--index <i>", "one record of a dataset in full: 5, water.xyz:5 or key:3fa9c1")
    .action(
      frame.action<Options>(({ options: { index }, print, use }, file) => {
        const path = modelPath(file);
        if (isDataset(path)) {
          const dataset = use(openDataset(path, { readOnly: true }));
          if (index === undefined) showDataset(dataset, path, print);
          else showRecord(dataset, index, path, print);
        } else if (index === undefined) showModel(loadModel(readBytes(path), path), path, print);
        else throw new BrineError("usage", "a model has no records; --index is for datasets", { where: path });
      }),
    );
}

type Print = (json: unknown, human: () => string) => void;

/** SQLite's first bytes; everything else is taken for a model, whose reader says what is wrong with it. */
function isDataset(path: string): boolean {
  return firstBytes(path, 13).toString("latin1") === "SQLite format";
}

function showDataset(dataset: Dataset, path: string, print: Print): void {
  const records = dataset.finished();
  const failures = dataset.ids({ failed: true }).map((id) => dataset.get(id));
  const levels = dataset.levels().map((level) => ({
    level: levelName(level),
    fit: level.auxiliary.name,
    fitMetric: level.fitMetric,
    ...level.numerics,
    records: records.filter((record) => record.level === level).length,
  }));
  const structures = records.map((record) => ({
    ...originOf(record),
    formula: formula(record.structure),
    atoms: atomCount(record.structure),
    energy: (record.state === "done" ? record.energy : undefined) ?? null,
  }));
  const failed = failures.map((record) => ({
    ...originOf(record),
    formula: formula(record.structure),
    reason: record.state === "failed" ? record.reason : "",
  }));
  print({ kind: "dataset", path, records: records.length, levels, structures, failed }, () =>
    [
      `${path}: ${records.length} references, ${failed.length} failed`,
      ...levels.map(
        ({ level, fit, fitMetric, engine, records: n }) =>
          `  ${level}, fitted on ${fit} (${fitMetric}), engine ${engine}: ${n}`,
      ),
      "",
      table(
        ["structure", "name", "formula", "atoms", "energy / Eh"],
        structures.map((row) => [label(row), row.name ?? "", row.formula, row.atoms, row.energy?.toFixed(8) ?? "-"]),
      ),
      ...failed.map((row) => `structure ${label(row)} (${row.name ?? row.formula}) failed: ${row.reason}`),
    ].join("\n"),
  );
}

/** What people call a record, and its key. */
function originOf({ key, source, index, structure }: DatasetRecord): Labelled & { name?: string } {
  const name = structureName(structure);
  return { ...(source === undefined ? {} : { source }), index, ...(name === undefined ? {} : { name }), key };
}

function showRecord(dataset: Dataset, word: string, path: string, print: Print): void {
  const found = dataset.get(recordId(dataset, word, path));
  const common = { ...originOf(found), formula: formula(found.structure), level: levelName(found.level) };
  if (found.state === "failed") {
    const { reason } = found;
    print({ ...common, state: "failed", reason }, () => listing([...title(common), ["failed", reason]]));
    return;
  }
  const { structure, level, energy, components, dipole, density, iterations, seconds, spinSquared, spinCoefficients } =
    found;
  const fit = { basis: level.auxiliary.name, metric: level.fitMetric, ...found.fit };
  const { charge, unpaired, info } = structure;
  const document = {
    ...common,
    state: "done",
    species: structure.species,
    positions: structure.positions,
    charge,
    unpaired,
    info,
    energy: energy ?? null,
    components: components ?? null,
    dipole: dipole ?? null,
    fit,
    iterations,
    seconds,
    coefficients: density.coefficients,
    ...(spinSquared === undefined ? {} : { spinSquared }),
    ...(spinCoefficients === undefined ? {} : { spinCoefficients }),
  };
  print(document, () =>
    listing([
      ...title(common),
      ["charge", charge],
      ...(unpaired > 0 ? [["unpaired", unpaired] as const] : []),
      ...(spinSquared === undefined ? [] : [["<S^2>", spinSquared.toFixed(6)] as const]),
      ["energy / Eh", energy?.toFixed(10) ?? "-"],
      ...Object.entries(components ?? {}).map(([name, value]): [string, string] => [
        `  ${name}`,
        Number(value).toFixed(10),
      ]),
      ["dipole / e bohr", dipole?.map((x) => x.toFixed(5)).join(" ") ?? "-"],
      ["fit", `${fit.basis} (${fit.metric})`],
      ...Object.entries(found.fit ?? {}).map(([name, value]): [string, string] => [`  ${name}`, String(value)]),
      ["coefficients", `${density.coefficients.length} (in full with --json)`],
      ["atoms", Array.from(structure.species, elementSymbol).join(" ")],
    ]),
  );
}

/** What a record is of, for people. */
function title(
  record: Labelled & Record<"formula" | "level", string> & { readonly name?: string },
): [string, string][] {
  const { name, key, formula: atoms, level } = record;
  return [
    ["structure", label(record)],
    ...(name === undefined ? [] : [["name", name] as [string, string]]),
    ["key", key],
    ["formula", atoms],
    ["level", level],
  ];
}

/** The record with this label; of a structure with several levels, a finished one. */
function recordId(dataset: Dataset, word: string, path: string): number {
  const ids = [...dataset.ids({ failed: true }), ...dataset.ids()];
  const byKey = new Map(ids.map((id) => dataset.get(id)).map((record) => [record.key, record]));
  try {
    return chooseByLabel([...byKey.values()], [word])[0].id;
  } catch (error) {
    throw locate(error, path);
  }
}

function showModel(model: DensityModel, path: string, print: Print): void {
  const { level, settings, summary, madeBy, environments } = model;
  const { farField } = model.recipe.descriptor;
  const species = Object.keys(environments).map((z) => elementSymbol(Number(z)));
  print(
    {
      kind: "model",
      path,
      level: levelName(level),
      fit: level.auxiliary.name,
      fitMetric: level.fitMetric,
      species,
      settings,
      summary,
      ...(madeBy ? { madeBy } : {}),
    },
    () =>
      listing([
        ["model", path],
        ["level", levelName(level)],
        ["fit", `${level.auxiliary.name} (${level.fitMetric})`],
        ["elements", species.join(" ")],
        ["structures", summary.structures],
        [
          "environments",
          Object.entries(summary.environments)
            .map(([symbol, n]) => `${symbol} ${n}`)
            .join(", "),
        ],
        ["weights", summary.dimension],
        ...(madeBy ? [["made by", `brine ${madeBy.brine} (${madeBy.backend})`] as const] : []),
        ["cutoff / bohr", settings.cutoffRadius.toFixed(4)],
        ["far field", farField ? farFieldName(farField) : "none"],
        ["regularization", summary.regularization.relative.toExponential(2)],
        ["rmse on training", `${summary.trainRmsePercent.toFixed(3)} %`],
        [
          "rmse on held-out",
          summary.validation
            ? `${summary.validation.rmsePercent.toFixed(3)} % of ${summary.validation.structures}`
            : "-",
        ],
      ]),
  );
}

function farFieldName({ width, polarizability }: FarField): string {
  return `charges${polarizability > 0 ? " and induced dipoles" : ""} of ${width.toFixed(4)} bohr`;
}
