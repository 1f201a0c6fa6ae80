import { expect, test } from "vitest";
import { isBrineError } from "../../dist/errors.js";
import { densityCurveFigure } from "../../dist/report/curve-figures.js";
import { densityErrorFigure, energyErrorFigure } from "../../dist/report/error-figures.js";
import { escapeHtml, html, inlineData, inlineScript } from "../../dist/report/html.js";
import { duration, meanOf, significant } from "../../dist/report/numbers.js";
import { parityFigure } from "../../dist/report/parity-figure.js";
import { renderReport } from "../../dist/report/report.js";
import type { ReportData } from "../../dist/report/report-data.js";
import { tableRows } from "./read-report.js";
import { sampleReport } from "./report-sample.js";

const VIEWER = "window.$3Dmol = { test: '</script><!-- ' };";
const VOID = new Set(["br", "meta", "input", "link", "img", "hr", "!doctype"]);

/** The page without what is not markup. */
function markup(page: string): string {
  return page
    .replace(/(<script[^>]*>)[\s\S]*?(<\/script>)/g, "$1$2")
    .replace(/(<style>)[\s\S]*?(<\/style>)/g, "$1$2")
    .replace(/<!--[\s\S]*?-->/g, "");
}

/** The first tag that does not fit, or undefined for a well-nested page. */
function misnested(page: string): string | undefined {
  const open: string[] = [];
  for (const [tag, slash, name, closed] of markup(page).matchAll(/<(\/?)([a-zA-Z!][\w-]*)(?:"[^"]*"|[^">])*?(\/?)>/g)) {
    if (VOID.has(name.toLowerCase()) || closed) continue;
    if (!slash) open.push(name);
    else if (open.pop() !== name) return tag;
  }
  return open.at(-1);
}

