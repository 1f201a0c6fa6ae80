/**
 * Second derivatives of basis functions on the points of a block,
 *
 *   ∂_i∂_j χ = R ∂_i∂_j S + R' (r_i ∂_j S + r_j ∂_i S + δ_ij S) + R'' r_i r_j S
 *
 * with χ, S, R and R' as in block-functions.ts and R'' = 4 Σ_p α_p² f_p exp(−α_p r²).
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import { type Matrix, matrix } from "../math/matrix.js";
import { type Centre, harmonicsAround, LARGEST_EXPONENT } from "./block-functions.js";
import type { GridBlock } from "./grid-block.js";
import { harmonicGradients } from "./harmonic-gradients.js";

/** Axes of the second derivatives, in this order. */
const PAIRS = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 1],
  [1, 2],
  [2, 2],
] as const;

/** xx, xy, xz, yy, yz, zz, each [alive, count]. */
export type SecondDerivatives = readonly [Matrix, Matrix, Matrix, Matrix, Matrix, Matrix];

/** Those of the functions `alive` of `basis`, ascending and in whole shells as `functionsOnBlock` gives them. */
export function secondDerivativesOnBlock(basis: PlacedBasis, block: GridBlock, alive: Int32Array): SecondDerivatives {
  const shells = wholeShells(basis, alive);
  const empty = (): Matrix => matrix(alive.length, block.count);
  const result: SecondDerivatives = [empty(), empty(), empty(), empty(), empty(), empty()];
  let row = 0;
  for (let start = 0; start < shells.length; ) {
    let end = start + 1;
    while (end < shells.length && shells[end].atom === shells[start].atom) end++;
    const centre = harmonicsAround(shells.slice(start, end), block);
    for (; start < end; start++) {
      writeShell(shells[start], centre, row, result);
      row += 2 * shells[start].l + 1;
    }
  }
  return result;
}

function wholeShells({ shells }: PlacedBasis, alive: Int32Array): PlacedShell[] {
  let row = 0;
  return shells.filter(({ first, l }) => {
    if (alive[row] !== first) return false;
    row += 2 * l + 1;
    return true;
  });
}

function writeShell(shell: PlacedShell, centre: Centre, row: number, out: SecondDerivatives): void {
  const { l } = shell;
  const { squared, harmonics } = centre;
  const count = squared.length;
  const { radial, slope, curvature } = radialParts(shell, squared);
  const displacement = [centre.dx, centre.dy, centre.dz];
  const gradient = [0, 1, 2].map(() => new Float64Array(count));
  for (let k = 0; k < 2 * l + 1; k++) {
    const harmonic = harmonics.subarray((l * l + k) * count, (l * l + k + 1) * count);
    harmonicGradients(l)[k].forEach(({ first, firstIndex, second, secondIndex }, axis) => {
      const a = firstIndex * count;
      const b = secondIndex * count;
      for (let p = 0; p < count; p++) gradient[axis][p] = first * harmonics[a + p] + second * harmonics[b + p];
    });
    const terms = secondHarmonicDerivatives(l, k - l);
    PAIRS.forEach(([i, j], pair) => {
      const target = out[pair].data.subarray((row + k) * count, (row + k + 1) * count);
      writePair(target, harmonic, gradient[i], gradient[j], displacement[i], displacement[j], slope, curvature);
      if (i === j) for (let p = 0; p < count; p++) target[p] += harmonic[p] * slope[p];
      for (const { index, factor } of terms[pair]) {
        const from = index * count;
        for (let p = 0; p < count; p++) target[p] += factor * harmonics[from + p] * radial[p];
      }
    });
  }
}

/** R, R' and R''. */
function radialParts({ exponents, factors }: PlacedShell, squared: Float64Array): { radial: Float64Array; slope: Float64Array; curvature: Float64Array } {
  const count = squared.length;
  const radial = new Float64Array(count);
  const slope = new Float64Array(count);
  const curvature = new Float64Array(count);
  for (let k = 0; k < exponents.length; k++) {
    const alpha = exponents[k];
    const factor = factors[k];
    for (let p = 0; p < count; p++) {
      const power = alpha * squared[p];
      if (power > LARGEST_EXPONENT) continue;
      const term = factor * Math.exp(-power);
      radial[p] += term;
      slope[p] -= 2 * alpha * term;
      curvature[p] += 4 * alpha * alpha * term;
    }
  }
  return { radial, slope, curvature };
}

function writePair(
  target: Float64Array,
  harmonic: Float64Array,
  gradientI: Float64Array,
  gradientJ: Float64Array,
  i: Float64Array,
  j: Float64Array,
  slope: Float64Array,
  curvature: Float64Array,
): void {
  for (let p = 0; p < target.length; p++) target[p] = (gradientI[p] * j[p] + gradientJ[p] * i[p]) * slope[p] + harmonic[p] * i[p] * j[p] * curvature[p];
}

interface HarmonicTerm {
  readonly index: number;
  readonly factor: number;
}

const cache = new Map<number, readonly (readonly HarmonicTerm[])[]>();

/** ∂_i∂_j S_lm in the order of PAIRS as combinations of harmonics two degrees lower. */
function secondHarmonicDerivatives(l: number, m: number): readonly (readonly HarmonicTerm[])[] {
  const key = l * l + l + m;
  const known = cache.get(key);
  if (known) return known;
  const result = PAIRS.map(([i, j]) => {
    const sum = new Map<number, number>();
    for (const outer of termsOf(l, m, i))
      for (const inner of termsOf(l - 1, outer.index - (l * l - l), j)) sum.set(inner.index, (sum.get(inner.index) ?? 0) + outer.factor * inner.factor);
    return [...sum].filter(([, factor]) => Math.abs(factor) > 1e-14).map(([index, factor]) => ({ index, factor }));
  });
  cache.set(key, result);
  return result;
}

/** ∂_axis S_lm; harmonics of degree l − 1 are numbered (l−1)² + (l−1) + m = l² − l + m. */
function termsOf(l: number, m: number, axis: number): HarmonicTerm[] {
  const { first, firstIndex, second, secondIndex } = harmonicGradients(l)[l + m][axis];
  return [
    { index: firstIndex, factor: first },
    { index: secondIndex, factor: second },
  ].filter(({ factor }) => factor !== 0);
}
