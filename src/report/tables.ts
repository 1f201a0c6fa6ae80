/** The numbers behind the figures. */
import { HARTREE_IN_KCAL_PER_MOL, HARTREE_IN_MEV } from "../units.js";
import { html, type Markup } from "./html.js";
import { duration, isNumber, meanOf, significant } from "./numbers.js";
import type { HeldOutStructure, LearningCurvePoint } from "./report-data.js";

interface Column<Row> {
  readonly head: string;
  /** The number, for the mean. */
  readonly number: (row: Row) => number | undefined;
  readonly text: (x: number | undefined) => string;
}

const perAtom = (error: number | undefined, atoms: number): number | undefined =>
  error === undefined ? undefined : (error * HARTREE_IN_MEV) / atoms;
const plain = (x: number | undefined): string => significant(x);

const STRUCTURE_COLUMNS: readonly Column<HeldOutStructure>[] = [
  { head: "Density error, %", number: ({ maePercent }) => maePercent, text: plain },
  {
    head: "Superposed atoms, meV/atom",
    number: ({ errors, atoms }) => perAtom(errors?.superposedAtoms, atoms),
    text: plain,
  },
  { head: "One-shot, meV/atom", number: ({ errors, atoms }) => perAtom(errors?.oneShot, atoms), text: plain },
  { head: "With response, meV/atom", number: ({ errors, atoms }) => perAtom(errors?.corrected, atoms), text: plain },
  {
    head: "With response, kcal/mol",
    number: ({ errors }) => (errors?.corrected === undefined ? undefined : errors.corrected * HARTREE_IN_KCAL_PER_MOL),
    text: plain,
  },
  { head: "Fit floor, meV/atom", number: ({ errors, atoms }) => perAtom(errors?.fitFloor, atoms), text: plain },
  { head: "SCF", number: ({ scfSeconds }) => scfSeconds, text: duration },
  { head: "Prediction", number: ({ predictSeconds }) => predictSeconds, text: duration },
];

const CURVE_COLUMNS: readonly Column<LearningCurvePoint>[] = [
  { head: "Density, % RMSE", number: ({ rmsePercent }) => rmsePercent, text: plain },
  { head: "One-shot, meV/atom", number: ({ oneShotMaePerAtom }) => perAtom(oneShotMaePerAtom, 1), text: plain },
  { head: "With response, meV/atom", number: ({ energyMaePerAtom }) => perAtom(energyMaePerAtom, 1), text: plain },
];

/** Signed errors of every structure, means of their magnitudes below; undefined without structures. */
export function structureTable(structures: readonly HeldOutStructure[]): Markup | undefined {
  if (structures.length === 0) return undefined;
  const columns = filled(STRUCTURE_COLUMNS, structures);
  return html`<div class="table">
    <table class="wide">
      <caption>
        Signed errors: estimate less converged energy. Density error: the absolute deviation from the fitted reference,
        integrated, per electron.
      </caption>
      ${head("Structure", columns)}
      <tbody>
        ${structures.map(
          (row) =>
            html`<tr>
              <th scope="row">${`${row.index} ${row.name}`}</th>
              ${columns.map((column) => cell(column.head, column.text(column.number(row))))}
            </tr>`,
        )}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Mean magnitude</th>
          ${columns.map((column) =>
            cell(column.head, column.text(meanOf(structures.map((row) => magnitude(column.number(row)))))),
          )}
        </tr>
      </tfoot>
    </table>
  </div>`;
}

/** One line a point; undefined without points. */
export function curveTable(points: readonly LearningCurvePoint[]): Markup | undefined {
  if (points.length === 0) return undefined;
  const columns = filled(CURVE_COLUMNS, points);
  return html`<div class="table">
    <table>
      ${head("Training structures", columns)}
      <tbody>
        ${points.map(
          (row) =>
            html`<tr>
              <th scope="row">${row.train}</th>
              ${columns.map((column) => cell(column.head, column.text(column.number(row))))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Columns in which some row has something. */
function filled<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Column<Row>[] {
  return columns.filter(({ number }) => rows.some((row) => isNumber(number(row))));
}

function head<Row>(first: string, columns: readonly Column<Row>[]): Markup {
  return html`<thead>
    <tr>
      <th scope="col">${first}</th>
      ${columns.map((column) => html`<th scope="col">${column.head}</th>`)}
    </tr>
  </thead>`;
}

function cell(label: string, text: string): Markup {
  return html`<td data-label="${label}">${text}</td>`;
}

function magnitude(x: number | undefined): number | undefined {
  return x === undefined ? undefined : Math.abs(x);
}
