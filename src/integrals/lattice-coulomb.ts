/**
 * The Coulomb metric of a crystal with a neutralising background,
 *
 *   J_PQ = (4π/V) Σ_{G≠0} χ̂_P*(G) χ̂_Q(G)/G²,
 *
 * split as in Ewald's sum (Ann. Phys. 369, 253 (1921), doi:10.1002/andp.19213690304): with χ̃ the function smeared to the
 * width η and the same multipole moment,
 *
 *   J_PQ = Σ_T [(χ_P|χ_Q^T) − (χ̃_P|χ̃_Q^T)] + K_PQ + (4π/V)(q_P w̃_Q + w̃_P q_Q)
 *
 * The bracket is short-ranged, K is the reciprocal sum of the smeared functions, and the last term is what the bracket
 * has at G = 0: q + w̃G² + … is the difference of the transforms of an s function, w̃ = Σ q (1/4γ − 1/4e) over its primitives.
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { cellVolume } from "../structure/cell.js";
import { latticeImages } from "../structure/lattice-images.js";
import { latticeTwoCenter } from "./lattice-two-center.js";
import { reciprocalCoulomb } from "./reciprocal-sum.js";
import { momentOf, smearedBasis, type SmearedBasis } from "./smeared-multipoles.js";

/** Terms of either sum below this are left out. */
const NEGLIGIBLE = 1e-12;

/**
 * J: [functions, functions], hartree, exactly symmetric. `vectors`: lattice vectors, rows, bohr. The result does not
 * depend on `eta` (bohr⁻²), only its cost does.
 */
export function latticeCoulombMetric(
  basis: PlacedBasis,
  vectors: Float64Array,
  eta = balancedWidth(cellVolume(vectors)),
): Matrix {
  const smeared = smearedBasis(basis, eta);
  const images = latticeImages(vectors);
  const reach = shortRange(smeared);
  const result = latticeTwoCenter("coulomb", basis, images, () => reach);
  const far = reciprocalCoulomb(smeared.basis, vectors, reciprocalRange(smeared));
  const near = latticeTwoCenter("coulomb", smeared.basis, images, () => reach);
  for (let i = 0; i < far.data.length; i++) far.data[i] -= near.data[i];
  addSmeared(smeared, basis, far, result);
  addBackground(basis, eta, cellVolume(vectors), result);
  return result;
}

/** Real and reciprocal sums cost the same where η V^(2/3) is about 70: measured for 32 and 64 water molecules. */
function balancedWidth(volume: number): number {
  return Math.min(1, 70 * volume ** (-2 / 3));
}

/** The largest |factor| of the smeared functions of each l. */
function largestFactors({ basis, parts }: SmearedBasis): number[] {
  const momentum = new Map(basis.shells.map(({ first, l }) => [first, l]));
  const largest: number[] = [];
  for (const { first, factor } of parts.flat()) {
    const l = momentum.get(first)!;
    largest[l] = Math.max(largest[l] ?? 0, Math.abs(factor));
  }
  return Array.from(largest, (factor) => factor ?? 0);
}

/** R beyond which the bracket is negligible: it decays as exp(−μR²) with the μ of the two widest smeared functions. */
function shortRange(smeared: SmearedBasis): number {
  const exponents = smeared.basis.shells.map((shell) => shell.exponents[0]);
  const [smallest, largest] = [Math.min(...exponents), Math.max(...exponents)];
  const mu = (smallest * largest) / (smallest + largest);
  const factors = largestFactors(smeared);
  const bound = (r: number): number =>
    factors.reduce((sum, factor, l) => sum + factor * (2 * mu * r) ** l, 0) ** 2 * Math.exp(-mu * r * r);
  let r = 1 / Math.sqrt(mu);
  while (bound(r) > NEGLIGIBLE) r += 0.1;
  return r;
}

/** |G| beyond which the reciprocal sum is negligible. */
function reciprocalRange(smeared: SmearedBasis): number {
  const largest = Math.max(...smeared.basis.shells.map((shell) => shell.exponents[0]));
  const factors = largestFactors(smeared);
  const bound = (g: number): number =>
    factors.reduce((sum, factor, l) => sum + factor * g ** l, 0) ** 2 * Math.exp((-0.5 * g * g) / largest);
  let g = Math.sqrt(largest);
  while (bound(g) > NEGLIGIBLE) g += 0.02;
  return g;
}

/** J_PQ += Σ_cd F_Pc K_cd F_Qd. */
function addSmeared({ basis: smeared, parts }: SmearedBasis, basis: PlacedBasis, k: Matrix, into: Matrix): void {
  const wide = matrix(basis.size, smeared.size); // F K
  forEachPart(basis, parts, (p, c, factor) => {
    const [from, to] = [c * smeared.size, p * smeared.size];
    for (let d = 0; d < smeared.size; d++) wide.data[to + d] += factor * k.data[from + d];
  });
  const [columns, sources, factors]: [number[], number[], number[]] = [[], [], []];
  forEachPart(basis, parts, (q, d, factor) => {
    columns.push(q);
    sources.push(d);
    factors.push(factor);
  });
  const [q, d, f] = [Int32Array.from(columns), Int32Array.from(sources), Float64Array.from(factors)];
  for (let p = 0; p < basis.size; p++) {
    const [row, from] = [p * basis.size, p * smeared.size];
    for (let i = 0; i < f.length; i++) into.data[row + q[i]] += f[i] * wide.data[from + d[i]];
  }
  // F K Fᵀ of the two triangles differ by rounding.
  for (let i = 0; i < basis.size; i++)
    for (let j = 0; j < i; j++) into.data[j * basis.size + i] = into.data[i * basis.size + j];
}

function forEachPart(
  { shells }: PlacedBasis,
  parts: SmearedBasis["parts"],
  visit: (p: number, c: number, factor: number) => void,
): void {
  shells.forEach(({ l, first }, s) => {
    for (const part of parts[s]) for (let m = 0; m <= 2 * l; m++) visit(first + m, part.first + m, part.factor);
  });
}

/** J_PQ += (4π/V)(q_P w̃_Q + w̃_P q_Q) of s functions. */
function addBackground(basis: PlacedBasis, eta: number, volume: number, into: Matrix): void {
  const spherical = basis.shells
    .filter((shell) => shell.l === 0)
    .map((shell) => ({ first: shell.first, ...charges(shell, eta) }));
  for (const a of spherical)
    for (const b of spherical)
      into.data[a.first * basis.size + b.first] +=
        ((4 * Math.PI) / volume) * (a.charge * b.spread + a.spread * b.charge);
}

/** q and w̃ of an s shell. */
function charges({ exponents, factors }: PlacedShell, eta: number): { charge: number; spread: number } {
  let [charge, spread] = [0, 0];
  exponents.forEach((gamma, q) => {
    const share = (factors[q] * momentOf(0, gamma)) / Math.sqrt(4 * Math.PI);
    charge += share;
    spread += 0.25 * share * (1 / gamma - 1 / Math.min(gamma, eta));
  });
  return { charge, spread };
}
