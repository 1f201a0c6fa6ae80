/**
 * The density of an expansion and its gradient on the points of a block, without the values of its functions. The
 * shells of an atom are summed first,
 *
 *   ρ = Σ_A Σ_lm G^A_lm(r²) S_lm(r),   G_lm = Σ_k c_klm R_k(r²),   ∇ρ = Σ_A Σ_lm G_lm ∇S_lm + r Σ_lm H_lm S_lm,
 *
 * with H_lm = Σ_k c_klm R'_k, R' the derivative along r divided by r. Three times faster than going by the functions.
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import type { PointDensity } from "../grid/collocate.js";
import { shellReaches } from "../grid/function-reach.js";
import type { GridBlock } from "../grid/grid-block.js";
import { harmonicGradients, type HarmonicDerivative } from "../grid/harmonic-gradients.js";
import { solidHarmonics } from "../math/solid-harmonics.js";

/** Sums over the shells of one atom and its harmonics, each [(lmax+1)², count]. */
interface AtomSums {
  readonly lmax: number;
  /** [3, count]: displacements from the atom. */
  readonly displacements: Float64Array;
  readonly harmonics: Float64Array;
  readonly radial: Float64Array;
  readonly slope: Float64Array;
}

/** `coefficients` [functions]; the gradient is there when `derivatives` is 1. */
export function densityOnBlock(
  basis: PlacedBasis,
  coefficients: Float64Array,
  block: GridBlock,
  derivatives: 0 | 1,
): PointDensity {
  const rho = new Float64Array(block.count);
  const gradient =
    derivatives === 1
      ? ([0, 1, 2].map(() => new Float64Array(block.count)) as [Float64Array, Float64Array, Float64Array])
      : undefined;
  const shells = aliveShells(basis, block);
  for (let start = 0; start < shells.length;) {
    let end = start + 1;
    while (end < shells.length && shells[end].atom === shells[start].atom) end++;
    const sums = sumShells(shells.slice(start, end), coefficients, block, derivatives);
    addDensity(sums, rho);
    if (gradient) addGradient(sums, gradient);
    start = end;
  }
  return gradient ? { rho, gradient } : { rho };
}

/** Shells that are not negligible on the block. */
function aliveShells(basis: PlacedBasis, { count, points }: GridBlock): PlacedShell[] {
  const reaches = shellReaches(basis);
  let [x, y, z] = [0, 0, 0];
  for (let p = 0; p < count; p++) {
    x += points[p] / count;
    y += points[count + p] / count;
    z += points[2 * count + p] / count;
  }
  let radius = 0;
  for (let p = 0; p < count; p++)
    radius = Math.max(radius, (points[p] - x) ** 2 + (points[count + p] - y) ** 2 + (points[2 * count + p] - z) ** 2);
  radius = Math.sqrt(radius);
  return basis.shells.filter((shell, k) => Math.hypot(shell.x - x, shell.y - y, shell.z - z) < reaches[k] + radius);
}

function sumShells(
  shells: readonly PlacedShell[],
  coefficients: Float64Array,
  { count, points }: GridBlock,
  derivatives: 0 | 1,
): AtomSums {
  const { x, y, z } = shells[0];
  const lmax = shells.reduce((most, { l }) => Math.max(most, l), 0);
  const size = (lmax + 1) ** 2;
  const displacements = new Float64Array(3 * count);
  const squared = new Float64Array(count);
  const harmonics = new Float64Array(size * count);
  const single = new Float64Array(size);
  for (let p = 0; p < count; p++) {
    const dx = points[p] - x;
    const dy = points[count + p] - y;
    const dz = points[2 * count + p] - z;
    displacements[p] = dx;
    displacements[count + p] = dy;
    displacements[2 * count + p] = dz;
    squared[p] = dx * dx + dy * dy + dz * dz;
    solidHarmonics(lmax, dx, dy, dz, single);
    for (let k = 0; k < size; k++) harmonics[k * count + p] = single[k];
  }
  const sums = {
    lmax,
    displacements,
    harmonics,
    radial: new Float64Array(size * count),
    slope: new Float64Array(derivatives * size * count),
  };
  const value = new Float64Array(count);
  const slope = new Float64Array(count);
  for (const shell of shells) {
    radialPart(shell, squared, value, slope);
    for (let k = 0; k < 2 * shell.l + 1; k++) {
      const at = (shell.l * shell.l + k) * count;
      addMultiple(coefficients[shell.first + k], value, sums.radial, at);
      if (derivatives === 1) addMultiple(coefficients[shell.first + k], slope, sums.slope, at);
    }
  }
  return sums;
}

/** Terms with α r² beyond this are below 1e-24 and left out. */
const LARGEST_EXPONENT = 56;

/** Σ_p f_p exp(−α_p r²) and its derivative along r, divided by r. */
function radialPart(
  { exponents, factors }: PlacedShell,
  squared: Float64Array,
  value: Float64Array,
  slope: Float64Array,
): void {
  value.fill(0);
  slope.fill(0);
  for (let k = 0; k < exponents.length; k++) {
    const alpha = exponents[k];
    const factor = factors[k];
    for (let p = 0; p < squared.length; p++) {
      const power = alpha * squared[p];
      if (power > LARGEST_EXPONENT) continue;
      const term = factor * Math.exp(-power);
      value[p] += term;
      slope[p] -= 2 * alpha * term;
    }
  }
}

function addMultiple(factor: number, x: Float64Array, y: Float64Array, at: number): void {
  if (factor === 0) return;
  for (let p = 0; p < x.length; p++) y[at + p] += factor * x[p];
}

function addDensity({ harmonics, radial }: AtomSums, rho: Float64Array): void {
  for (let at = 0; at < radial.length; at += rho.length)
    for (let p = 0; p < rho.length; p++) rho[p] += radial[at + p] * harmonics[at + p];
}

function addGradient(sums: AtomSums, gradient: readonly [Float64Array, Float64Array, Float64Array]): void {
  const { lmax, displacements, harmonics, slope } = sums;
  const count = gradient[0].length;
  const along = new Float64Array(count);
  for (let at = 0; at < slope.length; at += count)
    for (let p = 0; p < count; p++) along[p] += slope[at + p] * harmonics[at + p];
  for (let axis = 0; axis < 3; axis++) {
    const out = gradient[axis];
    for (let p = 0; p < count; p++) out[p] += along[p] * displacements[axis * count + p];
  }
  for (let l = 1; l <= lmax; l++)
    harmonicGradients(l).forEach((derivatives, k) => {
      for (let axis = 0; axis < 3; axis++) addHarmonicDerivative(sums, l * l + k, derivatives[axis], gradient[axis]);
    });
}

/** Adds G_lm ∂S_lm along one axis. */
function addHarmonicDerivative(
  { harmonics, radial }: AtomSums,
  lm: number,
  derivative: HarmonicDerivative,
  out: Float64Array,
): void {
  const count = out.length;
  const at = lm * count;
  const { first, second } = derivative;
  if (first === 0) return;
  const i = derivative.firstIndex * count;
  const j = derivative.secondIndex * count;
  if (second === 0) for (let p = 0; p < count; p++) out[p] += first * harmonics[i + p] * radial[at + p];
  else
    for (let p = 0; p < count; p++) out[p] += (first * harmonics[i + p] + second * harmonics[j + p]) * radial[at + p];
}
