/**
 * Kinetic energy and dipole integrals of an orbital basis from the zeroth to second moments of Hermite Gaussians.
 *
 *   ∇²[S_lm exp(−βr²)] = (4β²r² − 2β(2l+3)) S_lm exp(−βr²)
 *   T_ab = −½⟨a|∇²|b⟩ = Σ_pairs β(2l_b+3) ⟨a|b⟩ − 2β² ⟨a|r_B²|b⟩
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { hermiteCount, hermiteIndex } from "./hermite.js";
import { shellPair, type ShellPair } from "./shell-pair.js";

const FIRST = [hermiteIndex(1, 0, 0), hermiteIndex(0, 1, 0), hermiteIndex(0, 0, 1)];
const SECOND = [hermiteIndex(2, 0, 0), hermiteIndex(0, 2, 0), hermiteIndex(0, 0, 2)];

/** T = −½⟨μ|∇²|ν⟩, hartree: [functions, functions]. */
export function kineticMatrix(basis: PlacedBasis): Matrix {
  const result = matrix(basis.size, basis.size);
  forEachShellPair(basis, (a, b, pair) => writeSymmetric(result, a, b, (f) => kineticIntegral(pair, b, f)));
  return result;
}

/** ⟨μ|x|ν⟩, ⟨μ|y|ν⟩, ⟨μ|z|ν⟩ about the coordinate origin, bohr. */
export function dipoleMatrices(basis: PlacedBasis): [Matrix, Matrix, Matrix] {
  const result = [matrix(basis.size, basis.size), matrix(basis.size, basis.size), matrix(basis.size, basis.size)] as [
    Matrix,
    Matrix,
    Matrix,
  ];
  forEachShellPair(basis, (a, b, pair) =>
    result.forEach((component, axis) => writeSymmetric(component, a, b, (f) => dipoleIntegral(pair, axis, f))),
  );
  return result;
}

function kineticIntegral(pair: ShellPair, b: PlacedShell, f: number): number {
  const hermites = hermiteCount(pair.order);
  const centre = [b.x, b.y, b.z];
  let sum = 0;
  for (let k = 0; k < pair.count; k++) {
    const e = (f * pair.count + k) * hermites;
    const p = pair.exponents[k];
    const beta = pair.secondExponents[k];
    let square = 0; // ⟨a|r_B²|b⟩ (p/π)^(3/2)
    for (let axis = 0; axis < 3; axis++) {
      const shift = pair.centres[3 * k + axis] - centre[axis];
      square += pair.coefficients[e] * (0.5 / p + shift * shift);
      if (pair.order >= 1) square += pair.coefficients[e + FIRST[axis]] * 2 * shift;
      if (pair.order >= 2) square += pair.coefficients[e + SECOND[axis]] * 2;
    }
    sum += (Math.PI / p) ** 1.5 * beta * ((2 * b.l + 3) * pair.coefficients[e] - 2 * beta * square);
  }
  return sum;
}

function dipoleIntegral(pair: ShellPair, axis: number, f: number): number {
  const hermites = hermiteCount(pair.order);
  let sum = 0;
  for (let k = 0; k < pair.count; k++) {
    const e = (f * pair.count + k) * hermites;
    const first = pair.order >= 1 ? pair.coefficients[e + FIRST[axis]] : 0;
    sum += (Math.PI / pair.exponents[k]) ** 1.5 * (pair.centres[3 * k + axis] * pair.coefficients[e] + first);
  }
  return sum;
}

/** Visits each unordered pair of shells once, the first not before the second; negligible pairs are skipped. */
export function forEachShellPair(
  basis: PlacedBasis,
  visit: (a: PlacedShell, b: PlacedShell, pair: ShellPair) => void,
): void {
  basis.shells.forEach((a, i) => {
    for (let j = 0; j <= i; j++) {
      const pair = shellPair(a, basis.shells[j]);
      if (pair.count > 0) visit(a, basis.shells[j], pair);
    }
  });
}

/** Writes the integrals of function pair f = m_a (2 l_b + 1) + m_b to both triangles. */
export function writeSymmetric(into: Matrix, a: PlacedShell, b: PlacedShell, integral: (f: number) => number): void {
  const n = into.columns;
  const width = 2 * b.l + 1;
  for (let f = 0; f < (2 * a.l + 1) * width; f++) {
    const i = a.first + Math.floor(f / width);
    const j = b.first + (f % width);
    if (j > i) continue;
    const value = integral(f);
    into.data[i * n + j] = value;
    into.data[j * n + i] = value;
  }
}
