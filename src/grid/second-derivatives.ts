/**
 * Second derivatives of basis functions, contracted on the points of a block with a vector field u and one function
 * h_μ for each basis function, so that they are never stored:
 *
 *   d_μp,x = h_μ Σ_i u_i ∂_i∂_x χ_μ   →   Σ_p d_μp,x  and  Σ_μ d_μp,x
 *   ∂_i∂_x χ = R ∂_i∂_x S + R' (r_i ∂_x S + x ∂_i S + δ_ix S) + R'' r_i x S
 *
 * with χ, S, R and R' as in block-functions.ts and R'' = 4 Σ_p α_p² f_p exp(−α_p r²).
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import type { Matrix } from "../math/matrix.js";
import { type Centre, harmonicsAround, LARGEST_EXPONENT } from "./block-functions.js";
import type { GridBlock } from "./grid-block.js";
import { harmonicGradients } from "../math/harmonic-gradients.js";
import type { PointVector } from "./integrate.js";
import { scratchMatrix } from "./scratch-matrix.js";

/**
 * Σ_p d: [alive, 3], for the functions `alive` of `basis`, ascending and in whole shells as `functionsOnBlock` gives
 * them. Adds Σ_μ d, a vector at each point, to `atPoints`. `h` is [alive, count].
 */
