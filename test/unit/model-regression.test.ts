/** The regression core on made-up problems: no descriptors, no integrals. */
import { describe, expect, test } from "vitest";
import { committee } from "../../dist/model/solver/committee.js";
import { conjugateGradients, type GradientState } from "../../dist/model/solver/conjugate-gradients.js";
import { metricOf, type LearningProblem } from "../../dist/model/problem/learning-problem.js";
import { lossShard, total, type LossShard } from "../../dist/model/solver/loss-shard.js";
import { memoryPlan } from "../../dist/model/problem/memory-plan.js";
import { preconditioner, preconditionerParts } from "../../dist/model/solver/preconditioner.js";
import { reducedHessianPart } from "../../dist/model/problem/reduced-hessian.js";
import { directSolver } from "../../dist/model/solver/direct-solver.js";
import { iterativeSolver } from "../../dist/model/solver/iterative-solver.js";
import { chooseRegularization } from "../../dist/model/solver/regularization.js";
import type { Regression, Solver } from "../../dist/model/solver/solver.js";
import { put, store, type Stored } from "../../dist/model/problem/storage.js";
import { dot, identity, matrix } from "../../dist/math/matrix.js";
import { cholesky, choleskySolve, multiplyTransposed } from "../../dist/math/linear-algebra.js";
import { randomGenerator } from "../../dist/math/random.js";

const random = randomGenerator(7);
const plan = memoryPlan({ psi: 0, metrics: 0, triangles: 0 });
const inMemory = (problem: LearningProblem): Regression => ({ problem, plan });
const normals = (count: number): Float64Array => Float64Array.from({ length: count }, () => random.normal());

/** Two blocks with 3 and 2 channels, structures of different size, a random positive definite metric each. */
function madeUp(structures: number, weights?: Float64Array): LearningProblem {
  const shapes = [
    { species: 1, lambda: 0, channels: 3, columns: 7 },
    { species: 8, lambda: 1, channels: 2, columns: 9 },
  ];
  let weightFirst = 0;
  const blocks = shapes.map(({ species, lambda, channels, columns }, b) => {
    const rowFirst = Int32Array.from({ length: structures + 1 }, (_, a) =>
      b === 0 ? a * 2 : 3 * Math.floor((a + 1) / 2),
    );
    const psi = stored(normals(rowFirst[structures] * columns));
    const block = { species, lambda, channels, offsets: new Int32Array(channels) };
    const result = { block, psi, columns, rowFirst, weightFirst };
    weightFirst += columns * channels;
    return result;
  });
  const targetFirst = new Int32Array(structures + 1);
  const metricFirst = new Float64Array(structures + 1);
  const metrics: number[] = [];
  const targets: number[] = [];
  for (let a = 0; a < structures; a++) {
    const size = blocks.reduce((sum, { rowFirst, block }) => sum + (rowFirst[a + 1] - rowFirst[a]) * block.channels, 0);
    const root = matrix(
      size,
      size,
      normals(size * size).map((x) => (0.3 * x) / Math.sqrt(size)),
    );
    for (let i = 0; i < size; i++) root.data[i * size + i] += 1;
    metrics.push(...multiplyTransposed(false, true, root, root).data);
    targets.push(...(weights ? predicted(blocks, weights, a) : normals(size)));
    targetFirst[a + 1] = targets.length;
    metricFirst[a + 1] = metrics.length;
  }
  return {
    blocks,
    structures,
    targets: Float64Array.from(targets),
    targetFirst,
    metrics: stored(Float64Array.from(metrics)),
    metricFirst,
    dimension: weightFirst,
  };
}

function stored(values: Float64Array): Stored {
  const result = store(values.length, "double");
  put(result, 0, values);
  return result;
}

function predicted(blocks: LearningProblem["blocks"], w: Float64Array, a: number): Float64Array {
  return Float64Array.from(
    blocks.flatMap(({ psi, columns, block, rowFirst, weightFirst }) => {
      const values: number[] = [];
      for (let row = rowFirst[a]; row < rowFirst[a + 1]; row++)
        for (let n = 0; n < block.channels; n++) {
          let sum = 0;
          for (let d = 0; d < columns; d++)
            sum += (psi.place as Float64Array)[row * columns + d] * w[weightFirst + d * block.channels + n];
          values.push(sum);
        }
      return values;
    }),
  );
}

