/** A dataset in one SQLite file. Each record is one commit. */
import { canonicalJson } from "../canonical-json.js";
import {
  decodeRecord,
  decodeStructure,
  encodeRecord,
  encodeStructure,
  levelKey,
  type ReferenceRow,
  structureKey,
  type StructureRow,
} from "../dataset/codec.js";
import type { Origin } from "../dataset/label.js";
import type { Dataset, DatasetRecord, FinishedRecord } from "../dataset/record.js";
import { BrineError, locate } from "../errors.js";
import type { LevelOfTheory } from "../level.js";
import type { Structure } from "../structure/structure.js";
import { type Connection, connectReader, connectWriter, databaseError } from "./dataset-file.js";

/** How a dataset is opened. */
export interface OpenOptions {
  /** Make the file when there is none. */
  readonly create?: boolean;
  /** Only look, also while another process writes. */
  readonly readOnly?: boolean;
  /** Refuse to grow beyond this many pages of 4 kB: what a full disk does. */
  readonly maxPages?: number;
}

type Value = string | number | Uint8Array | null;

/** `densityMatrix`: what stands for it, which is larger than all else of a record. */
const recordsWith = (densityMatrix: string): string => `
  SELECT reference.id, structure.key, source, input_index AS "index", reference.level, reference.state, reference.energy, reference.reason, reference.details,
    species, positions, cell, periodic, charge, unpaired, info, coefficients, nuclear_charges AS nuclearCharges,
    ${densityMatrix} AS densityMatrix
  FROM reference JOIN structure ON structure.id = reference.structure
  LEFT JOIN density ON density.reference = reference.id AND quantity = 'density'`;

/** As `compareOrigins`. */
const BY_ORIGIN = "coalesce(source, ''), input_index, reference.id";

const RECORD = `${recordsWith("(SELECT elements FROM density_matrix WHERE density_matrix.reference = reference.id)")}
  WHERE reference.id = ?`;

const FINISHED = `${recordsWith("NULL")} WHERE state = 'done' ORDER BY ${BY_ORIGIN}`;

const RECORD_OF = `
  SELECT reference.id, state, EXISTS (SELECT 1 FROM density_matrix WHERE density_matrix.reference = reference.id) AS orbitals
  FROM reference JOIN structure ON structure.id = reference.structure WHERE structure.key = ? AND level_key = ?`;

/** A row of `recordsWith`. */
interface FullRow extends StructureRow, ReferenceRow {
  readonly id: number;
  readonly key: string;
  readonly source: string | null;
  readonly index: number;
  readonly level: number;
}

interface RecordRow {
  readonly id: number;
  readonly state: string;
  /** 1 or 0. */
  readonly orbitals: number;
}

/**
 * Opens a dataset. Throws `input` (no such file), `busy` (another process writes to it; names the pid),
 * `corrupt` (cut off, or a file of another kind), `unsupported` (another format version) or `storage`.
 */
