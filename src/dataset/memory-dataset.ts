/** A dataset that lives as long as the program: for tests, the browser and whole jobs in one go. */
import { BrineError } from "../errors.js";
import type { LevelOfTheory } from "../level.js";
import type { Structure } from "../structure/structure.js";
import { compareOrigins, type Labelled } from "./label.js";
import { encodeRecord, levelKey, structureKey } from "./codec.js";
import type { Dataset, DatasetRecord, Failure, FinishedRecord, Reference } from "./record.js";

interface Entry {
  readonly key: string;
  readonly record: DatasetRecord;
}

/** An empty dataset in memory. */
export function memoryDataset(): Dataset {
  const entries: Entry[] = [];
  const recordKey = (structure: Structure, level: LevelOfTheory): string =>
    `${structureKey(structure)} ${levelKey(level)}`;
  const inOrder = (): DatasetRecord[] =>
    entries.map(({ record }) => record).toSorted((a, b) => compareOrigins(a, b) || a.id - b.id);

  return {
    levels: () => [...new Set(entries.map(({ record }) => record.level))],
    put({ source, index }, record) {
      encodeRecord(record); // the same checks as in a file
      const key = recordKey(record.structure, record.level);
      const known = entries.findIndex((entry) => entry.key === key);
      if (known >= 0 && "reason" in record && entries[known].record.state === "done") return known + 1;
      const id = known >= 0 ? known + 1 : entries.length + 1;
      const named = { key: structureKey(record.structure), ...(source === undefined ? {} : { source }), index };
      entries[id - 1] = { key, record: withState(id, named, record) };
      return id;
    },
    get(id) {
      const entry = entries[id - 1];
      if (!entry) throw new BrineError("usage", `the dataset has no record ${id}`);
      return entry.record;
    },
    finished: () =>
      inOrder()
        .filter((record) => record.state === "done")
        .map(withoutMatrix),
    ids: ({ failed = false } = {}) =>
      inOrder()
        .filter(({ state }) => (state === "failed") === failed)
        .map(({ id }) => id),
    find(structure, level) {
      const key = recordKey(structure, level);
      const record = entries.find((entry) => entry.key === key)?.record;
      return record?.state === "done" ? { id: record.id, orbitals: record.densityMatrix !== undefined } : undefined;
    },
    close() {},
  };
}

function withState(id: number, named: Labelled, record: Reference | Failure): DatasetRecord {
  return "reason" in record ? { ...record, id, ...named, state: "failed" } : { ...record, id, ...named, state: "done" };
}

function withoutMatrix(record: FinishedRecord): Omit<FinishedRecord, "densityMatrix"> {
  const { densityMatrix: _, ...rest } = record;
  return rest;
}
