import { beforeAll, describe, expect, it } from "vitest";
import { dot, matrix, transpose, type Matrix } from "../../dist/math/matrix.js";
import { block, gemm, gemv, multiply, multiplyTransposed } from "../../dist/math/products.js";
import { randomGenerator } from "../../dist/math/random.js";

const random = randomGenerator(20);

function randomMatrix(rows: number, columns: number, stride = columns): Matrix {
  const data = Float64Array.from({ length: rows * stride }, () => random.normal());
  return stride === columns ? matrix(rows, columns, data) : { rows, columns, data, stride };
}

const element = (a: Matrix, i: number, j: number): number => a.data[i * (a.stride ?? a.columns) + j];

/** The rows of A, or its columns. */
function linesOf(a: Matrix, columns: boolean): Float64Array[] {
  return Array.from({ length: columns ? a.columns : a.rows }, (_, i) =>
    Float64Array.from({ length: columns ? a.rows : a.columns }, (__, j) =>
      columns ? element(a, j, i) : element(a, i, j),
    ),
  );
}

/** C ← α op(A) op(B) + β C, the definition. */
function defined(
  transposeA: boolean,
  transposeB: boolean,
  alpha: number,
  a: Matrix,
  b: Matrix,
  beta: number,
  c: Matrix,
): number[][] {
  const columns = linesOf(b, !transposeB);
  return linesOf(a, transposeA).map((row, i) =>
    columns.map((column, j) => alpha * dot(row, column) + (beta === 0 ? 0 : beta * element(c, i, j))),
  );
}

function largestDifference(c: Matrix, expected: number[][]): number {
  let largest = 0;
  for (let i = 0; i < c.rows; i++)
    for (let j = 0; j < c.columns; j++) {
      const difference = Math.abs(element(c, i, j) - expected[i][j]);
      if (!(difference <= largest)) largest = difference;
    }
  return largest;
}

describe("gemm against the definition", () => {
  // Sizes on both sides of every block boundary (128 rows, 384 deep, 1536 columns) and of the copies (4096 numbers of a row,
  // 49152 in a stage), odd ones, thin ones.
  const shapes = [
    [1, 1, 1],
    [2, 3, 5],
    [4, 4, 4],
    [15, 17, 16],
    [16, 16, 17],
    [33, 7, 129],
    [128, 64, 384],
    [129, 65, 385],
    [130, 5, 800],
    [3, 1541, 20],
    [10, 1541, 70],
    [5, 3, 4099],
    [7, 1, 9000],
    [2, 4102, 9],
    [261, 131, 31],
    [1, 300, 41],
    [300, 1, 41],
    [257, 2, 391],
    [2, 257, 391],
    [200, 3, 150],
    [200, 6, 150],
    [6, 200, 150],
    [5, 200, 150],
    [64, 8, 9],
  ];
  it.each(shapes)("%i × %i, depth %i", (m, n, k) => {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ])
      for (const pad of [0, 3])
        for (const [alpha, beta] of [
          [1, 0],
          [-0.7, 1],
          [1.3, -0.4],
        ]) {
          const [ra, ca] = transposeA ? [k, m] : [m, k];
          const [rb, cb] = transposeB ? [n, k] : [k, n];
          const a = randomMatrix(ra, ca, ca + pad);
          const b = randomMatrix(rb, cb, cb + pad);
          const c = randomMatrix(m, n, n + pad);
          if (beta === 0) c.data.fill(NaN);
          const before = c.data.slice();
          const expected = defined(transposeA, transposeB, alpha, a, b, beta, c);
          gemm(transposeA, transposeB, alpha, a, b, beta, c);
          // Rounding of a sum of k products of unit variance.
          expect(largestDifference(c, expected)).toBeLessThan(1e-14 * (10 + k));
          for (let i = 0; i < m; i++)
            for (let j = n; j < n + pad; j++) expect(c.data[i * (n + pad) + j]).toBe(before[i * (n + pad) + j]);
        }
  });

  it("does nothing to C but scale it when there is nothing to add", () => {
    const c = matrix(2, 2, Float64Array.of(1, 2, 3, 4));
    gemm(false, false, 1, matrix(2, 0), matrix(0, 2), 2, c);
    expect([...c.data]).toEqual([2, 4, 6, 8]);
    gemm(false, false, 0, matrix(2, 1, Float64Array.of(NaN, 1)), matrix(1, 2), 0, c);
    expect([...c.data]).toEqual([0, 0, 0, 0]);
  });

  it("gives the same bits again, also after other products have used the scratch", () => {
    const a = randomMatrix(150, 400);
    const b = randomMatrix(400, 90);
    const first = multiply(a, b);
    multiply(randomMatrix(77, 500), randomMatrix(500, 300));
    expect(multiply(a, b).data).toEqual(first.data);
  });

  it("passes NaN on", () => {
    const a = randomMatrix(40, 40);
    a.data[17 * 40 + 3] = NaN;
    const c = multiply(a, randomMatrix(40, 40));
    expect(c.data.findIndex(Number.isNaN)).toBe(17 * 40);
  });

  it("names the shapes that do not agree", () => {
    expect(() => multiply(matrix(2, 3), matrix(4, 5))).toThrow("cannot multiply 2 × 3 by 4 × 5");
    expect(() => gemm(false, false, 1, matrix(2, 3), matrix(3, 5), 0, matrix(5, 2))).toThrow(
      "2 × 5 does not fit into 5 × 2",
    );
  });
});

describe("gemm on broken matrices", () => {
  it("says when the data are shorter than the shape", () => {
    const short = { rows: 10, columns: 10, data: new Float64Array(99) };
    expect(() => multiply(short, matrix(10, 10))).toThrow(
      "a 10 × 10 matrix with rows 10 apart does not fit into 99 numbers",
    );
    expect(() => multiply({ ...matrix(10, 10), stride: 9 }, matrix(10, 10))).toThrow("rows 9 apart");
  });
});

describe("gemv", () => {
  let a: Matrix;
  beforeAll(() => {
    a = randomMatrix(103, 58);
  });

  it.each([false, true])("transposed: %s", (transposed) => {
    const x = Float64Array.from({ length: transposed ? 103 : 58 }, () => random.normal());
    const y = gemv(transposed, a, x);
    const expected = multiplyTransposed(transposed, false, a, matrix(x.length, 1, x));
    for (let i = 0; i < y.length; i++) expect(y[i]).toBeCloseTo(expected.data[i], 12);
    const given = new Float64Array(y.length).fill(NaN);
    expect(gemv(transposed, a, x, given)).toBe(given);
    expect(given).toEqual(y);
  });

  it("checks lengths", () => expect(() => gemv(false, a, new Float64Array(3))).toThrow("103 × 58 by a vector of 3"));
});

describe("block", () => {
  it("is a view", () => {
    const a = randomMatrix(50, 60);
    const part = block(a, 10, 20, 30, 25);
    const c = multiplyTransposed(true, false, part, part);
    const expected = defined(true, false, 1, part, part, 0, matrix(25, 25));
    expect(largestDifference(c, expected)).toBeLessThan(1e-12);
    part.data[0] = 7;
    expect(a.data[10 * 60 + 20]).toBe(7);
    expect(element(transpose(part), 0, 0)).toBe(7);
  });
});
