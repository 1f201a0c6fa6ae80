/**
 * Fourier coefficients of a real periodic function sampled on n₁ × n₂ × n₃ points, and back:
 *
 *   F_k = N⁻¹ Σ_r f_r exp(−2πi k·r/n),   f_r = Σ_k F_k exp(2πi k·r/n)
 *
 * Values are [n₁, n₂, n₃], the last index fastest; coefficients [n₁, n₂, ⌊n₃/2⌋ + 1] complex numbers (real, imaginary),
 * those with k₃ < 0 being the conjugates of their partners. Sizes with factors 2, 3 and 5 (Stockham's self-sorting
 * algorithm, kernels/fft.ts). Two real rows make one complex row; whole planes pass through the scratch memory of the
 * kernels, so that each number is moved twice.
 */
import { BrineError } from "../errors.js";
import { fftPlan, runStages, type FftPlan } from "./fft-stages.js";
import { kernels, SCRATCH_SIZE, SCRATCH_START } from "./kernels.js";

export type GridShape = readonly [number, number, number];

/** Numbers in an array of coefficients: two for each complex one. */
export function coefficientCount([n1, n2, n3]: GridShape): number {
  return 2 * n1 * n2 * ((n3 >> 1) + 1);
}

interface Workspace {
  readonly plans: readonly [FftPlan, FftPlan, FftPlan];
  readonly rootsAt: readonly [number, number, number];
  /** Two areas, each for a plane. */
  readonly x: number;
  readonly y: number;
}

/** Coefficients of the values on a grid. */
export function fourierCoefficients(shape: GridShape, values: Float64Array): Float64Array {
  const [n1, n2, n3] = shape;
  if (values.length !== n1 * n2 * n3) throw new BrineError("input", `${values.length} values on ${shape.join("×")}`);
  const { plans, rootsAt, x, y } = prepare(shape, "forward");
  const all = kernels();
  const { doubles } = all;
  const plane = 2 * n2 * ((n3 >> 1) + 1);
  const result = new Float64Array(n1 * plane);
  for (let i = 0; i < n1; i++) {
    doubles.set(values.subarray(i * n2 * n3, (i + 1) * n2 * n3), x);
    all.joinRealRows(n2, n3, 8 * x, 8 * y);
    let at = runStages(all, plans[2], -1, (n2 + 1) >> 1, y, x, rootsAt[2]);
    const other = at === x ? y : x;
    all.splitSpectra(n2, n3, 8 * at, 8 * other, 1 / (n1 * n2 * n3));
    at = runStages(all, plans[1], -1, (n3 >> 1) + 1, other, at, rootsAt[1]);
    result.set(doubles.subarray(at, at + plane), i * plane);
  }
  alongFirst(shape, result, -1, plans[0], rootsAt[0], x, y);
  return result;
}

/** Values on a grid from coefficients, which are overwritten. */
export function valuesOnGrid(shape: GridShape, coefficients: Float64Array): Float64Array {
  const [n1, n2, n3] = shape;
  if (coefficients.length !== coefficientCount(shape))
    throw new BrineError("input", `${coefficients.length} numbers for coefficients on ${shape.join("×")}`);
  const { plans, rootsAt, x, y } = prepare(shape, "backward");
  const all = kernels();
  const { doubles } = all;
  const plane = 2 * n2 * ((n3 >> 1) + 1);
  alongFirst(shape, coefficients, 1, plans[0], rootsAt[0], x, y);
  const result = new Float64Array(n1 * n2 * n3);
  for (let i = 0; i < n1; i++) {
    doubles.set(coefficients.subarray(i * plane, (i + 1) * plane), x);
    let at = runStages(all, plans[1], 1, (n3 >> 1) + 1, x, y, rootsAt[1]);
    const other = at === x ? y : x;
    all.joinSpectra(n2, n3, 8 * at, 8 * other);
    at = runStages(all, plans[2], 1, (n2 + 1) >> 1, other, at, rootsAt[2]);
    const to = at === x ? y : x;
    all.splitRealRows(n2, n3, 8 * at, 8 * to);
    result.set(doubles.subarray(to, to + n2 * n3), i * n2 * n3);
  }
  return result;
}

/** The direction of the first index, one n₁ × n₃ plane after the other. */
function alongFirst(
  [n1, n2, n3]: GridShape,
  data: Float64Array,
  sign: 1 | -1,
  plan: FftPlan,
  rootsAt: number,
  x: number,
  y: number,
): void {
  const all = kernels();
  const { doubles } = all;
  const row = 2 * ((n3 >> 1) + 1);
  for (let j = 0; j < n2; j++) {
    for (let i = 0; i < n1; i++) {
      const from = (i * n2 + j) * row;
      doubles.set(data.subarray(from, from + row), x + i * row);
    }
    const at = runStages(all, plan, sign, row >> 1, x, y, rootsAt);
    for (let i = 0; i < n1; i++) data.set(doubles.subarray(at + i * row, at + (i + 1) * row), (i * n2 + j) * row);
  }
}

function prepare(shape: GridShape, direction: "forward" | "backward"): Workspace {
  const [n1, n2, n3] = shape;
  const { doubles } = kernels();
  let at = SCRATCH_START;
  const put = (n: number): [FftPlan, number] => {
    const plan = fftPlan(n);
    const start = at;
    doubles.set(plan[direction], start);
    at += plan[direction].length;
    return [plan, start];
  };
  const [[p1, r1], [p2, r2], [p3, r3]] = [put(n1), put(n2), put(n3)];
  const area = Math.max(n1 * ((n3 >> 1) + 1), n2 * ((n3 >> 1) + 1), n3 * ((n2 + 1) >> 1)) * 2;
  at += at & 1;
  if (at + 2 * area > SCRATCH_START + SCRATCH_SIZE)
    throw new BrineError(
      "unsupported",
      `a plane of a grid of ${shape.join("×")} points does not fit into the memory of the kernels; use a lower cutoff`,
    );
  return { plans: [p1, p2, p3], rootsAt: [r1, r2, r3], x: at, y: at + area };
}
