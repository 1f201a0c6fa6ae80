/** The choice of η, from made-up solutions whose errors are known functions of log η. */
import { describe, expect, test } from "vitest";
import { lossOf, type LossShard } from "../../dist/model/solver/loss-shard.js";
import { chooseRegularization } from "../../dist/model/solver/regularization.js";
import type { Solver } from "../../dist/model/solver/solver.js";

/** The weight is log₁₀ η. */
const solver = {
  scale: 1,
  solve: (eta: number) =>
    Promise.resolve({
      weights: Float64Array.of(Math.log10(eta)),
      iterations: 2,
      residual: 0,
      converged: true,
      logDeterminant: null,
    }),
} as unknown as Solver;

/** Held-out structures of unit norm with these errors at log₁₀ η. */
function held(errors: (x: number) => number[]): LossShard {
  const residualNorms = ([x]: Float64Array): Promise<Float64Array> =>
    Promise.resolve(Float64Array.from(errors(x), (error) => error * error));
  return { targetNorm: errors(0).length, residualNorms } as unknown as LossShard;
}

describe("the choice of η", () => {
  test("takes the minimum of the parabola between the decades", async () => {
    const { relative } = await chooseRegularization(
      solver,
      held((x) => [0.1 + 0.01 * (x + 5.3) ** 2]),
    );
    expect(Math.log10(relative)).toBeCloseTo(-5.3, 9);
  });

  test("judges by the mean of the errors, not by the few that are large", async () => {
    const usual = (x: number): number => 0.1 + 0.01 * (x + 6) ** 2;
    const strange = (x: number): number => 0.8 + 0.05 * Math.abs(x + 3);
    const shard = held((x) => [usual(x), usual(x), usual(x), strange(x)]);
    const { relative, path } = await chooseRegularization(solver, shard);
    expect(Math.log10(relative)).toBeLessThan(-4.5);
    const point = path.find((own) => own.relative < 1.1e-6 && own.relative > 0.9e-6)!;
    expect(point.typicalPercent).toBeCloseTo((100 * (3 * usual(-6) + strange(-6))) / 4, 9);
    expect(point.rmsePercent).toBeCloseTo(100 * Math.sqrt((3 * usual(-6) ** 2 + strange(-6) ** 2) / 4), 9);
    const rms = path.toSorted((a, b) => a.rmsePercent - b.rmsePercent)[0];
    expect(rms.relative).toBeGreaterThan(10 * relative);
  });
});

test("the loss is the mean of the squared errors and η|w|²", async () => {
  const shard = { structures: 2, residualNorms: () => Promise.resolve(Float64Array.of(1, 2)) } as unknown as LossShard;
  expect(await lossOf(shard, Float64Array.of(1, 2), 0.5)).toBeCloseTo(1.5 + 0.5 * 5, 12);
});
