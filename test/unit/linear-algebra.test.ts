import { describe, expect, it } from "vitest";
import { isBrineError } from "../../dist/errors.js";
import {
  cholesky,
  choleskySolve,
  eigh,
  generalizedEigh,
  inverseSquareRoot,
  multiply,
  multiplyTransposed,
  pivotedCholesky,
  solveLinear,
  solveLower,
} from "../../dist/math/linear-algebra.js";
import { copy, identity, matrix, symmetrize, transpose, type Matrix } from "../../dist/math/matrix.js";
import { randomGenerator } from "../../dist/math/random.js";

const random = randomGenerator(7);

const randomMatrix = (rows: number, columns: number): Matrix =>
  matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  );

const randomSymmetric = (n: number): Matrix => symmetrize(randomMatrix(n, n));

/** B Bᵀ/n + 1: condition number about five. */
function randomPositive(n: number): Matrix {
  const b = randomMatrix(n, n);
  const a = multiplyTransposed(false, true, b, b);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) a.data[i * n + j] /= n;
    a.data[i * n + i] += 1;
  }
  return a;
}

function difference(a: Matrix, b: Matrix): number {
  expect([a.rows, a.columns]).toEqual([b.rows, b.columns]);
  let largest = 0;
  for (let i = 0; i < a.data.length; i++) {
    const d = Math.abs(a.data[i] - b.data[i]);
    if (!(d <= largest)) largest = d;
  }
  return largest;
}

/** The same numbers in a matrix whose rows are further apart. */
function spread(a: Matrix): Matrix {
  const stride = a.columns + 3;
  const data = new Float64Array(a.rows * stride).fill(NaN);
  for (let i = 0; i < a.rows; i++) data.set(a.data.subarray(i * a.columns, (i + 1) * a.columns), i * stride);
  return { rows: a.rows, columns: a.columns, data, stride };
}

/** The lower triangle, NaN above: what a routine that reads the lower triangle only may be given. */
function lowerOnly(a: Matrix): Matrix {
  const result = copy(a);
  for (let i = 0; i < a.rows; i++) result.data.fill(NaN, i * a.columns + i + 1, (i + 1) * a.columns);
  return result;
}

const sizes = [1, 2, 3, 5, 47, 48, 49, 97, 130, 203];

describe("cholesky", () => {
  it.each(sizes)("A = L Lᵀ, order %i", (n) => {
    const a = randomPositive(n);
    const before = a.data.slice();
    const l = cholesky(a);
    expect(difference(multiplyTransposed(false, true, l, l), a)).toBeLessThan(1e-13);
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(l.data[i * n + j]).toBe(0);
    expect(a.data).toEqual(before);
    expect(difference(cholesky(spread(a)), l)).toBe(0);
  });

  it("reads the lower triangle only", () => {
    const a = randomPositive(120);
    expect(difference(cholesky(lowerOnly(a)), cholesky(a))).toBe(0);
  });

  it.each([3, 60, 150])("names the pivot when not positive definite, order %i", (n) => {
    const a = identity(n);
    a.data[(n - 2) * n + n - 2] = -0.5;
    expect(() => cholesky(a)).toThrow(`not positive definite: pivot ${n - 1} is -5.00e-1`);
    a.data[(n - 2) * n + n - 2] = NaN;
    expect(() => cholesky(a)).toThrow(`pivot ${n - 1} is NaN`);
    try {
      cholesky(a);
    } catch (error) {
      expect(isBrineError(error, "input")).toBe(true);
    }
  });

  it("solves for one vector and for many", () => {
    const a = randomPositive(131);
    const l = cholesky(a);
    const b = randomMatrix(131, 7);
    expect(difference(multiply(a, choleskySolve(l, b)), b)).toBeLessThan(1e-12);
    const x = choleskySolve(
      l,
      Float64Array.from({ length: 131 }, (_, i) => b.data[i * 7 + 2]),
    );
    const all = choleskySolve(l, b);
    for (let i = 0; i < 131; i++) expect(x[i]).toBeCloseTo(all.data[i * 7 + 2], 12);
  });

  it("wants a square matrix", () => expect(() => cholesky(matrix(2, 3))).toThrow("square matrix, not 2 × 3"));
});

