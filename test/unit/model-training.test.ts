import { describe, expect, test } from "vitest";
import { densityErrors } from "../../dist/density/errors.js";
import { isBrineError } from "../../dist/errors.js";
import { train } from "../../dist/model/training/train.js";
import { trainSettings } from "../../dist/model/settings.js";
import { few, quick, training, validation } from "./model-helpers.js";

async function rejection(work: Promise<unknown>): Promise<Error & { tag?: string }> {
  return work.then(
    () => new Error("nothing was thrown"),
    (error: Error) => error,
  );
}

describe("what training refuses", () => {
  test("no structures", async () => {
    const error = await rejection(train([], quick));
    expect(isBrineError(error, "input")).toBe(true);
  });
  test("mixed levels, naming the structure and the difference", async () => {
    const other = { ...few[1], level: { ...few[1].level, functional: "lda" } };
    const error = await rejection(train([few[0], other], quick));
    expect(error).toMatchObject({
      tag: "mismatch",
      message: expect.stringMatching(/training structure 1: .*functional/),
    });
  });
  test("levels that differ in their numerics only are one level", async () => {
    const other = { ...few[1], level: { ...few[1].level, numerics: { engine: "builtin", version: "0" } } };
    await expect(train([few[0], other, few[2]], quick)).resolves.toBeDefined();
  });
  test("a wrong number of coefficients", async () => {
    const other = { ...few[1], density: { ...few[1].density, coefficients: few[1].density.coefficients.slice(1) } };
    expect(await rejection(train([few[0], other], quick))).toMatchObject({
      tag: "mismatch",
      message: expect.stringContaining("training structure 1: 70 coefficients"),
    });
  });
  test("a coefficient that is not a number", async () => {
    const coefficients = few[1].density.coefficients.slice();
    coefficients[7] = Number.NaN;
    const other = { ...few[1], density: { ...few[1].density, coefficients } };
    expect(await rejection(train([few[0], other], quick))).toMatchObject({
      tag: "input",
      message: expect.stringContaining("training structure 1: coefficient 7"),
    });
  });
  test("a structure that is there twice", async () => {
    const huge = few.map((own) => ({
      ...own,
      density: { ...own.density, coefficients: own.density.coefficients.map((c) => 1e200 * c) },
    }));
    for (const solver of ["cg", "direct"] as const)
      await expect(train(huge, { ...quick, solver })).rejects.toThrow(/impossible size/);
    await expect(train([...few, few[5]], quick)).rejects.toThrow(
      "training structure 24: it is training structure 5 once more",
    );
  });
  test("environments and cutoffs of a species that is not there", async () => {
    for (const asked of [{ environments: { "6": 10 } }, { cutoffOfSpecies: { "6": 5 } }])
      expect(await rejection(train(few, { ...quick, ...asked }))).toMatchObject({
        tag: "mismatch",
        message: expect.stringMatching(/ of C is asked for, but no training structure contains it$/),
      });
  });
  test("a structure that is trained on and judged by", async () => {
    await expect(train(few, quick, { validation: [validation[0], few[3]] })).rejects.toThrow(
      "validation structure 1: it is training structure 3",
    );
  });
  test("settings that make no sense, by name", () => {
    expect(() => trainSettings({ zeta: 0 })).toThrow(/zeta/);
    expect(() => trainSettings({ cutoffRadius: Number.NaN })).toThrow(/cutoffRadius/);
  });
  test("an abort", async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await rejection(train(few, quick, { signal: stop.signal }))).toMatchObject({ tag: "aborted" });
  });
});

/** The same cluster elsewhere: its density has the same coefficients. */
function moved(reference: (typeof few)[0], by: number): (typeof few)[0] {
  const positions = reference.structure.positions.map((x) => x + by);
  const structure = { ...reference.structure, positions };
  return { ...reference, structure, density: { ...reference.density, structure } };
}

