/** Results of many structures as one file: JSON lines, CSV, or extxyz, told by the ending of its name; written row by row. */
import { plainJson } from "../canonical-json.js";
import { BrineError } from "../errors.js";
import { writeExtxyz } from "../io/extxyz.js";
import { writeAtomically } from "../node/files.js";
import { identifiers } from "../structure/identifiers.js";
import { formula, type Info } from "../structure/structure.js";
import { checkOutput } from "./outputs.js";
import { documents, type Row } from "./resumable.js";

/** What the files have of one result. */
export interface ResultFormat<Result> {
  /** Columns of CSV after those of the structure, in the units of the JSON document. */
  readonly columns: readonly (readonly [name: string, value: (result: Result) => number | string | undefined])[];
  /** Entries of the comment line of extxyz: energies in eV. */
  comment(result: Result): Info;
}

type Writer<Result> = (rows: Iterable<Row<Result>>) => void;

/** Throws `usage` for another ending, and what `checkOutput` throws. */
export function resultWriter<Result extends object>(
  path: string,
  inputs: readonly string[],
  format: ResultFormat<Result>,
): Writer<Result> {
  const text = textOf(path, format);
  checkOutput(path, "text", inputs);
  return (rows) => writeAtomically(path, text(rows));
}

function textOf<Result extends object>(
  path: string,
  format: ResultFormat<Result>,
): (rows: Iterable<Row<Result>>) => Generator<string> {
  if (path.endsWith(".jsonl")) return jsonLines;
  if (path.endsWith(".csv")) return (rows) => csv(rows, format);
  if (/\.(ext)?xyz$/.test(path)) return (rows) => extxyz(rows, format);
  throw new BrineError("usage", `results are written as .jsonl, .csv or .extxyz, not "${path}"`, { where: "--out" });
}

function* jsonLines<Result extends object>(rows: Iterable<Row<Result>>): Generator<string> {
  for (const document of documents(rows)) yield `${plainJson(document)}\n`;
}

function* csv<Result>(rows: Iterable<Row<Result>>, { columns }: ResultFormat<Result>): Generator<string> {
  const names = new Set<string>();
  for (const { structure } of rows) for (const name of Object.keys(identifiers(structure))) names.add(name);
  yield line(["index", ...names, "formula", ...columns.map(([name]) => name)]);
  for (const { index, structure, result } of rows) {
    const found = identifiers(structure);
    const values = columns.map(([, value]) => value(result) ?? "");
    yield line([index, ...Array.from(names, (name) => found[name] ?? ""), formula(structure), ...values]);
  }
}

function line(cells: readonly (string | number | boolean)[]): string {
  const quoted = cells.map(String).map((cell) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${quoted.join(",")}\n`;
}

function* extxyz<Result>(rows: Iterable<Row<Result>>, { comment }: ResultFormat<Result>): Generator<string> {
  for (const { index, structure, result } of rows)
    yield writeExtxyz([{ ...structure, info: { ...structure.info, index, ...comment(result) } }]);
}
