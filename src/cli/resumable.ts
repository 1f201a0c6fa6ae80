/**
 * Work on many structures that may be stopped: each result goes into RESULTS.partial as it comes, the same command goes on with
 * what is there, and RESULTS is written from it at the end, in the order of the structures.
 */
import { isBrineError } from "../errors.js";
import { openResultLog, type ResultLog, type Settings } from "../node/result-log.js";
import { structureName } from "../structure/identifiers.js";
import { formula, type Info } from "../structure/structure.js";
import type { Failed, LabelledStructure } from "../workflow/each-structure.js";
import { type FailureDocument, reportFailures } from "./failures.js";
import type { ActionContext } from "./frame.js";

/** What results say about their structure: its position, and what its file calls it. */
export interface StructureDocument {
  readonly index: number;
  readonly name?: string;
  readonly formula: string;
  /** The comment line. */
  readonly info?: Info;
}

/** A result with its structure, made when it is asked for. */
export interface Row<Result> extends LabelledStructure {
  readonly result: Result;
}

export interface ResumableJob<Result> {
  readonly structures: readonly LabelledStructure[];
  /** Where the results will be; undefined: nowhere, so that they are shown even when the work was stopped. */
  readonly out: string | undefined;
  /** All that results depend on beside the structure. */
  readonly settings: Settings;
  /** Computes what is not there yet. */
  run(structures: readonly LabelledStructure[], add: ResultLog<Result>["add"]): Promise<Failed[]>;
  /** Writes RESULTS. */
  write?(rows: Iterable<Row<Result>>): void;
  /** Prints. */
  show(rows: Iterable<Row<Result>>, failed: readonly FailureDocument[]): void;
}

export async function runResumable<Result>(
  context: Pick<ActionContext<unknown>, "use" | "note" | "failed">,
  job: ResumableJob<Result>,
): Promise<void> {
  const partial = job.out === undefined ? undefined : `${job.out}.partial`;
  const log = context.use(openResultLog<Result>(partial, job.settings));
  const missing = job.structures.filter((structure) => !log.has(structure));
  const found = job.structures.length - missing.length;
  if (found > 0) context.note(`${found} of ${job.structures.length} are in ${partial} from before`);
  const rows = { [Symbol.iterator]: () => rowsOf(log, job.structures) };
  try {
    const failures = await job.run(missing, (structure, result) => log.add(structure, result));
    const failed = reportFailures(context, failures);
    job.write?.(rows);
    job.show(rows, failed);
    if (failures.length === 0) log.remove();
  } catch (error) {
    if (job.out === undefined && isBrineError(error, "aborted")) job.show(rows, []);
    throw error;
  }
}

export function structureDocument({ index, structure }: LabelledStructure): StructureDocument {
  const name = structureName(structure);
  const { info } = structure;
  return {
    index,
    ...(name === undefined ? {} : { name }),
    formula: formula(structure),
    ...(Object.keys(info).length > 0 ? { info } : {}),
  };
}

/** Rows as JSON has them. */
export function* documents<Result extends object>(rows: Iterable<Row<Result>>): Generator<StructureDocument & Result> {
  for (const { result, ...labelled } of rows) yield { ...structureDocument(labelled), ...result };
}

function* rowsOf<Result>(log: ResultLog<Result>, structures: readonly LabelledStructure[]): Generator<Row<Result>> {
  for (const labelled of structures) {
    const result = log.get(labelled);
    if (result !== undefined) yield { ...labelled, result };
  }
}