describe("training", () => {
  test.each(["cg", "direct"] as const)(
    "kernels of equal environments, singular to the last bit (%s)",
    async (solver) => {
      const copies = [0, 1, 2, 3, 4, 5].flatMap((by) => [moved(few[0], by), moved(few[20], by)]);
      const settings = { ...quick, environments: 30, solver } as const;
      const once = await train([few[0], few[20]], settings);
      const often = await train(copies, settings);
      // More environments are asked for than there are different ones; columns beyond the rank are dropped.
      expect(often.summary.environments.O).toBeLessThanOrEqual(30);
      expect(often.summary.dimension).toBe(once.summary.dimension);
      expect(often.summary.converged).toBe(true);
      for (const reference of [few[0], few[20]]) {
        const [a, b] = [await once.model.predict(reference.structure), await often.model.predict(reference.structure)];
        expect(Math.max(...a.unconstrained.map((c, p) => Math.abs(c - b.unconstrained[p])))).toBeLessThan(2e-3);
      }
    },
  );
  test.runIf(process.env["BRINE_FULL"])(
    "another seed holds out other structures, and finds about the same",
    async () => {
      const settings = { ...quick, environments: 30, regularization: "auto", committee: 0 } as const;
      const runs = [];
      for (const seed of [1, 2]) {
        const { model, summary } = await train(training.slice(0, 60), { ...settings, seed });
        const errors = densityErrors(model.averages);
        for (const { structure, density } of validation.slice(0, 30))
          errors.add(await model.predict(structure), density);
        runs.push({ summary, error: errors.result().coulombRmsePercent! });
      }
      const [one, two] = runs;
      expect(one.summary.validation!.rmsePercent).not.toBe(two.summary.validation!.rmsePercent);
      expect(Math.abs(one.error / two.error - 1)).toBeLessThan(0.2);
    },
  );
  test("one structure is enough, and is reproduced", async () => {
    const { model, summary } = await train([few[20]], { ...quick, regularization: "auto" });
    expect(summary.validation).toBeNull();
    const { density, electrons } = await model.predict(few[20].structure);
    expect(Math.abs(electrons - few[20].structure.species.reduce((a, b) => a + b, 0))).toBeLessThan(1e-2);
    const worst = Math.max(...density.coefficients.map((c, p) => Math.abs(c - few[20].density.coefficients[p])));
    // Not exactly: η holds back combinations of functions that hardly repel each other.
    expect(worst).toBeLessThan(2e-2);
  });
  test("conjugate gradients and the dense solution agree", async () => {
    for (const lossMetric of ["overlap", "coulomb"] as const) {
      const direct = await train(few, { ...quick, lossMetric, solver: "direct" });
      const iterative = await train(few, { ...quick, lossMetric, solver: "cg" });
      expect(iterative.summary.converged).toBe(true);
      expect(Math.abs(iterative.summary.loss / direct.summary.loss - 1)).toBeLessThan(1e-4);
      const a = (await direct.model.predict(validation[51].structure)).density.coefficients;
      const b = (await iterative.model.predict(validation[51].structure)).density.coefficients;
      // The iteration ends at 1e-2 of the error that is left, in the norm of the preconditioner.
      expect(Math.max(...a.map((x, p) => Math.abs(x - b[p])))).toBeLessThan(1e-3);
    }
  });
  test("its error on the training structures is that of the predictions before the count is constrained", async () => {
    const { model, summary } = await train(few, { ...quick, solver: "direct" });
    const errors = densityErrors(model.averages);
    for (const { structure, density } of few) errors.add(await model.predict(structure), density);
    expect(summary.trainRmsePercent / errors.result().coulombRmsePercentUnmended!).toBeCloseTo(1, 6);
  });
  test("η is chosen on held-out structures, the same for the same seed", async () => {
    const settings = { ...quick, regularization: "auto" } as const;
    const first = await train(few, settings);
    const second = await train(few, settings);
    expect(first.summary.regularization.relative).toBe(second.summary.regularization.relative);
    expect(first.summary.validation?.structures).toBe(4);
    expect([...first.model.weights.get("8/1")!.data]).toEqual([...second.model.weights.get("8/1")!.data]);
    const path = first.summary.regularization.path.map((point) => point.typicalPercent);
    expect(path.indexOf(Math.min(...path))).toBe(
      first.summary.regularization.path.findIndex(({ relative }) => relative === first.summary.regularization.relative),
    );
  });
  test("the marginal likelihood of the on-site determinant prefers about the same η as the exact one", async () => {
    const settings = { ...quick, regularization: "auto", lossMetric: "overlap" } as const;
    const likeliest = async (solver: "cg" | "direct"): Promise<number> =>
      (await train(few, { ...settings, solver })).summary.regularization.likeliest!;
    const [estimate, exact] = [await likeliest("cg"), await likeliest("direct")];
    // A decade is one step of the path.
    expect(Math.abs(Math.log10(estimate / exact))).toBeLessThan(1.01);
    expect((await train(few, quick)).summary.regularization.likeliest).toBeNull();
  });
  test("a species without neighbours within the cutoff can be learnt", async () => {
    const { model } = await train(few, { ...quick, cutoffRadius: 1.0, smoothing: 0.1 });
    const { density } = await model.predict(few[0].structure);
    expect(density.coefficients.every(Number.isFinite)).toBe(true);
  });
  test("progress is reported by stage", async () => {
    const stages = new Set<string>();
    await train(few, { ...quick, regularization: "auto" }, { onProgress: ({ stage }) => stages.add(stage) });
    expect([...stages]).toEqual(expect.arrayContaining(["kernels", "metrics", "regularization", "solution"]));
  });
});
