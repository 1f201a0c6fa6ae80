/**
 * A molecule with isosurfaces of its predicted density and of that density's error, turned with the mouse.
 * Drawn by 3Dmol.js (N. Rego, D. Koes, Bioinformatics 31, 1322 (2015), doi:10.1093/bioinformatics/btu829), whose
 * source the caller brings.
 */
import { BrineError } from "../errors.js";
import { elementSymbol } from "../structure/elements.js";
import { BOHR_IN_ANGSTROM } from "../units.js";
import { html, inlineData, inlineScript, raw, type Markup } from "./html.js";
import type { MoleculeView } from "./report-data.js";
import { VIEWER_SCRIPT } from "./viewer-script.js";

/** e/bohr³: the surface of the density that is shown first, and where stored values are cut off. */
const DENSITY_ISOVALUE = 0.05;
const DENSITY_CAP = 1;

/** The figure, without scripts. Throws `input` when a grid and its values do not belong together. */
export function moleculeFigure(view: MoleculeView): Markup {
  checkGrid(view);
  const half = view.error && halfErrorIsovalue(view.error);
  const choice = (value: string, label: string, checked: boolean): Markup =>
    html`<label
      ><input type="radio" name="surface" value="${value}" ${raw(checked ? " checked" : "")} />${label}</label
    >`;
  return html`<figure>
    <div
      class="stage"
      id="molecule"
      role="img"
      aria-label="${`Ball-and-stick model of ${view.name} with a surface of its predicted electron density`}"
    >
      <p>The 3-D view needs JavaScript and WebGL. All numbers on this page are there without it.</p>
    </div>
    <fieldset class="controls screen-only" id="molecule-controls" hidden aria-label="What is shown">
      ${choice("density", "predicted density", true)} ${view.error ? choice("error", "error", false) : undefined}
      ${choice("none", "nuclei only", false)}
      <label
        >surface at
        <input type="range" id="isovalue" min="-1" max="1" step="0.05" value="0" aria-label="value of the surface"
      /></label>
      <output id="isovalue-text" for="isovalue"></output>
    </fieldset>
    <figcaption>
      ${view.name}. Drag to turn, scroll or pinch to zoom.
      ${
        half
          ? html`Error: predicted less reference; <span class="key-plus">red</span> where the prediction has too many
              electrons, <span class="key-minus">blue</span> where it has too few. The first surfaces shown enclose half
              of all error.`
          : undefined
      }
    </figcaption>
  </figure>`;
}

/** The scripts that bring the figure to life; to stand at the end of the page. */
export function moleculeScripts(view: MoleculeView, viewerSource: string): Markup {
  const { structure, grid } = view;
  const atoms = Array.from(structure.species, (z, i) => {
    const [x, y, w] = [0, 1, 2].map((d) => (structure.positions[3 * i + d] * BOHR_IN_ANGSTROM).toFixed(5));
    return `${elementSymbol(z)} ${x} ${y} ${w}`;
  });
  const surfaces = {
    density: { isovalue: DENSITY_ISOVALUE, signed: false, ...packed(view.predicted, DENSITY_CAP) },
    ...(view.error
      ? { error: { isovalue: halfErrorIsovalue(view.error), signed: true, ...packed(view.error, 1) } }
      : {}),
  };
  const inAngstrom = {
    counts: grid.counts,
    spacing: grid.spacing * BOHR_IN_ANGSTROM,
    origin: grid.origin.map((x) => x * BOHR_IN_ANGSTROM),
  };
  const data = { xyz: [structure.species.length, "", ...atoms].join("\n"), grid: inAngstrom, surfaces };
  return html`${inlineData("molecule-data", data)}${inlineScript(viewerSource)}${inlineScript(VIEWER_SCRIPT)}`;
}

function checkGrid({ grid, predicted, error }: MoleculeView): void {
  const points = grid.counts[0] * grid.counts[1] * grid.counts[2];
  for (const values of [predicted, error])
    if (values && values.length !== points)
      throw new BrineError("input", `the view has ${points} grid points but ${values.length} values`);
}

/** The value whose surfaces enclose half of ∫|Δρ|. */
function halfErrorIsovalue(error: Float64Array): number {
  const sorted = error.map(Math.abs).filter(Number.isFinite).toSorted().toReversed();
  const total = sorted.reduce((sum, x) => sum + x, 0);
  let sum = 0;
  for (const x of sorted) {
    sum += x;
    if (sum >= total / 2) return Number(x.toPrecision(2));
  }
  return 0;
}

/**
 * Values as 16-bit integers of their signed square root, relative to the largest (at most `cap`): fine steps where
 * surfaces are drawn, 8 parts in 10⁵ of the value at a thousandth of the cap.
 */
function packed(values: Float64Array, cap: number): { scale: number; values: string } {
  let largest = 0;
  for (const x of values) if (Math.abs(x) > largest) largest = Math.abs(x);
  const scale = Math.min(largest, cap) || 1;
  const bytes = new Uint8Array(2 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((x, i) => {
    const relative = Math.max(-1, Math.min(1, x / scale)) || 0;
    view.setInt16(2 * i, Math.round(32767 * Math.sign(relative) * Math.sqrt(Math.abs(relative))), true);
  });
  return { scale, values: base64(bytes) };
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return btoa(text);
}
