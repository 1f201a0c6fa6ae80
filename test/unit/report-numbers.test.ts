/** Every number of a report that is not what it was given: units, means, signs, in tables, tiles and the dots of figures. */
import { expect, test } from "vitest";
import { densityCurveFigure, energyCurveFigure } from "../../dist/report/curve-figures.js";
import { belowFloor, chemicalAccuracy } from "../../dist/report/energy-units.js";
import { densityErrorFigure, energyErrorFigure } from "../../dist/report/error-figures.js";
import { duration, significant } from "../../dist/report/numbers.js";
import { parityFigure } from "../../dist/report/parity-figure.js";
import { renderReport } from "../../dist/report/report.js";
import type { EnergyErrorFigures } from "../../dist/report/report-data.js";
import { figureDots, numberOf, tableRows, tiles } from "./read-report.js";
import { sampleReport } from "./report-sample.js";

// CODATA 2022, NIST: 1 Eh = 27.211386245981 eV; 1 kcal = 4184 J; 1 Eh = 4.3597447222060e-18 J; N_A = 6.02214076e23.
const MEV = 27211.386245981;
const KCAL = (4.359744722206e-18 * 6.02214076e23) / 4184;
const sample = sampleReport();
const predicted = sample.predicted!;
const page = renderReport(sample, { viewer: "" });

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + Math.abs(x), 0) / values.length;
}

function errors(of: keyof EnergyErrorFigures): number[] {
  return predicted.map(({ errors: found }) => found![of]!);
}

/** What each column of the structure table is made of, in the order of `predicted`. Ethanol has nine atoms. */
const columns: Readonly<Record<string, number[]>> = {
  "Density, %": predicted.map(({ maePercent }) => maePercent!),
  "Density with response, %": predicted.map(({ improvedMaePercent }) => improvedMaePercent!),
  "Superposed atoms, meV/atom": errors("superposedAtoms").map((x) => (x * MEV) / 9),
  "One-shot, meV/atom": errors("oneShot").map((x) => (x * MEV) / 9),
  "With response, meV/atom": errors("corrected").map((x) => (x * MEV) / 9),
  "With response, kcal/mol": errors("corrected").map((x) => x * KCAL),
  "Fit floor, meV/atom": errors("fitFloor").map((x) => (x * MEV) / 9),
  "Converged calculation": predicted.map(({ scfSeconds }) => scfSeconds!),
  Prediction: predicted.map(() => 0.021 + 0.38),
};

test("the table of structures: every cell and mean, worst first", () => {
  const rows = tableRows(page, "Structure");
  expect(rows).toHaveLength(13);
  expect(Object.keys(rows[0].cells)).toEqual(Object.keys(columns));
  const worst = columns["With response, meV/atom"];
  const order = predicted.map((_, i) => i).toSorted((a, b) => Math.abs(worst[b]) - Math.abs(worst[a]));
  for (const [label, values] of Object.entries(columns)) {
    const text = /^(Converged|Prediction)/.test(label) ? duration : significant;
    order.forEach((i, row) => {
      expect(rows[row].name).toBe(`${40 + i} ethanol C₂H₆O`);
      expect(rows[row].cells[label].value / values[i]).toBeCloseTo(1, 7);
      expect(rows[row].cells[label].text).toBe(text(values[i]));
    });
    expect(rows[12].cells[label].value / mean(values)).toBeCloseTo(1, 7);
    expect(rows[12].cells[label].text).toBe(text(mean(values)));
  }
});

test("the table of the learning curve, with spreads", () => {
  const rows = tableRows(page, "Training structures");
  expect(rows.map(({ name }) => Number(name))).toEqual([5, 10, 20, 40]);
  sample.learningCurve!.forEach((point, i) => {
    const { cells } = rows[i];
    for (const [label, { mean: value, deviation }] of Object.entries({
      "Density, % RMSE": point.rmsePercent!,
      "One-shot, meV/atom": point.oneShotMeVPerAtom!,
      "With response, meV/atom": point.correctedMeVPerAtom!,
    }))
      expect(cells[label]).toEqual({
        text: `${significant(value)} ± ${significant(deviation, 2)}`,
        value: Number(value.toPrecision(9)),
      });
    expect(cells.Training.text).toBe(duration(point.trainSeconds));
  });
});

test("the tiles: means of magnitudes in both units, times, percentages", () => {
  const shown = tiles(page);
  for (const [label, key] of [
    ["Energy, with response correction", "corrected"],
    ["Energy, one-shot", "oneShot"],
    ["Energy from superposed atoms", "superposedAtoms"],
    ["Fit floor of the energy", "fitFloor"],
  ] as const)
    expect(shown[label]).toEqual({
      value: `${significant((mean(errors(key)) * MEV) / 9)} meV/atom`,
      note: `mean absolute error; ${significant(mean(errors(key)) * KCAL)} kcal/mol per structure`,
    });
  expect(shown["Error of the density"].value).toBe("0.920 % of the electrons");
  expect(shown["Error of the density"].note).toMatch(/^4\.31 % RMSE, .*; 2\.20 % in the Coulomb metric$/);
  expect(shown["Time of a density and its energy"].value).toBe("401 ms");
  expect(shown["Time of a density and its energy"].note).toBe(
    `21 ms for the density, 380 ms for the energy; self-consistent calculation: ${duration(mean(columns["Converged calculation"]))}`,
  );
});