describe("the loss", () => {
  test("its gradient is its derivative", async () => {
    const problem = madeUp(6);
    const shard = await lossShard(problem, 0, 6);
    const w = normals(problem.dimension);
    const hessian = await shard.hessianTimes(w);
    const gradient = hessian.map((value, i) => 2 * (value - shard.rightHandSide[i]));
    for (let k = 0; k < problem.dimension; k += 5) {
      const step = 1e-4;
      const at = async (shift: number): Promise<number> =>
        total(await shard.residualNorms(w.map((x, i) => x + (i === k ? shift : 0))));
      // A quadratic function: central differences have no truncation error.
      const numerical = ((await at(step)) - (await at(-step))) / (2 * step);
      expect(Math.abs(numerical - gradient[k])).toBeLessThan(1e-7 * (1 + Math.abs(gradient[k])));
    }
  });
  test("shards add up", async () => {
    const problem = madeUp(7);
    const w = normals(problem.dimension);
    const whole = await lossShard(problem, 0, 7);
    const one = await lossShard(problem, 0, 3);
    const two = await lossShard(problem, 3, 7);
    const parts = [...(await one.residualNorms(w)), ...(await two.residualNorms(w))];
    (await whole.residualNorms(w)).forEach((norm, a) => expect(parts[a]).toBeCloseTo(norm, 9));
    const [first, second] = [await one.hessianTimes(w), await two.hessianTimes(w)];
    (await whole.hessianTimes(w)).forEach((h, i) => expect(first[i] + second[i]).toBeCloseTo(h, 9));
    whole.rightHandSide.forEach((b, i) => expect(one.rightHandSide[i] + two.rightHandSide[i]).toBeCloseTo(b, 9));
  });
  test("the explicit Hessian is the matrix-free one", async () => {
    const problem = madeUp(5);
    const shard = await lossShard(problem, 0, 5);
    const hessian = await reducedHessianPart({ problem, from: 0, to: 5 });
    const position = positions(problem);
    for (let k = 0; k < problem.dimension; k++) {
      const unit = new Float64Array(problem.dimension);
      unit[k] = 1;
      (await shard.hessianTimes(unit)).forEach((h, i) =>
        expect(hessian.data[position[i] * problem.dimension + position[k]]).toBeCloseTo(h, 9),
      );
    }
  });
});

/** Where each weight [block][d][n] stands in the Hessian [block][n][d]. */
function positions(problem: LearningProblem): number[] {
  return problem.blocks.flatMap(({ columns, block, weightFirst }) =>
    Array.from(
      { length: columns * block.channels },
      (_, k) => weightFirst + (k % block.channels) * columns + Math.floor(k / block.channels),
    ),
  );
}

describe("solvers", () => {
  test("find the weights that made the targets", async () => {
    const weights = normals(39);
    const problem = madeUp(30, weights);
    const shard = await lossShard(problem, 0, 30);
    for (const make of [directSolver, iterativeSolver]) {
      const solver = await make(inMemory(problem), shard);
      const { weights: found } = await solver.solve(1e-14, true);
      found.forEach((w, i) => expect(Math.abs(w - weights[i])).toBeLessThan(2e-4));
    }
  });
  test("agree where the problem is underdetermined and regularised", async () => {
    const problem = madeUp(3);
    const shard = await lossShard(problem, 0, 3);
    const direct = await (await directSolver(inMemory(problem), shard)).solve(1e-3, true);
    const iterative = await (await iterativeSolver(inMemory(problem), shard)).solve(1e-3, true);
    direct.weights.forEach((w, i) => expect(Math.abs(w - iterative.weights[i])).toBeLessThan(1e-3));
  });
  test("the preconditioner is symmetric and positive", async () => {
    const problem = madeUp(12);
    const { apply } = await preconditioner(inMemory(problem), await preconditionerParts(inMemory(problem), 12), 1e-3);
    const [x, y] = [normals(problem.dimension), normals(problem.dimension)];
    const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0);
    expect(dot(apply(x), y)).toBeCloseTo(dot(x, apply(y)), 8);
    expect(dot(apply(x), x)).toBeGreaterThan(0);
  });
  test("conjugate gradients end in as many steps as there are eigenvalues, and say when they did not", async () => {
    const values = [1, 4, 9, 100];
    const system = {
      rightHandSide: Float64Array.from({ length: 40 }, (_, i) => 1 + (i % 5)),
      constant: 1000,
      apply: async (x: Float64Array) => x.map((value, i) => value * values[i % 4]),
      precondition: (r: Float64Array) => r.slice(),
    };
    const solved = await conjugateGradients(system, 1e-10, 100);
    expect(solved.iterations).toBe(4);
    solved.x.forEach((x, i) => expect(x).toBeCloseTo((1 + (i % 5)) / values[i % 4], 9));
    expect((await conjugateGradients(system, 1e-10, 2)).converged).toBe(false);
    let stopped: GradientState | undefined;
    await conjugateGradients(system, 1e-10, 2, undefined, async (state) => {
      stopped = structuredClone(state);
    });
    expect((await conjugateGradients(system, 1e-10, 100, stopped)).x).toEqual(solved.x);
  });
});

