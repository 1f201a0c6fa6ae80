/** The choice of η and the numbers beside it, from made-up solutions whose errors are known functions of log η. */
import { describe, expect, test } from "vitest";
import type { LossShard } from "../../dist/model/solver/loss-shard.js";
import { chooseRegularization, lossOf, type Solver } from "../../dist/model/solver/regularization.js";

const FITTED = { coefficients: 40, structures: 5, targetNorm: 30, rightHandSide: Float64Array.of(2) };
const LOG_DETERMINANT = 7;
/** The weight is log₁₀ η. */
const solver = {
  scale: 1,
  shard: FITTED,
  solve: (eta: number) =>
    Promise.resolve({
      weights: Float64Array.of(Math.log10(eta)),
      iterations: 2,
      residual: 0,
      converged: true,
      logDeterminant: LOG_DETERMINANT,
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

  test("has the marginal likelihood −log p = ½[n log s² + log det(1 + H/η) + n log(ηN)] beside it", async () => {
    const { path } = await chooseRegularization(
      solver,
      held((x) => [0.1 + 0.01 * (x + 5) ** 2]),
    );
    const { coefficients: n, structures: N, targetNorm, rightHandSide } = FITTED;
    for (const { relative: eta, negativeLogLikelihood } of path) {
      const variance = (targetNorm - rightHandSide[0] * Math.log10(eta)) / (N * eta * n);
      const expected = 0.5 * (n * Math.log(variance) + LOG_DETERMINANT + n * Math.log(eta * N));
      expect(negativeLogLikelihood).toBeCloseTo(expected, 9);
    }
  });
});

test("the loss is the mean of the squared errors and η|w|²", async () => {
  const shard = { structures: 2, residualNorms: () => Promise.resolve(Float64Array.of(1, 2)) } as unknown as LossShard;
  expect(await lossOf(shard, Float64Array.of(1, 2), 0.5)).toBeCloseTo(1.5 + 0.5 * 5, 12);
});
