/** Results → one HTML file that needs nothing else: no network, no other file. */
import { HARTREE_IN_KCAL_PER_MOL, HARTREE_IN_MEV } from "../units.js";
import { densityCurveFigure, energyCurveFigure, energyLadderFigure, parityFigure, type Figure } from "./figures.js";
import { html, raw, type Markup } from "./html.js";
import { keyFigures } from "./key-figures.js";
import { duration, significant } from "./numbers.js";
import type { ReportData, Setting, Stage } from "./report-data.js";
import { STYLE } from "./style.js";
import { curveTable, structureTable } from "./tables.js";
import { moleculeFigure, moleculeScripts } from "./viewer.js";

export interface ReportAssets {
  /** Source of 3Dmol.js (`3Dmol-min.js`); only used when there is a molecule to show. */
  readonly viewer: string;
  /** Its licence text, kept in the page as the licence asks. */
  readonly viewerLicence?: string;
}

/** The browser itself is told to load nothing. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:; worker-src blob:";

/** Throws `input` when the molecule's grid and values do not belong together. Parts that are missing are left out. */
export function renderReport(data: ReportData, assets: ReportAssets): string {
  const { title, summary = [], molecule, origin } = data;
  const licence = (assets.viewerLicence ?? "").replace(/--+/g, "-");
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content="brine" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <title>${title}</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <header>
            <h1>${title}</h1>
            ${summary.map((text, i) => html`<p${raw(i === 0 ? ' class="lead"' : "")}>${text}</p>`)}
          </header>
          ${keyFigureList(data)} ${energySection(data)} ${curveSection(data)}
          ${molecule ? section("The predicted density", moleculeFigure(molecule)) : undefined} ${tableSection(data)}
          ${timeSection(data.stages)} ${settingsSection(data.settings)}
        </main>
        <footer>
          <p>
            ${origin ?? "Made by brine."}${
              molecule
                ? html` The 3-D view is 3Dmol.js (BSD-3-Clause),
                    <a href="https://doi.org/10.1093/bioinformatics/btu829"
                      >N. Rego and D. Koes, Bioinformatics 31, 1322 (2015)</a
                    >.`
                : undefined
            }
            The method: <a href="https://arxiv.org/abs/2206.14087">arXiv 2206.14087</a>.
          </p>
        </footer>
        ${molecule ? html`${raw(licence ? `<!-- ${licence} -->` : "")}${moleculeScripts(molecule, assets.viewer)}` : undefined}
      </body>
    </html> `.markup;
}

function section(heading: string, ...parts: (Markup | undefined)[]): Markup | undefined {
  return parts.some((part) => part !== undefined)
    ? html`<section>
        <h2>${heading}</h2>
        ${parts}
      </section>`
    : undefined;
}

function figure(heading: string, drawn: Figure | undefined, caption: string): Markup | undefined {
  if (!drawn) return undefined;
  return html`<figure>
    <h3>${heading}</h3>
    <div role="img" aria-label="${drawn.description}">${raw(drawn.svg)}</div>
    <figcaption>${caption}</figcaption>
  </figure>`;
}

function beside(...figures: (Markup | undefined)[]): Markup | undefined {
  return figures.some((one) => one !== undefined) ? html`<div class="grid">${figures}</div>` : undefined;
}

function keyFigureList(data: ReportData): Markup | undefined {
  const found = keyFigures(data);
  if (found.length === 0) return undefined;
  return html`<dl class="figures-key">
    ${found.map(
      ({ label, value, unit, note }) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${value} <span class="unit">${unit}</span></dd>
          ${note ? html`<dd class="note">${note}</dd>` : undefined}
        </div>`,
    )}
  </dl>`;
}

function energySection({ heldOut = [] }: ReportData): Markup | undefined {
  const perMole = HARTREE_IN_KCAL_PER_MOL / HARTREE_IN_MEV;
  return section(
    "Energies of structures it has not seen",
    beside(
      figure(
        "How far each step goes",
        energyLadderFigure(heldOut),
        `Each dot is one structure, each bar the mean. Superposed atoms are where a model starts. The fit floor is the error from the reference’s own fitted density: what the basis leaves; single structures can fall below it where errors cancel. 1 meV/atom is ${significant(perMole, 2)} kcal/mol per atom.`,
      ),
      figure(
        "Predicted against converged",
        parityFigure(heldOut),
        "Total energies relative to the lowest of the set. The line is perfect agreement; the differences are drawn again below, on their own scale.",
      ),
    ),
  );
}

function curveSection({ learningCurve = [] }: ReportData): Markup | undefined {
  return section(
    "What more training data bring",
    beside(
      figure(
        "Density",
        densityCurveFigure(learningCurve),
        "Root-mean-square error of the density on the held-out structures, relative to its variation among the training structures. Both axes are logarithmic.",
      ),
      figure(
        "Energy",
        energyCurveFigure(learningCurve),
        "Mean absolute error of the energies from one diagonalisation of the predicted density. Both axes are logarithmic.",
      ),
    ),
    curveTable(learningCurve),
  );
}

function tableSection({ heldOut = [] }: ReportData): Markup | undefined {
  return section("Structure by structure", structureTable(heldOut));
}

function timeSection(stages: readonly Stage[] = []): Markup | undefined {
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

function settingsSection(settings: readonly Setting[] = []): Markup | undefined {
  if (settings.length === 0) return undefined;
  return section(
    "Settings",
    html`<dl class="settings">
      ${settings.map(
        ({ name, value }) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>`,
  );
}