test("a full report is one self-contained, well-formed page", () => {
  const page = renderReport(sampleReport(), { viewer: VIEWER, viewerLicence: "BSD-3-Clause -- notice" });
  expect(misnested(page)).toBeUndefined();
  const addresses = [...markup(page).matchAll(/\s(?:src|href|srcset|data|action|poster)="([^"]*)"/g)].map(
    ([, address]) => address,
  );
  for (const address of addresses) expect(address).toMatch(/^https:\/\/(doi\.org|arxiv\.org)\//);
  expect(page).not.toMatch(/@import|url\(\s*["']?https?:/);
  expect(page).toContain("default-src &#39;none&#39;");
  expect([...page.matchAll(/<svg /g)].length).toBe(5);
  expect([...page.matchAll(/<table/g)].length).toBe(3);
  expect([...page.matchAll(/role="img"\s+aria-label="[^"]{20,}"/g)].length).toBe(6);
  expect(page).toContain("BSD-3-Clause - notice");
  expect(page.replace(/<\/?span>/g, "")).toContain("Made by brine 0.1.0 with <code>brine demo --seed 1</code>.");
  expect(page.length).toBeLessThan(500_000);
  expect(markup(page)).not.toMatch(/NaN|undefined|\[object/);
});

test("the same data give the same page", () => {
  const once = renderReport(sampleReport(), { viewer: "" });
  densityCurveFigure([
    { train: 1, rmsePercent: { mean: 2 } },
    { train: 2, rmsePercent: { mean: 1 } },
  ]);
  expect(renderReport(sampleReport(), { viewer: "" })).toBe(once);
});

test("hostile text stays text", () => {
  const evil = `</script><script>alert(1)</script>"'><img src=x onerror=alert(2)>`;
  const data: ReportData = {
    ...sampleReport(),
    title: evil,
    summary: [evil],
    settings: [{ name: evil, value: evil, note: evil }],
    stages: [{ name: evil, seconds: 1, note: evil }],
    predicted: sampleReport().predicted!.map((one) => ({ ...one, name: evil })),
    failed: [{ name: evil, reason: evil }],
    views: sampleReport().views!.map((one) => ({ ...one, name: evil })),
    origin: { version: evil, command: evil },
  };
  const page = renderReport(data, { viewer: VIEWER, viewerLicence: "--><script>alert(3)</script>" });
  expect(misnested(page)).toBeUndefined();
  expect(page).not.toContain("<script>alert(1");
  expect(page).not.toContain("<img");
  expect(escapeHtml(`<a b="c" d='e'>&`)).toBe("&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
  expect(html`<p>${"<b>"}${html`<i>${"&"}</i>`}${undefined}${[1, "<"]}</p>`.markup).toBe(
    "<p>&lt;b&gt;<i>&amp;</i>1&lt;</p>",
  );
  expect(inlineScript("a</SCRIPT>b<!--c").markup).toBe("<script>a<\\/SCRIPT>b<\\!--c</script>");
  expect(inlineData("x", { y: "</script>" }).markup).toBe(
    `<script type="application/json" id="x">{"y":"\\u003c/script>"}</script>`,
  );
});

test("parts that are missing are left out, numbers that are none become dashes", () => {
  const bare = renderReport({ title: "Nothing yet" }, { viewer: VIEWER });
  expect(misnested(bare)).toBeUndefined();
  expect(bare).not.toMatch(/<svg|<table|<script|<h2/);
  const { views: _views, ...sample } = sampleReport();
  const broken = renderReport(
    {
      ...sample,
      density: { rmsePercent: NaN },
      predicted: sample.predicted!.map((one, i) =>
        i % 2 ? { ...one, energy: NaN, errors: { corrected: NaN, oneShot: Infinity }, maePercent: NaN } : one,
      ),
      learningCurve: [
        { train: 5 },
        { train: 10, rmsePercent: { mean: NaN }, correctedMeVPerAtom: { mean: 0, deviation: NaN } },
        ...sample.learningCurve!,
      ],
      stages: [{ name: "one", seconds: NaN }],
    },
    { viewer: "" },
  );
  expect(misnested(broken)).toBeUndefined();
  expect(markup(broken)).not.toMatch(/NaN|Infinity|undefined/);
  expect(broken).toContain("–");
  expect(renderReport({ title: "Curve", learningCurve: sample.learningCurve! }, { viewer: "" })).toContain("<svg");
});

test("the figures leave out what they cannot draw", () => {
  expect(densityCurveFigure([])).toBeUndefined();
  expect(densityCurveFigure([{ train: 5, rmsePercent: { mean: 3 } }])).toBeUndefined();
  expect(energyErrorFigure([])).toBeUndefined();
  expect(densityErrorFigure([])).toBeUndefined();
  const [{ structure }] = sampleReport().predicted!;
  expect(parityFigure([{ name: "a", structure, energy: -1, errors: { oneShot: 1e-4 } }])).toBeUndefined();
  const same = [0, 1].map((index) => ({
    name: String(index),
    structure,
    energy: -1,
    errors: { oneShot: 0, corrected: 0 },
  }));
  expect(parityFigure(same)!.svg).toContain("<svg");
  expect(parityFigure(same)!.svg).not.toContain("NaN");
  expect(energyErrorFigure(same)).toBeUndefined();
});

test("of thousands of structures a page shows some, the largest errors among them, and says so", () => {
  const { predicted, views: _, ...sample } = sampleReport();
  const many = Array.from({ length: 3000 }, (__, i) => ({
    ...predicted![i % 12],
    name: `number ${i}`,
    errors: { ...predicted![i % 12].errors, corrected: 1e-6 * (i + 1) },
  }));
  const failed = many.slice(0, 60).map(({ name }) => ({ name, reason: "refused" }));
  const page = renderReport({ ...sample, predicted: many, failed }, { viewer: "" });
  // 400 dots in each of six rows, 800 in the parity figure; 200 lines.
  expect(page.length).toBeLessThan(1_000_000);
  expect(page).toContain("The 200 of 3000 structures with the largest errors; the means are over all.");
  expect(page).toContain("At most 400 of the 3000 structures are drawn");
  expect(page).toContain("And 10 more.");
  expect(page).toContain("number 2999");
  expect(page).not.toContain("number 2799<");
});

test("without energies there is a figure and a table of the densities, the worst first", () => {
  const predicted = sampleReport().predicted!.map(({ name, structure, maePercent }) => ({
    name,
    structure,
    maePercent: maePercent!,
  }));
  const page = renderReport({ title: "Densities", predicted }, { viewer: "" });
  expect([...page.matchAll(/<svg /g)].length).toBe(1);
  const rows = tableRows(page, "Structure");
  const worst = predicted.toSorted((a, b) => b.maePercent - a.maePercent)[0];
  expect(rows[0].name).toContain(worst.name);
  expect(Object.keys(rows[0].cells)).toEqual(["Density, %"]);
  expect(page).not.toContain("Energies: signed errors");
});

test("numbers and times read well", () => {
  expect([0.0123456, 1234.5, 0.000098765, 1.2e-9, -2.34567, 0, 1e9, NaN, 99.96].map((x) => significant(x))).toEqual([
    "0.0123",
    "1235",
    "0.0000988",
    "1.20 × 10⁻⁹",
    "−2.35",
    "0",
    "1.00 × 10⁹",
    "–",
    "100",
  ]);
  expect([0.0213, 0.38, 0.99961, 12.34, 245, undefined].map((x) => duration(x))).toEqual([
    "21 ms",
    "380 ms",
    "1.00 s",
    "12.3 s",
    "4 min 05 s",
    "–",
  ]);
  expect(meanOf([1, NaN, undefined, 3])).toBe(2);
  expect(meanOf([])).toBeUndefined();
});

test("a grid that does not fit its values is refused", () => {
  const [view] = sampleReport().views!;
  let error: unknown;
  try {
    renderReport({ title: "x", views: [{ ...view, error: new Float64Array(3) }] }, { viewer: VIEWER });
  } catch (caught) {
    error = caught;
  }
  expect(isBrineError(error, "input")).toBe(true);
});