describe("solveLower", () => {
  it.each(sizes)("order %i", (n) => {
    const l = cholesky(randomPositive(n));
    for (let i = 0; i < n; i++) l.data.fill(NaN, i * n + i + 1, (i + 1) * n); // must not be read
    const clean = copy(l);
    for (let i = 0; i < n; i++) clean.data.fill(0, i * n + i + 1, (i + 1) * n);
    const b = randomMatrix(n, 11);
    const before = b.data.slice();
    expect(difference(multiply(clean, solveLower(l, b, false)), b)).toBeLessThan(1e-12);
    expect(difference(multiply(transpose(clean), solveLower(l, b, true)), b)).toBeLessThan(1e-12);
    expect(b.data).toEqual(before);
  });
});

describe("pivotedCholesky", () => {
  it.each(sizes)("complete, order %i", (n) => {
    const a = randomPositive(n);
    const { pivots, factor, rank } = pivotedCholesky(lowerOnly(a), 1e-12);
    expect(rank).toBe(n);
    expect([...pivots].toSorted((i, j) => i - j)).toEqual(Array.from({ length: n }, (_, i) => i));
    expect(difference(multiplyTransposed(false, true, factor, factor), a)).toBeLessThan(1e-13);
  });

  it("finds the rank", () => {
    const b = randomMatrix(210, 83);
    const a = multiplyTransposed(false, true, b, b);
    const { pivots, factor, rank } = pivotedCholesky(a, 1e-9);
    expect(rank).toBe(83);
    expect(pivots.length).toBe(83);
    expect(new Set(pivots).size).toBe(83);
    expect(difference(multiplyTransposed(false, true, factor, factor), a)).toBeLessThan(1e-9);
  });

  it("takes the largest diagonal first and stops at the tolerance", () => {
    const a = matrix(4, 4);
    [0.5, 3, 0.01, 2].forEach((value, i) => (a.data[i * 5] = value));
    const { pivots, rank, factor } = pivotedCholesky(a, 0.1);
    expect([...pivots]).toEqual([1, 3, 0]);
    expect(rank).toBe(3);
    expect(factor.data[1 * 3]).toBeCloseTo(Math.sqrt(3), 15);
  });

  it("agrees with the step-by-step definition on an ill-conditioned kernel", () => {
    const n = 160;
    const a = matrix(n, n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) a.data[i * n + j] = Math.exp(-(((i - j) / 25) ** 2));
    const { factor, rank } = pivotedCholesky(a, 1e-8);
    expect(rank).toBeLessThan(50);
    expect(difference(multiplyTransposed(false, true, factor, factor), a)).toBeLessThan(1e-8);
  });

  it("zero and empty matrices have rank zero", () => {
    expect(pivotedCholesky(matrix(3, 3), 1e-10).rank).toBe(0);
    expect(pivotedCholesky(matrix(0, 0), 1e-10).rank).toBe(0);
  });
});

describe("solveLinear", () => {
  it.each(sizes)("order %i", (n) => {
    const a = randomMatrix(n, n);
    const b = randomMatrix(n, 3);
    const x = solveLinear(a, b);
    // A random matrix of order n has a condition number of order n, now and then a hundred times that.
    expect(difference(multiply(a, x), b)).toBeLessThan(1e-10);
    const y = solveLinear(
      spread(a),
      Float64Array.from({ length: n }, (_, i) => b.data[i * 3]),
    );
    for (let i = 0; i < n; i++) expect(y[i]).toBeCloseTo(x.data[i * 3], 8);
  });

  it("needs its pivoting", () => {
    const a = matrix(3, 3, Float64Array.of(0, 2, 1, 1, 0, 0, 0, 0, 4));
    expect([...solveLinear(a, Float64Array.of(7, 1, 12))]).toEqual([1, 2, 3]);
  });

  it("names a singular system", () => {
    const a = matrix(3, 3, Float64Array.of(1, 2, 3, 2, 4, 6, 1, 0, 1));
    expect(() => solveLinear(a, new Float64Array(3))).toThrow("singular: column 3 of 3");
  });
});

function expectEigensystem(a: Matrix, s: Matrix | undefined, tolerance: number): Float64Array {
  const n = a.rows;
  const { values, vectors } = s ? generalizedEigh(a, s) : eigh(lowerOnly(a));
  const scaled = copy(s ? multiply(s, vectors) : vectors);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) scaled.data[i * n + j] *= values[j];
  expect(difference(multiply(a, vectors), scaled)).toBeLessThan(tolerance);
  expect(
    difference(multiplyTransposed(true, false, vectors, s ? multiply(s, vectors) : vectors), identity(n)),
  ).toBeLessThan(tolerance);
  for (let i = 1; i < n; i++) expect(values[i]).toBeGreaterThanOrEqual(values[i - 1]);
  return values;
}

