/** Triangles by panels, and solutions of single precision with a triangle that is nearly singular. */
import { expect, test } from "vitest";
import { cholesky, multiply, multiplyTransposed } from "../../dist/math/linear-algebra.js";
import { matrix, type Matrix } from "../../dist/math/matrix.js";
import { randomGenerator } from "../../dist/math/random.js";
import { solveStored, solveStoredInSingles, storeTriangle } from "../../dist/model/problem/stored-triangle.js";

/** More than one panel of 192. */
const ORDER = 400;

/** The factor of a Gaussian kernel between points in a line, with what makes its smallest eigenvalue 10⁻⁹. */
function nearlySingular(): Matrix {
  const kernel = matrix(ORDER, ORDER);
  for (let i = 0; i < ORDER; i++)
    for (let j = 0; j < ORDER; j++)
      kernel.data[i * ORDER + j] = Math.exp(-((0.05 * (i - j)) ** 2)) + (i === j ? 1e-9 : 0);
  return cholesky(kernel);
}

function largest({ data }: Matrix): number {
  return data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

test("L⁻ᵀX in single precision, each number making up for those before it, is Lᵀ's to single precision", () => {
  const factor = nearlySingular();
  const triangle = storeTriangle(factor, "double");
  const random = randomGenerator(5);
  const x = matrix(ORDER, 3);
  for (let k = 0; k < x.data.length; k++) x.data[k] = random.normal();
  const right = multiplyTransposed(true, false, factor, x);
  const residual = (solution: Matrix): number => {
    const difference = multiplyTransposed(true, false, factor, solution);
    difference.data.forEach((value, k) => (difference.data[k] = value - right.data[k]));
    return largest(difference) / largest(right);
  };
  const exact = matrix(ORDER, 3, right.data.slice());
  solveStored(triangle, exact, true);
  expect(residual(exact)).toBeLessThan(1e-12);
  const each = matrix(ORDER, 3, exact.data.map(Math.fround));
  const together = matrix(ORDER, 3, right.data.slice());
  solveStoredInSingles(triangle, together);
  expect(together.data.every((value) => value === Math.fround(value))).toBe(true);
  // Half a unit in the last place of a number is 2⁻²⁵ to 2⁻²⁴ of it.
  expect(residual(together)).toBeLessThan(2 ** -24);
  expect(residual(each)).toBeGreaterThan(5 * residual(together));
});

test("both triangles of a system of several panels are solved", () => {
  const factor = nearlySingular();
  const triangle = storeTriangle(factor, "double");
  const x = matrix(ORDER, 2);
  x.data.forEach((_, k) => (x.data[k] = 1 + (k % 7)));
  const right = multiply(factor, x);
  solveStored(triangle, right, false);
  expect(largest({ ...right, data: right.data.map((value, k) => value - x.data[k]) })).toBeLessThan(1e-6);
});