export function openDataset(path: string, { create = false, readOnly = false, maxPages }: OpenOptions = {}): Dataset {
  const connect = (): Connection => (readOnly ? connectReader(path) : connectWriter(path, create, maxPages));
  let connection = connect();
  const levels = new Map<number, LevelOfTheory>();

  const queryOnce = <Row>(sql: string, values: readonly Value[]): Row[] =>
    connection.database.all(sql, [...values]) as Row[];
  /** A reader whose file was changed by a writer looks again. */
  const query = <Row>(sql: string, ...values: readonly Value[]): Row[] => {
    try {
      return queryOnce(sql, values);
    } catch (error) {
      if (!readOnly) throw databaseError(error, path);
    }
    connection.close();
    connection = connect();
    try {
      return queryOnce(sql, values);
    } catch (error) {
      throw databaseError(error, path);
    }
  };

  /** The id of the row with this content, inserted if need be. */
  const idOf = (find: string, key: Value, insert: string, ...values: readonly Value[]): number => {
    const found = query<{ id: number }>(find, key)[0];
    return found?.id ?? Number(connection.database.run(insert, [...values]).lastInsertRowid);
  };
  const structureId = (structure: Structure): number => {
    const key = structureKey(structure);
    const { species, positions, cell, periodic, charge, unpaired, info } = encodeStructure(structure);
    return idOf(
      "SELECT id FROM structure WHERE key = ?",
      key,
      "INSERT INTO structure (key, species, positions, cell, periodic, charge, unpaired, info) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      key,
      species,
      positions,
      cell,
      periodic,
      charge,
      unpaired,
      info,
    );
  };
  /** Of levels that are in the file: their JSON is long. */
  const levelIds = new WeakMap<LevelOfTheory, number>();
  const levelId = (level: LevelOfTheory): number => {
    const known = levelIds.get(level);
    if (known !== undefined) return known;
    const json = canonicalJson(level);
    return idOf(
      "SELECT id FROM level WHERE json = ?",
      json,
      "INSERT INTO level (key, json) VALUES (?, ?)",
      levelKey(level),
      json,
    );
  };
  const levelOf = (id: number): LevelOfTheory => {
    let level = levels.get(id);
    if (!level) {
      level = JSON.parse(query<{ json: string }>("SELECT json FROM level WHERE id = ?", id)[0].json) as LevelOfTheory;
      levels.set(id, level);
    }
    return level;
  };
  const recordOf = (structure: Structure, level: LevelOfTheory): RecordRow | undefined =>
    query<RecordRow>(RECORD_OF, structureKey(structure), levelKey(level))[0];

  /** All rows of one record, or none of them. */
  const commit = (work: () => number): number => {
    const { database } = connection;
    try {
      database.exec("BEGIN IMMEDIATE");
      const id = work();
      database.exec("COMMIT");
      return id;
    } catch (error) {
      if (database.inTransaction) database.exec("ROLLBACK");
      throw databaseError(error, path);
    }
  };

  const write = (
    { source, index }: Origin,
    structure: Structure,
    level: LevelOfTheory,
    row: ReferenceRow,
    replaced?: number,
  ): number => {
    const { database } = connection;
    if (replaced !== undefined) {
      for (const table of ["density", "density_matrix"])
        database.run(`DELETE FROM ${table} WHERE reference = ?`, [replaced]);
      database.run("DELETE FROM reference WHERE id = ?", [replaced]);
    }
    const values = [
      replaced ?? null,
      structureId(structure),
      levelId(level),
      levelKey(level),
      source ?? null,
      index,
      row.state,
      row.energy,
      row.reason,
      row.details,
    ];
    const id = Number(
      database.run(
        "INSERT INTO reference (id, structure, level, level_key, source, input_index, state, energy, reason, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values,
      ).lastInsertRowid,
    );
    if (row.coefficients)
      database.run(
        "INSERT INTO density (reference, quantity, coefficients, nuclear_charges) VALUES (?, 'density', ?, ?)",
        [id, row.coefficients, row.nuclearCharges],
      );
    if (row.densityMatrix)
      database.run("INSERT INTO density_matrix (reference, elements) VALUES (?, ?)", [id, row.densityMatrix]);
    return id;
  };

  const decode = (row: FullRow): DatasetRecord => {
    try {
      const { id, key, source, index } = row;
      const named = { key, ...(source === null ? {} : { source }), index };
      return { id, ...named, ...decodeRecord(decodeStructure(row), levelOf(row.level), row) };
    } catch (error) {
      throw locate(error, `${path}, record ${row.id}`);
    }
  };

  return {
    levels: () =>
      query<{ level: number }>("SELECT level FROM reference GROUP BY level ORDER BY min(id)").map(({ level }) =>
        levelOf(level),
      ),
    put(origin, record) {
      if (readOnly) throw new BrineError("usage", "the dataset was opened for reading only", { where: path });
      const row = encodeRecord(record);
      const known = recordOf(record.structure, record.level);
      if (known?.state === "done" && row.state === "failed") return known.id;
      const id = commit(() => write(origin, record.structure, record.level, row, known?.id));
      levelIds.set(record.level, query<{ level: number }>("SELECT level FROM reference WHERE id = ?", id)[0].level);
      return id;
    },
    get(id) {
      const row = query<FullRow>(RECORD, id)[0];
      if (!row) throw new BrineError("usage", `the dataset has no record ${id}`, { where: path });
      return decode(row);
    },
    // One statement: the file is locked once, not for every record.
    finished: () => query<FullRow>(FINISHED).map((row) => decode(row) as FinishedRecord),
    ids: ({ failed = false } = {}) =>
      query<{ id: number }>(
        `SELECT id FROM reference WHERE state = ? ORDER BY ${BY_ORIGIN}`,
        failed ? "failed" : "done",
      ).map(({ id }) => id),
    find(structure, level) {
      const known = recordOf(structure, level);
      return known?.state === "done" ? { id: known.id, orbitals: known.orbitals === 1 } : undefined;
    },
    close: () => connection.close(),
  };
}