describe("eigh", () => {
  it.each([1, 2, 3, 4, 7, 31, 32, 33, 34, 65, 124, 201])("random, order %i", (n) => {
    expectEigensystem(randomSymmetric(n), undefined, 1e-12);
  });

  it("an empty matrix", () => expect(eigh(matrix(0, 0)).values.length).toBe(0));

  it("known values: the second difference, 2 − 2 cos kπ/(n+1)", () => {
    const n = 100;
    const a = matrix(n, n);
    for (let i = 0; i < n; i++) {
      a.data[i * n + i] = 2;
      if (i > 0) a.data[i * n + i - 1] = a.data[(i - 1) * n + i] = -1;
    }
    const values = expectEigensystem(a, undefined, 1e-13);
    for (let k = 1; k <= n; k++) expect(values[k - 1]).toBeCloseTo(2 - 2 * Math.cos((k * Math.PI) / (n + 1)), 13);
  });

  it("degenerate: a projector, the unit matrix, zero", () => {
    const v = eigh(randomSymmetric(90)).vectors;
    const part: Matrix = { rows: 90, columns: 40, data: v.data, stride: 90 };
    const values = expectEigensystem(multiplyTransposed(false, true, part, part), undefined, 1e-13);
    for (let i = 0; i < 90; i++) expect(values[i]).toBeCloseTo(i < 50 ? 0 : 1, 13);
    expect([...expectEigensystem(identity(40), undefined, 1e-15)]).toEqual(Array.from({ length: 40 }, () => 1));
    expect([...expectEigensystem(matrix(40, 40), undefined, 1e-15)]).toEqual(Array.from({ length: 40 }, () => 0));
  });

  it("two coupled copies, exactly degenerate in pairs", () => {
    const a = randomSymmetric(30);
    const two = matrix(60, 60);
    for (let i = 0; i < 30; i++)
      for (let j = 0; j < 30; j++) two.data[i * 60 + j] = two.data[(i + 30) * 60 + j + 30] = a.data[i * 30 + j];
    expectEigensystem(two, undefined, 1e-13);
  });

  it.each([1e-300, 1e-160, 1e150])("elements of order %d", (scale) => {
    const a = randomSymmetric(50);
    const { values } = eigh(a);
    const b = copy(a);
    for (let i = 0; i < b.data.length; i++) b.data[i] *= scale;
    const scaled = eigh(b);
    for (let i = 0; i < 50; i++) expect(scaled.values[i] / scale).toBeCloseTo(values[i], 12);
    expect(difference(multiplyTransposed(true, false, scaled.vectors, scaled.vectors), identity(50))).toBeLessThan(
      1e-13,
    );
  });

  it("graded over sixty orders of magnitude", () => {
    const n = 60;
    const a = randomSymmetric(n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) a.data[i * n + j] *= 10 ** -(i / 2 + j / 2);
    expectEigensystem(a, undefined, 1e-13);
  });

  it("the same bits again", () => {
    const a = randomSymmetric(70);
    const first = eigh(a);
    const again = eigh(copy(a));
    expect(again.values).toEqual(first.values);
    expect(again.vectors.data).toEqual(first.vectors.data);
  });

  it("does not take NaN", () => {
    const a = identity(3);
    a.data[6] = NaN;
    expect(() => eigh(a)).toThrow("element (3, 1) is NaN");
  });
});

describe("generalizedEigh and inverseSquareRoot", () => {
  it.each([1, 2, 50, 124])("order %i", (n) => {
    const s = randomPositive(n);
    expectEigensystem(randomSymmetric(n), s, 1e-11);
    const root = inverseSquareRoot(s);
    expect(difference(multiply(multiply(root, s), root), identity(n))).toBeLessThan(1e-12);
  });

  it("name a metric that is not positive definite", () => {
    const s = identity(5);
    s.data[24] = -1;
    expect(() => generalizedEigh(identity(5), s)).toThrow("not positive definite");
    expect(() => inverseSquareRoot(s)).toThrow("lowest eigenvalue is -1.00e+0");
  });
});
