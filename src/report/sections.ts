/** The sections of a report: figures and tables with what a reader needs to understand them. Undefined when there is nothing. */
import { HARTREE_IN_KCAL_PER_MOL, HARTREE_IN_MEV } from "../units.js";
import { MOST_DOTS, type Figure } from "./chart.js";
import { densityCurveFigure, energyCurveFigure } from "./curve-figures.js";
import { belowFloor } from "./energy-units.js";
import { densityErrorFigure, energyErrorFigure } from "./error-figures.js";
import { html, raw, type Markup } from "./html.js";
import { duration, isNumber, significant } from "./numbers.js";
import { parityFigure } from "./parity-figure.js";
import type { PredictedStructure, ReportData } from "./report-data.js";
import { curveTable, failureTable, structureTable } from "./tables.js";
import { densityFigure } from "./viewer.js";

type Part = Markup | undefined;

/** How far the predictions are from the references. */
export function errorSection({ predicted = [] }: ReportData): Part {
  const energies = figure("Errors of the energy", energyErrorFigure(predicted), ladderCaption(predicted));
  const densities = figure(
    "Errors of the density",
    densityErrorFigure(predicted),
    `∫|Δρ|, Δρ the predicted less the reference density, in per cent of the electrons. One dot a structure, the bar the mean.${drawnOf(predicted)}`,
  );
  return section("Predictions against references", beside(column(energies, densities), paritySection(predicted)));
}

function paritySection(predicted: readonly PredictedStructure[]): Part {
  const drawn = parityFigure(predicted);
  const scale =
    drawn?.to === "elements"
      ? "Total energies less a sum over elements that fits them best, so that structures of different atoms share a scale."
      : "Total energies relative to the lowest of the set.";
  return figure(
    "Predicted against converged",
    drawn,
    `${scale} The line is perfect agreement; the differences are drawn again below, on their own scale.${drawnOf(predicted)}`,
  );
}

function ladderCaption(predicted: readonly PredictedStructure[]): string {
  const has = (of: "superposedAtoms" | "oneShot" | "corrected" | "fitFloor"): boolean =>
    predicted.some(({ errors }) => isNumber(errors?.[of]));
  return [
    "One dot a structure, the bar the mean.",
    has("superposedAtoms") && "Superposed atoms: where a model starts.",
    has("oneShot") && "One-shot: one diagonalisation of the Hamiltonian of the predicted density.",
    has("corrected") && "With response: the same, corrected by its linear response.",
    has("fitFloor") && "Fit floor: the error from the reference’s own fitted density, what the basis leaves.",
    belowFloor(predicted) &&
      "Here the predictions lie below the floor on the mean, because their errors happen to cancel part of it: read both as equal.",
    `1 meV/atom is ${significant(HARTREE_IN_KCAL_PER_MOL / HARTREE_IN_MEV, 2)} kcal/mol per atom.${drawnOf(predicted)}`,
  ]
    .filter(Boolean)
    .join(" ");
}

/** That not all dots are drawn, where it is so. */
function drawnOf({ length }: readonly PredictedStructure[]): string {
  return length > MOST_DOTS
    ? ` At most ${MOST_DOTS} of the ${length} structures are drawn, evenly by their errors.`
    : "";
}

/** Densities to look at. */
export function densitySection({ views = [], predicted = [] }: ReportData): Part {
  if (views.length === 0) return undefined;
  const some = views.length < predicted.length;
  return section(
    "The predicted density",
    some
      ? html`<p>
          ${views.length} of the ${predicted.length} structures, from the largest to the smallest error of the density.
        </p>`
      : undefined,
    densityFigure(views),
  );
}

/** Errors against the number of training structures. */
export function curveSection({ learningCurve = [] }: ReportData): Part {
  const spread = learningCurve.some(({ rmsePercent }) => isNumber(rmsePercent?.deviation));
  const logarithmic = `Both axes are logarithmic.${spread ? " Upright lines: one standard deviation over the repeats." : ""}`;
  return section(
    "What more training data bring",
    beside(
      figure(
        "Density",
        densityCurveFigure(learningCurve),
        `Root-mean-square error of the density on structures that were not learned, relative to how densities vary among the training structures. ${logarithmic}`,
      ),
      figure(
        "Energy",
        energyCurveFigure(learningCurve),
        `Mean absolute error of the energies from one diagonalisation of the predicted density. ${logarithmic}`,
      ),
    ),
    curveTable(learningCurve),
  );
}

export function tableSection({ predicted = [] }: ReportData): Part {
  return section("Structure by structure", structureTable(predicted));
}

export function failureSection({ failed = [] }: ReportData): Part {
  return section("Not predicted", failureTable(failed));
}

export function timeSection({ stages = [] }: ReportData): Part {
  if (stages.length === 0) return undefined;
  return section(
    "Where the time went",
    html`<div class="table">
      <table class="narrow">
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col">Time</th>
          </tr>
        </thead>
        <tbody>
          ${stages.map(
            ({ name, seconds, note }) =>
              html`<tr>
                <th scope="row">${name}${note ? html`<br /><span class="note">${note}</span>` : undefined}</th>
                <td>${duration(seconds)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`,
  );
}

export function settingsSection({ settings = [] }: ReportData): Part {
  if (settings.length === 0) return undefined;
  return section(
    "Settings",
    html`<dl class="settings">
      ${settings.map(
        ({ name, value, note }) =>
          html`<dt>${name}</dt>
            <dd>${value}${note ? html`<br /><span class="note">${note}</span>` : undefined}</dd>`,
      )}
    </dl>`,
  );
}

function section(heading: string, ...parts: Part[]): Part {
  return parts.some((part) => part !== undefined)
    ? html`<section>
        <h2>${heading}</h2>
        ${parts}
      </section>`
    : undefined;
}

function figure(heading: string, drawn: Figure | undefined, caption: string): Part {
  if (!drawn) return undefined;
  return html`<figure>
    <h3>${heading}</h3>
    <div role="img" aria-label="${drawn.description}">${raw(drawn.svg)}</div>
    <figcaption>${caption}</figcaption>
  </figure>`;
}

function beside(...parts: Part[]): Part {
  return parts.some((part) => part !== undefined) ? html`<div class="grid">${parts}</div>` : undefined;
}

function column(...parts: Part[]): Part {
  return parts.some((part) => part !== undefined) ? html`<div class="column">${parts}</div>` : undefined;
}