test("the dots of the error figures", () => {
  const { svg, description } = energyErrorFigure(predicted)!;
  for (const [colour, label] of [
    ["atoms", "Superposed atoms, meV/atom"],
    ["one-shot", "One-shot, meV/atom"],
    ["corrected", "With response, meV/atom"],
    ["floor", "Fit floor, meV/atom"],
  ]) {
    const expected = columns[label].map((x) => Math.log10(Math.abs(x))).toSorted((a, b) => a - b);
    const { x } = figureDots(svg, `var(--${colour})`, { logX: true });
    expect(x).toHaveLength(12);
    // A hundredth of a decade is half a pixel.
    x.forEach((at, i) => expect(Math.abs(at - expected[i])).toBeLessThan(0.01));
    expect(description).toContain(significant(mean(columns[label])));
  }
  const bars = figureDots(svg, "var(--ink)", { logX: true }).x;
  expect(10 ** bars[2] / mean(columns["With response, meV/atom"])).toBeCloseTo(1, 1);
  const density = densityErrorFigure(predicted)!;
  const dots = figureDots(density.svg, "var(--one-shot)", { logX: true }).x;
  const percent = columns["Density, %"].map(Math.log10).toSorted((a, b) => a - b);
  dots.forEach((at, i) => expect(Math.abs(at - percent[i])).toBeLessThan(0.01));
  expect(density.description).toBe(
    `Mean density error in % of the electrons: predicted ${significant(mean(columns["Density, %"]))}, with response ${significant(mean(columns["Density with response, %"]))}.`,
  );
});

test("the dots of the parity figure, in both panels", () => {
  const { svg, description, to } = parityFigure(predicted)!;
  expect(to).toBe("lowest");
  const lowest = Math.min(...predicted.map(({ energy }) => energy!));
  const points = predicted
    .map(({ energy, errors: found }) => ({ x: (energy! - lowest) * KCAL, error: found!.corrected! * KCAL }))
    .toSorted((a, b) => Math.abs(a.error) - Math.abs(b.error));
  const above = figureDots(svg, "var(--corrected)", { panel: [0, 256] });
  const below = figureDots(svg, "var(--corrected)", { panel: [285, 400] });
  const [span, largest] = [
    Math.max(...points.map(({ x }) => x)),
    Math.max(...points.map(({ error }) => Math.abs(error))),
  ];
  points.forEach(({ x, error }, i) => {
    expect(Math.abs(above.x[i] - x)).toBeLessThan(0.005 * span);
    expect(Math.abs(above.y[i] - x - error)).toBeLessThan(0.005 * span);
    expect(Math.abs(below.x[i] - x)).toBeLessThan(0.005 * span);
    expect(Math.abs(below.y[i] - error)).toBeLessThan(0.02 * largest);
  });
  expect(description).toContain(`span ${significant(span)} kcal/mol`);
  expect(description).toContain(`difference is ${significant(largest)} kcal/mol`);
});

test("the dots and spreads of the learning curves", () => {
  const curve = sample.learningCurve!;
  const near = (found: number[], expected: number[]): void => {
    expect(found).toHaveLength(expected.length);
    found.forEach((x, i) => expect(Math.abs(x - Math.log10(expected[i]))).toBeLessThan(0.01));
  };
  const energies = energyCurveFigure(curve)!;
  for (const [colour, key] of [
    ["one-shot", "oneShotMeVPerAtom"],
    ["corrected", "correctedMeVPerAtom"],
  ] as const) {
    const dots = figureDots(energies.svg, `var(--${colour})`, { logX: true, logY: true });
    near(dots.x, [5, 10, 20, 40]);
    near(
      dots.y,
      curve.map((point) => point[key]!.mean),
    );
    expect(energies.description).toContain(`${significant(curve[0][key]!.mean)} meV/atom with 5 training structures`);
  }
  const { svg } = densityCurveFigure(curve)!;
  const density = figureDots(svg, "var(--corrected)", { logX: true, logY: true });
  near(
    density.y,
    curve.map(({ rmsePercent }) => rmsePercent!.mean),
  );
  // An upright line from mean − deviation to mean + deviation: (34 ± 3) 5^−0.56, on the scale of the dots.
  const [, x, low, high] = /d="M([\d.]+) ([\d.]+)L\1 ([\d.]+)" fill="none" stroke="var\(--corrected\)"/
    .exec(svg)!
    .map(Number);
  const pixels = [...svg.matchAll(/matrix\(3\.5,0,0,3\.5,([\d.]+),([\d.]+)\)/g)].map(([, ...at]) => at.map(Number));
  expect(x).toBeCloseTo(pixels[0][0], 0);
  const decade = (pixels[3][1] - pixels[0][1]) / (0.56 * Math.log10(8));
  expect((low - pixels[0][1]) / decade).toBeCloseTo(-Math.log10(31 / 34), 2);
  expect((high - pixels[0][1]) / decade).toBeCloseTo(-Math.log10(37 / 34), 2);
});