export function contractSecondDerivatives(
  basis: PlacedBasis,
  block: GridBlock,
  alive: Int32Array,
  u: PointVector,
  h: Matrix,
  atPoints: PointVector,
): Float64Array {
  const result = new Float64Array(3 * alive.length);
  const shells = wholeShells(basis, alive);
  let row = 0;
  for (let start = 0; start < shells.length;) {
    let end = start + 1;
    while (end < shells.length && shells[end].atom === shells[start].atom) end++;
    const centre = harmonicsAround(shells.slice(start, end), block);
    const along = projection(centre, u);
    for (; start < end; start++) {
      contractShell(shells[start], centre, along, u, h, row, result, atPoints);
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

/** u·r. */
function projection({ dx, dy, dz }: Centre, [ux, uy, uz]: PointVector): Float64Array {
  const result = new Float64Array(dx.length);
  for (let p = 0; p < result.length; p++) result[p] = ux[p] * dx[p] + uy[p] * dy[p] + uz[p] * dz[p];
  return result;
}

function contractShell(
  shell: PlacedShell,
  centre: Centre,
  along: Float64Array,
  u: PointVector,
  h: Matrix,
  row: number,
  out: Float64Array,
  atPoints: PointVector,
): void {
  const { l } = shell;
  const count = along.length;
  const radial = radialParts(shell, centre.squared);
  for (let k = 0; k < 2 * l + 1; k++) {
    const own = h.data.subarray((row + k) * count, (row + k + 1) * count);
    const at = 3 * (row + k);
    if (l === 0) addRadial(centre, along, u, radial, own, out, at, atPoints);
    else addAngular(l, k, centre, along, u, radial, own, out, at, atPoints);
    if (l >= 2) addHarmonicCurvature(l, k, centre, u, radial.value, own, out, at, atPoints);
  }
}

interface RadialParts {
  readonly value: Float64Array;
  readonly slope: Float64Array;
  readonly curvature: Float64Array;
}

/** R, R' and R'' of one shell after the other, valid until the next call. */
function radialParts({ exponents, factors }: PlacedShell, squared: Float64Array): RadialParts {
  const count = squared.length;
  const [value, slope, curvature] = (["value", "slope", "curvature"] as const).map((area) =>
    scratchMatrix(area, 1, count).data.fill(0, 0, count),
  );
  for (let k = 0; k < exponents.length; k++) {
    const alpha = exponents[k];
    const factor = factors[k];
    for (let p = 0; p < count; p++) {
      const power = alpha * squared[p];
      if (power > LARGEST_EXPONENT) continue;
      const term = factor * Math.exp(-power);
      value[p] += term;
      slope[p] -= 2 * alpha * term;
      curvature[p] += 4 * alpha * alpha * term;
    }
  }
  return { value, slope, curvature };
}

/** The terms with R' and R'' of an s function. */
function addRadial(
  { dx, dy, dz, harmonics }: Centre,
  along: Float64Array,
  [ux, uy, uz]: PointVector,
  { slope, curvature }: RadialParts,
  h: Float64Array,
  out: Float64Array,
  at: number,
  [px, py, pz]: PointVector,
): void {
  let x = 0;
  let y = 0;
  let z = 0;
  for (let p = 0; p < h.length; p++) {
    const s = h[p] * harmonics[p];
    const a = s * curvature[p] * along[p];
    const b = s * slope[p];
    const tx = a * dx[p] + b * ux[p];
    const ty = a * dy[p] + b * uy[p];
    const tz = a * dz[p] + b * uz[p];
    x += tx;
    y += ty;
    z += tz;
    px[p] += tx;
    py[p] += ty;
    pz[p] += tz;
  }
  out[at] += x;
  out[at + 1] += y;
  out[at + 2] += z;
}

/** The terms with R' and R''. */
function addAngular(
  l: number,
  k: number,
  { dx, dy, dz, harmonics }: Centre,
  along: Float64Array,
  [ux, uy, uz]: PointVector,
  { slope, curvature }: RadialParts,
  h: Float64Array,
  out: Float64Array,
  at: number,
  [px, py, pz]: PointVector,
): void {
  const count = h.length;
  const own = (l * l + k) * count;
  const [gradientX, gradientY, gradientZ] = harmonicGradients(l)[k];
  const { first: ax, second: bx } = gradientX;
  const { first: ay, second: by } = gradientY;
  const { first: az, second: bz } = gradientZ;
  const [iax, ibx] = [gradientX.firstIndex * count, gradientX.secondIndex * count];
  const [iay, iby] = [gradientY.firstIndex * count, gradientY.secondIndex * count];
  const [iaz, ibz] = [gradientZ.firstIndex * count, gradientZ.secondIndex * count];
  let x = 0;
  let y = 0;
  let z = 0;
  for (let p = 0; p < count; p++) {
    const sx = ax * harmonics[iax + p] + bx * harmonics[ibx + p];
    const sy = ay * harmonics[iay + p] + by * harmonics[iby + p];
    const sz = az * harmonics[iaz + p] + bz * harmonics[ibz + p];
    const s = h[p] * harmonics[own + p];
    const hs = h[p] * slope[p];
    const a = s * curvature[p] * along[p] + hs * (ux[p] * sx + uy[p] * sy + uz[p] * sz);
    const b = s * slope[p];
    const c = hs * along[p];
    const tx = a * dx[p] + b * ux[p] + c * sx;
    const ty = a * dy[p] + b * uy[p] + c * sy;
    const tz = a * dz[p] + b * uz[p] + c * sz;
    x += tx;
    y += ty;
    z += tz;
    px[p] += tx;
    py[p] += ty;
    pz[p] += tz;
  }
  out[at] += x;
  out[at + 1] += y;
  out[at + 2] += z;
}

/** Σ_p h R Σ_i u_i ∂_i∂_x S, by way of the sums with each harmonic of degree l − 2. */
function addHarmonicCurvature(
  l: number,
  k: number,
  { harmonics }: Centre,
  u: PointVector,
  radial: Float64Array,
  h: Float64Array,
  out: Float64Array,
  at: number,
  [px, py, pz]: PointVector,
): void {
  const count = h.length;
  const terms = harmonicCurvature(l)[k];
  for (let q = (l - 2) ** 2; q < (l - 1) ** 2; q++)
    for (let i = 0; i < 3; i++) {
      const [x, y, z] = terms[q - (l - 2) ** 2][i];
      if (x === 0 && y === 0 && z === 0) continue;
      const field = u[i];
      let sum = 0;
      for (let p = 0; p < count; p++) {
        const t = h[p] * radial[p] * field[p] * harmonics[q * count + p];
        sum += t;
        px[p] += x * t;
        py[p] += y * t;
        pz[p] += z * t;
      }
      out[at] += x * sum;
      out[at + 1] += y * sum;
      out[at + 2] += z * sum;
    }
}

/** For one S_lm: the coefficients of ∂_i∂_x S, ∂_i∂_y S, ∂_i∂_z S in each harmonic of degree l − 2: [harmonic][i]. */
type Curvature = readonly (readonly (readonly [number, number, number])[])[];

const known: Curvature[][] = [];

/** Of S_lm, m = −l … l; l ≥ 2. */
function harmonicCurvature(l: number): readonly Curvature[] {
  known[l] ??= Array.from({ length: 2 * l + 1 }, (_, k) =>
    Array.from({ length: 2 * l - 3 }, (_, q) =>
      [0, 1, 2].map((i) => {
        const along = (axis: number): number => secondCoefficient(l, k, i, axis, (l - 2) ** 2 + q);
        return [along(0), along(1), along(2)] as const;
      }),
    ),
  );
  return known[l];
}

/** The coefficient of harmonic `target` in ∂_i∂_j S, S the k-th harmonic of degree l. */
function secondCoefficient(l: number, k: number, i: number, j: number, target: number): number {
  let sum = 0;
  for (const [index, factor] of termsOf(l, k, i))
    for (const [second, secondFactor] of termsOf(l - 1, index - (l - 1) ** 2, j))
      if (second === target) sum += factor * secondFactor;
  return sum;
}

function termsOf(l: number, k: number, axis: number): (readonly [number, number])[] {
  const { first, firstIndex, second, secondIndex } = harmonicGradients(l)[k][axis];
  return [[firstIndex, first] as const, [secondIndex, second] as const].filter(([, factor]) => factor !== 0);
}
