import { expect, test } from "vitest";
import { isBrineError } from "../../dist/errors.js";
import { chemicalAccuracy, densityCurveFigure, energyLadderFigure, parityFigure } from "../../dist/report/figures.js";
import { escapeHtml, html, inlineData, inlineScript } from "../../dist/report/html.js";
import { duration, meanOf, significant } from "../../dist/report/numbers.js";
import { renderReport } from "../../dist/report/report.js";
import type { ReportData } from "../../dist/report/report-data.js";
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
  expect([...page.matchAll(/<svg /g)].length).toBe(4);
  expect([...page.matchAll(/<table/g)].length).toBe(3);
  expect([...page.matchAll(/role="img"\s+aria-label="[^"]{20,}"/g)].length).toBe(5);
  expect(page).toContain("BSD-3-Clause - notice");
  // Mean of the sample's corrected errors, by hand from its numbers.
  const errors = sampleReport().heldOut!.map(({ errors: found }) => Math.abs(found!.corrected! / 9) * 27211.386245981);
  expect(page).toContain(significant(meanOf(errors)));
  expect(page.length).toBeLessThan(500_000);
  expect(page).not.toMatch(/NaN|undefined|\[object/);
});

test("the same data give the same page", () => {
  const once = renderReport(sampleReport(), { viewer: "" });
  densityCurveFigure([
    { train: 1, rmsePercent: 2 },
    { train: 2, rmsePercent: 1 },
  ]);
  expect(renderReport(sampleReport(), { viewer: "" })).toBe(once);
});

test("hostile text stays text", () => {
  const evil = `</script><script>alert(1)</script>"'><img src=x onerror=alert(2)>`;
  const data: ReportData = {
    ...sampleReport(),
    title: evil,
    summary: [evil],
    settings: [{ name: evil, value: evil }],
    stages: [{ name: evil, seconds: 1, note: evil }],
    heldOut: sampleReport().heldOut!.map((one) => ({ ...one, name: evil })),
    molecule: { ...sampleReport().molecule!, name: evil },
    origin: evil,
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
  const { molecule: _molecule, ...sample } = sampleReport();
  const broken = renderReport(
    {
      ...sample,
      density: { rmsePercent: NaN },
      heldOut: sample.heldOut!.map((one, i) =>
        i % 2 ? { ...one, energy: NaN, errors: { corrected: NaN, oneShot: Infinity }, maePercent: NaN } : one,
      ),
      learningCurve: [{ train: 5 }, { train: 10, rmsePercent: NaN, energyMaePerAtom: 0 }, ...sample.learningCurve!],
      stages: [{ name: "one", seconds: NaN }],
    },
    { viewer: "" },
  );
  expect(misnested(broken)).toBeUndefined();
  expect(broken).not.toMatch(/NaN|Infinity|undefined/);
  expect(broken).toContain("–");
  expect(renderReport({ title: "Curve", learningCurve: sample.learningCurve! }, { viewer: "" })).toContain("<svg");
});

test("the figures leave out what they cannot draw", () => {
  expect(densityCurveFigure([])).toBeUndefined();
  expect(densityCurveFigure([{ train: 5, rmsePercent: 3 }])).toBeUndefined();
  expect(energyLadderFigure([])).toBeUndefined();
  expect(parityFigure([{ index: 0, name: "a", atoms: 3, energy: -1, errors: { oneShot: 1e-4 } }])).toBeUndefined();
  const same = [0, 1].map((index) => ({
    index,
    name: "a",
    atoms: 3,
    energy: -1,
    errors: { oneShot: 0, corrected: 0 },
  }));
  expect(parityFigure(same)!.svg).toContain("<svg");
  expect(parityFigure(same)!.svg).not.toContain("NaN");
  expect(energyLadderFigure(same)).toBeUndefined();
  const figure = energyLadderFigure(sampleReport().heldOut!)!;
  expect(figure.description).toContain("superposed atoms");
  expect(figure.svg).not.toContain("NaN");
  // 1 kcal/mol = 43.364 meV, over nine atoms.
  expect(chemicalAccuracy(sampleReport().heldOut!)).toBeCloseTo(43.3641 / 9, 4);
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
  const { molecule } = sampleReport();
  let error: unknown;
  try {
    renderReport({ title: "x", molecule: { ...molecule!, predicted: new Float64Array(3) } }, { viewer: VIEWER });
  } catch (caught) {
    error = caught;
  }
  expect(isBrineError(error, "input")).toBe(true);
});