test("1 kcal/mol is drawn where it is, when all structures have as many atoms", () => {
  expect(chemicalAccuracy(predicted)).toBeCloseTo(MEV / KCAL / 9, 6);
  const water = { ...predicted[0].structure, species: Uint8Array.of(8, 1, 1) };
  expect(chemicalAccuracy([predicted[0], { ...predicted[1], structure: water }])).toBeUndefined();
});

test("the captions convert as the numbers do", () => {
  // 627.5095 kcal/mol over 27211.4 meV.
  expect(page).toContain("1 meV/atom is 0.023 kcal/mol per atom.");
});

test("what the viewer gets: ångström, atoms inside their cell, the surface that encloses half of the error", () => {
  const [view] = sample.views!;
  const vectors = Float64Array.of(8, 0, 0, 1, 9, 0, 0, -1, 10);
  // One atom at (0.25, −0.5, 1.75) of the cell, so that it moves to (0.25, 0.5, 0.75).
  const at = (f: readonly number[]): number[] =>
    [0, 1, 2].map((d) => f.reduce((sum, x, k) => sum + x * vectors[3 * k + d], 0));
  const structure = {
    ...view.structure,
    species: Uint8Array.of(8),
    positions: Float64Array.from(at([0.25, -0.5, 1.75])),
    cell: { vectors, periodic: [true, true, true] as const },
  };
  const error = new Float64Array(view.predicted.values.length);
  error.set([4e-3, -3e-3, 2e-3, 1e-3, 1e-3]);
  const shown = renderReport(
    { title: "x", views: [view, { ...view, name: "cell", structure, error }] },
    { viewer: "" },
  );
  const views = JSON.parse(/id="view-data">([\s\S]*?)<\/script>/.exec(shown)![1]);
  const angstrom = 0.529177210544;
  const [, , oxygen] = views[0].xyz.split("\n").slice(2);
  const [symbol, ...place] = oxygen.split(" ");
  expect(symbol).toBe("O");
  place.forEach((x: string, d: number) => expect(Number(x)).toBeCloseTo(view.structure.positions[6 + d] * angstrom, 4));
  expect(views[0].elements).toEqual(["H", "C", "O"]);
  [0, 4, 8].forEach((d) => expect(views[0].grid.steps[d]).toBeCloseTo(0.8 * angstrom, 4));
  [0, 1, 2].forEach((d) => expect(views[0].grid.origin[d]).toBeCloseTo(view.predicted.origin[d] * angstrom, 4));
  expect(views[0].fields.density).toMatchObject({ isovalue: 0.05, signed: false, cap: 1 });
  const moved = views[1].xyz.split("\n")[2].split(" ").slice(1).map(Number);
  at([0.25, 0.5, 0.75]).forEach((x, d) => expect(moved[d]).toBeCloseTo(x * angstrom, 4));
  views[1].cell.forEach((x: number, d: number) => expect(x).toBeCloseTo(vectors[d] * angstrom, 4));
  // 4 + 3 of 11 are the first to pass a half.
  expect(views[1].fields.error).toMatchObject({ isovalue: 3e-3, signed: true });
});

test("a mean below the fit floor is explained", () => {
  expect(belowFloor(predicted)).toBe(false);
  expect(page).not.toContain("read both as equal");
  const lucky = predicted.map((one) => ({ ...one, errors: { ...one.errors, corrected: one.errors!.fitFloor! / 2 } }));
  expect(belowFloor(lucky)).toBe(true);
  const said = renderReport({ ...sample, predicted: lucky }, { viewer: "" });
  expect(said).toContain("read both as equal");
  expect(tiles(said)["Fit floor of the energy"].note).toContain("the predictions lie below it");
});

test("a dash is explained, and only where there is one", () => {
  expect(page).not.toContain("not known for this line");
  const { scfSeconds: _, ...imported } = predicted[0];
  const some = renderReport({ ...sample, predicted: [imported, ...predicted.slice(1)] }, { viewer: "" });
  expect(tableRows(some, "Structure").map(({ cells }) => cells["Converged calculation"].text)).toContain("–");
  expect(some).toContain("– not known for this line");
});

test("numbers read back as they were", () => {
  expect([0.0123, -2.35, 455].map((x) => numberOf(significant(x)))).toEqual([0.0123, -2.35, 455]);
});
