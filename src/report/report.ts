/** Results → one HTML file that needs nothing else: no network, no other file. */
import { html, raw, inlineScript, type Markup } from "./html.js";
import { keyFigures } from "./key-figures.js";
import type { ReportData } from "./report-data.js";
import {
  curveSection,
  densitySection,
  errorSection,
  failureSection,
  settingsSection,
  tableSection,
  timeSection,
} from "./sections.js";
import { SORT_SCRIPT } from "./sort-script.js";
import { STYLE } from "./style.js";
import { densityScripts } from "./viewer.js";

export interface ReportAssets {
  /** Source of 3Dmol.js (`3Dmol-min.js`); only used when there are densities to show. */
  readonly viewer: string;
  /** Its licence text, kept in the page as the licence asks. */
  readonly viewerLicence?: string;
}

/** The browser itself is told to load nothing. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:; worker-src blob:";

/** Throws `input` when a density's grid and values do not belong together. Parts that are missing are left out. */
export function renderReport(data: ReportData, assets: ReportAssets): string {
  const { title, summary = [], views = [], predicted = [] } = data;
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
          ${keyFigureList(data)} ${errorSection(data)} ${densitySection(data)} ${curveSection(data)}
          ${tableSection(data)} ${failureSection(data)} ${timeSection(data)} ${settingsSection(data)}
        </main>
        ${footer(data)} ${predicted.length > 0 ? inlineScript(SORT_SCRIPT) : undefined}
        ${views.length > 0 ? html`${licenceComment(assets)}${densityScripts(views, assets.viewer)}` : undefined}
      </body>
    </html> `.markup;
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

function footer({ origin, views = [] }: ReportData): Markup {
  const viewer = html`The 3-D view is 3Dmol.js (BSD-3-Clause),
    <a href="https://doi.org/10.1093/bioinformatics/btu829">N. Rego and D. Koes, Bioinformatics 31, 1322 (2015)</a>.`;
  return html`<footer>
    <p>
      ${madeBy(origin)} ${views.length > 0 ? viewer : undefined} The method:
      <a href="https://arxiv.org/abs/2206.14087">arXiv 2206.14087</a>.
    </p>
  </footer>`;
}

/** The command breaks between its words only. */
function madeBy(origin: ReportData["origin"]): Markup {
  if (!origin) return html`Made by brine.`;
  const words = origin.command.split(" ").map((word, i) => html`${i > 0 ? " " : ""}<span>${word}</span>`);
  return html`Made by brine ${origin.version} with <code>${words}</code>.`;
}

function licenceComment({ viewerLicence = "" }: ReportAssets): Markup {
  const text = viewerLicence.replace(/--+/g, "-");
  return raw(text ? `<!-- ${text} -->` : "");
}
