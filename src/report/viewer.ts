/**
 * Structures with isosurfaces of their predicted density and of that density's error, turned with the mouse.
 * Drawn by 3Dmol.js (N. Rego, D. Koes, Bioinformatics 31, 1322 (2015), doi:10.1093/bioinformatics/btu829), whose
 * source the caller brings.
 */
import { BrineError } from "../errors.js";
import { elementSymbol } from "../structure/elements.js";
import { reciprocalVectors } from "../structure/reciprocal-lattice.js";
import { speciesOf, type Structure } from "../structure/structure.js";
import { BOHR_IN_ANGSTROM } from "../units.js";
import { html, inlineData, inlineScript, raw, type Markup } from "./html.js";
import { packField, packText } from "./packed-field.js";
import type { DensityView } from "./report-data.js";
import { VIEWER_SCRIPT } from "./viewer-script.js";

/** e/bohr³: the surface of the density that is shown first. */
const DENSITY_ISOVALUE = 0.05;
/** The slider goes from a tenth to ten times the first value; surfaces beyond are not kept. */
const SLIDER = 10;

/** The figure, without scripts. Throws `input` when a grid and its values do not belong together. */
export function densityFigure(views: readonly DensityView[]): Markup {
  views.forEach(checkGrid);
  const withError = views.some(({ error }) => error);
  return html`<figure>
    <div class="stage" id="stage" role="img" aria-label="${`Ball-and-stick model of ${views[0].name}`}">
      <p>
        The 3-D view needs JavaScript and WebGL in a browser of 2023 or later. All numbers on this page are there
        without it.
      </p>
    </div>
    <p class="legend" id="view-legend" hidden aria-label="colours of the elements"></p>
    <fieldset class="controls screen-only" id="view-controls" hidden aria-label="What is shown">
      ${structureChoice(views)} ${surfaceChoice("density", "predicted density", true)}
      ${withError ? surfaceChoice("error", "predicted − reference", false) : undefined}
      ${surfaceChoice("none", "nuclei only", false)}
      <label><input type="checkbox" id="view-labels" />atom labels</label>
      <label
        >surface at
        <input type="range" id="isovalue" min="-1" max="1" step="0.05" value="0" aria-label="value of the surface"
      /></label>
      <output id="isovalue-text" for="isovalue"></output>
    </fieldset>
    <figcaption>
      Drag to turn, scroll or pinch to zoom. Labels count atoms from 0.
      ${
        withError
          ? html`Predicted − reference: <span class="key-plus">red</span> where the prediction has too many electrons,
              <span class="key-minus">blue</span> where it has too few; the first surfaces shown enclose half of ∫|Δρ|.`
          : undefined
      }
    </figcaption>
  </figure>`;
}

function structureChoice(views: readonly DensityView[]): Markup {
  return html`<label${raw(views.length > 1 ? "" : " hidden")}
    >structure
    <select id="view-choice">
      ${views.map(({ name }) => html`<option>${name}</option>`)}
    </select></label
  >`;
}

function surfaceChoice(value: string, label: string, checked: boolean): Markup {
  return html`<label
    ><input type="radio" name="surface" value="${value}" ${raw(checked ? " checked" : "")} />${label}</label
  >`;
}

/** The scripts that bring the figure to life; to stand at the end of the page. */
export function densityScripts(views: readonly DensityView[], viewerSource: string): Markup {
  return html`${inlineData("view-data", views.map(viewData))}
    <script type="text/plain" id="viewer-source">
      ${packText(viewerSource)}
    </script>
    ${inlineScript(VIEWER_SCRIPT)}`;
}

/** What the script draws: ångström, as 3Dmol takes them. */
function viewData({ name, structure, predicted, error }: DensityView) {
  const inAngstrom = (lengths: ArrayLike<number>): number[] =>
    Array.from(lengths, (x) => Number((x * BOHR_IN_ANGSTROM).toFixed(5)));
  const { cell } = structure;
  const isovalue = error && halfErrorIsovalue(error);
  return {
    name,
    xyz: xyz(structure, inAngstrom(positionsInCell(structure))),
    elements: speciesOf([structure]).map(elementSymbol),
    ...(cell ? { cell: inAngstrom(cell.vectors) } : {}),
    grid: {
      counts: predicted.counts,
      origin: inAngstrom(predicted.origin),
      steps: inAngstrom(predicted.steps),
    },
    fields: {
      density: { signed: false, ...surfaceField(predicted.values, DENSITY_ISOVALUE) },
      ...(error && isovalue ? { error: { signed: true, ...surfaceField(error, isovalue) } } : {}),
    },
  };
}

function surfaceField(values: Float64Array, isovalue: number) {
  return { isovalue, ...packField(values, 2 * SLIDER * isovalue, isovalue / SLIDER / 2) };
}

function xyz({ species }: Structure, positions: readonly number[]): string {
  const atoms = Array.from(species, (z, i) => `${elementSymbol(z)} ${positions.slice(3 * i, 3 * i + 3).join(" ")}`);
  return [species.length, "", ...atoms].join("\n");
}

/** bohr; atoms of a cell that repeats in all directions are moved into it, where its density is drawn. */
function positionsInCell({ positions, cell }: Structure): Float64Array {
  if (!cell?.periodic.every(Boolean)) return positions;
  const b = reciprocalVectors(cell.vectors);
  const moved = positions.slice();
  for (let i = 0; i < positions.length; i += 3)
    for (let k = 0; k < 3; k++) {
      const cells = Math.floor([0, 1, 2].reduce((sum, d) => sum + positions[i + d] * b[3 * k + d], 0));
      for (let d = 0; d < 3; d++) moved[i + d] -= cells * cell.vectors[3 * k + d];
    }
  return moved;
}

function checkGrid({ predicted: { counts, values: predicted }, error }: DensityView): void {
  const points = counts[0] * counts[1] * counts[2];
  for (const values of [predicted, error])
    if (values && values.length !== points)
      throw new BrineError("input", `the view has ${points} grid points but ${values.length} values`);
}

/** The value whose surfaces enclose half of ∫|Δρ|; 0 where there is no error. */
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