test("the marginal likelihood is that of a Gaussian with the dense covariance σ²(M⁻¹ + ΨΨᵀ/ηN) of all targets", async () => {
  const fitted = 4;
  const problem = madeUp(6);
  const solver = await directSolver(inMemory(problem), await lossShard(problem, 0, fitted));
  const { path } = await chooseRegularization(solver, await lossShard(problem, fitted, 6));
  expect(path.length).toBeGreaterThan(1);
  const expected = path.map(({ relative }) => gaussian(problem, fitted, relative * solver.scale));
  path.forEach(({ negativeLogLikelihood }, k) =>
    expect(negativeLogLikelihood! - path[0].negativeLogLikelihood!).toBeCloseTo(expected[k] - expected[0], 5),
  );
});

/** −log p of the targets of the first structures with the likeliest σ², up to what does not depend on η. */
function gaussian(problem: LearningProblem, structures: number, eta: number): number {
  const size = problem.targetFirst[structures];
  const psi = matrix(problem.dimension, size); // transposed
  for (let k = 0; k < problem.dimension; k++) {
    const unit = new Float64Array(problem.dimension);
    unit[k] = 1;
    for (let a = 0; a < structures; a++)
      psi.data.set(predicted(problem.blocks, unit, a), k * size + problem.targetFirst[a]);
  }
  const covariance = multiplyTransposed(true, false, psi, psi);
  covariance.data.forEach((value, k) => (covariance.data[k] = value / (eta * structures)));
  for (let a = 0; a < structures; a++) {
    const metric = metricOf(problem, a);
    const inverse = choleskySolve(cholesky(metric), identity(metric.rows));
    const first = problem.targetFirst[a];
    for (let i = 0; i < inverse.rows; i++)
      for (let j = 0; j < inverse.rows; j++)
        covariance.data[(first + i) * size + first + j] += inverse.data[i * inverse.rows + j];
  }
  const factor = cholesky(covariance);
  const y = problem.targets.slice(0, size);
  const variance = dot(choleskySolve(factor, y), y) / size;
  let logDeterminant = 0;
  for (let i = 0; i < size; i++) logDeterminant += 2 * Math.log(factor.data[i * size + i]);
  return (size * Math.log(variance) + logDeterminant) / 2;
}

test("members of a committee are fitted to halves of the structures that count for all", async () => {
  const problem = madeUp(9);
  const weights = new Float64Array(problem.dimension);
  const shard = await lossShard(problem, 0, 7);
  const norms = await shard.residualNorms(weights);
  const solver = await directSolver(inMemory(problem), shard);
  const counted: number[][] = [];
  const watched = {
    ...solver,
    async resample(half: LossShard): Promise<Solver> {
      counted.push(Array.from(await half.residualNorms(weights), (norm, a) => norm / norms[a]));
      return solver.resample(half);
    },
  };
  const held = await lossShard(problem, 7, 9);
  await committee(inMemory(problem), { solver: watched, held, weights, eta: 0.1 }, 3, 1);
  expect(counted).toHaveLength(3);
  for (const times of counted) {
    const chosen = times.filter((own) => own > 0);
    expect(chosen).toHaveLength(4);
    for (const own of chosen) expect(own).toBeCloseTo(7 / 4, 12);
  }
});
