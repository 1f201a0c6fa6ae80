/** The numbers behind the figures. Each cell has its number in full as `data-value`, which the table is sorted by. */
import { bestEstimate, kcalPerMol, meanMagnitude, meVPerAtom } from "./energy-units.js";
import { html, raw, type Markup } from "./html.js";
import { duration, formulaText, isNumber, MISSING, significant } from "./numbers.js";
import type { FailedStructure, LearningCurvePoint, PredictedStructure, Repeated } from "./report-data.js";

interface Column<Row> {
  readonly head: string;
  /** Empty where each number has its own. */
  readonly unit: string;
  readonly number: (row: Row) => number | undefined;
  readonly text: (x: number | undefined, row?: Row) => string;
}

/** A table shows so many structures, a list so many failures. */
export const MOST_ROWS = 200;
export const MOST_FAILURES = 50;

function column<Row>(head: string, unit: string, number: Column<Row>["number"]): Column<Row> {
  return { head, unit, number, text: (x) => significant(x) };
}

function time<Row>(head: string, number: Column<Row>["number"]): Column<Row> {
  return { head, unit: "", number, text: duration };
}

const STRUCTURE_COLUMNS: readonly Column<PredictedStructure>[] = [
  column("Density", "%", ({ maePercent }) => maePercent),
  column("Density with response", "%", ({ improvedMaePercent }) => improvedMaePercent),
  column("Superposed atoms", "meV/atom", (one) => meVPerAtom(one, "superposedAtoms")),
  column("One-shot", "meV/atom", (one) => meVPerAtom(one, "oneShot")),
  column("With response", "meV/atom", (one) => meVPerAtom(one, "corrected")),
  column("With response", "kcal/mol", (one) => kcalPerMol(one, "corrected")),
  column("Fit floor", "meV/atom", (one) => meVPerAtom(one, "fitFloor")),
  time("Converged calculation", ({ scfSeconds }) => scfSeconds),
  time("Prediction", ({ predictSeconds = NaN, energySeconds = 0 }) => predictSeconds + energySeconds),
];

const CURVE_COLUMNS: readonly Column<LearningCurvePoint>[] = [
  repeated("Density", "% RMSE", ({ rmsePercent }) => rmsePercent),
  repeated("One-shot", "meV/atom", ({ oneShotMeVPerAtom }) => oneShotMeVPerAtom),
  repeated("With response", "meV/atom", ({ correctedMeVPerAtom }) => correctedMeVPerAtom),
  time("Training", ({ trainSeconds }) => trainSeconds),
];

function repeated<Row>(head: string, unit: string, value: (row: Row) => Repeated | undefined): Column<Row> {
  return {
    head,
    unit,
    number: (row) => value(row)?.mean,
    text(x, row) {
      const deviation = row && value(row)?.deviation;
      return isNumber(deviation) ? `${significant(x)} ± ${significant(deviation, 2)}` : significant(x);
    },
  };
}

/** Signed errors, worst first, means of the magnitudes of all below; undefined without structures. */
export function structureTable(structures: readonly PredictedStructure[]): Markup | undefined {
  if (structures.length === 0) return undefined;
  const columns = filled(STRUCTURE_COLUMNS, structures);
  const shown = worstFirst(structures).slice(0, MOST_ROWS);
  const rows = shown.map((row) => columns.map((one) => cell(one, one.number(row), row)));
  return html`<div class="table">
    <table class="wide sortable">
      <caption>
        ${tableCaption(structures, shown.length)}
      </caption>
      ${head("Structure", columns, true)}
      <tbody>
        ${shown.map(
          (row, i) =>
            html`<tr>
              ${rowHead(row)}${rows[i]}
            </tr>`,
        )}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Mean magnitude</th>
          ${columns.map((one) => cell(one, meanMagnitude(structures.map(one.number))))}
        </tr>
      </tfoot>
    </table>
    ${explainedDashes(rows.flat())}
  </div>`;
}

function tableCaption(structures: readonly PredictedStructure[], shown: number): string {
  const all = structures.length;
  return [
    structures.some(({ errors }) => errors) && "Energies: signed errors, estimate less converged energy.",
    structures.some(({ maePercent }) => isNumber(maePercent)) && "Density: ∫|Δρ| in per cent of the electrons.",
    shown < all && `The ${shown} of ${all} structures with the largest errors; the means are over all.`,
  ]
    .filter(Boolean)
    .join(" ");
}

function rowHead({ name, structure }: PredictedStructure): Markup {
  return html`<th scope="row" data-value="${name}">
    ${name}
    <span class="note">${formulaText(structure)}</span>
  </th>`;
}

/** By the error of the predicted energy an atom; by that of the density where there are no energies. */
function worstFirst(structures: readonly PredictedStructure[]): PredictedStructure[] {
  const best = bestEstimate(structures);
  const size = (one: PredictedStructure): number => Math.abs(meVPerAtom(one, best) ?? one.maePercent ?? 0) || 0;
  return structures.toSorted((a, b) => size(b) - size(a));
}

/** One line a point; undefined without points. */
export function curveTable(points: readonly LearningCurvePoint[]): Markup | undefined {
  if (points.length === 0) return undefined;
  const columns = filled(CURVE_COLUMNS, points);
  const rows = points.map((row) => columns.map((one) => cell(one, one.number(row), row)));
  return html`<div class="table">
    <table>
      ${head("Training structures", columns)}
      <tbody>
        ${points.map(
          ({ train }, i) =>
            html`<tr>
              <th scope="row">${train}</th>
              ${rows[i]}
            </tr>`,
        )}
      </tbody>
    </table>
    ${explainedDashes(rows.flat())}
  </div>`;
}

/** Undefined without failures. */
export function failureTable(failures: readonly FailedStructure[]): Markup | undefined {
  if (failures.length === 0) return undefined;
  const more = failures.length - MOST_FAILURES;
  return html`<dl class="settings">
      ${failures.slice(0, MOST_FAILURES).map(
        ({ name, reason }) =>
          html`<dt>${name}</dt>
            <dd>${reason}</dd>`,
      )}
    </dl>
    ${more > 0 ? html`<p class="note">And ${more} more.</p>` : undefined}`;
}

/** Columns in which some row has something. */
function filled<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Column<Row>[] {
  return columns.filter(({ number }) => rows.some((row) => isNumber(number(row))));
}

function head<Row>(first: string, columns: readonly Column<Row>[], sortable = false): Markup {
  const title = (name: string, unit: string): Markup => {
    const text = html`${name}${unit ? html`<span class="unit">${unit}</span>` : undefined}`;
    return html`<th scope="col">${sortable ? html`<button type="button">${text}</button>` : text}</th>`;
  };
  return html`<thead>
    <tr>
      ${title(first, "")} ${columns.map(({ head: name, unit }) => title(name, unit))}
    </tr>
  </thead>`;
}

function cell<Row>({ head: name, unit, text }: Column<Row>, x: number | undefined, row?: Row): Markup {
  const label = unit ? `${name}, ${unit}` : name;
  const value = isNumber(x) ? ` data-value="${Number(x.toPrecision(9))}"` : "";
  return html`<td data-label="${label}" ${raw(value)}>${text(x, row)}</td>`;
}

/** What a dash means, where there is one. */
function explainedDashes(cells: readonly Markup[]): Markup | undefined {
  return cells.some(({ markup }) => markup.includes(`>${MISSING}<`))
    ? html`<p class="note">${MISSING} not known for this line: not computed, or not recorded with the reference.</p>`
    : undefined;
}
