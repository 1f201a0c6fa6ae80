/**
 * The non-local part of GTH pseudopotentials, V_μν = Σ_A Σ_lm Σ_ij ⟨μ|p_i^lm⟩ h_ij^l ⟨p_j^lm|ν⟩ = (B h Bᵀ)_μν, with
 *
 *   p_i^lm = N r^(l+2i−2) exp(−½(r/r_l)²) Y_lm,   N = √2 / (r_l^(l+(4i−1)/2) √Γ(l+(4i−1)/2))
 *
 * and B_μp = Σ_T ⟨φ_μ(r − T)|p⟩ summed over all images of μ, so that the product has all images of both functions.
 */
import { primitiveNorm, type PlacedBasis } from "../basis/basis.js";
import { potentialOf, type GthProjectors, type Pseudopotentials } from "../basis/pseudopotential.js";
import { expandAxis } from "./shell-pair.js";
import { hermiteCount } from "./hermite.js";
import { multiplyTransposed } from "../math/linear-algebra.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { solidHarmonicPolynomials, type Monomial } from "../math/solid-harmonics.js";
import type { Structure } from "../structure/structure.js";
import type { LatticeImages } from "../structure/lattice-images.js";
import { productSize, reachOf, type PrimitivePair } from "./primitive-pair.js";
import { CARTESIAN, cartesianCount, primitiveSets, type PrimitiveSet } from "./primitive-set.js";

/** Products of functions with an integral below this are left out. */
const NEGLIGIBLE = 1e-13;

/** V_nl: [functions, functions], hartree; undefined when no element has projectors. */
export function nonlocalMatrix(
  basis: PlacedBasis,
  structure: Structure,
  pseudopotentials: Pseudopotentials,
  images: LatticeImages,
): Matrix | undefined {
  const projectors = placeProjectors(structure, pseudopotentials);
  const count = projectors.at(-1)?.end ?? 0;
  if (count === 0) return undefined;
  const overlaps = matrix(basis.size, count);
  const weighted = matrix(basis.size, count);
  const sets = primitiveSets(basis, structure);
  for (const projector of projectors) {
    for (let atom = 0; atom < structure.species.length; atom++)
      addOverlaps(
        sets.get(structure.species[atom])!,
        structure,
        images,
        atom,
        basis.atomFirst[atom],
        projector,
        overlaps,
      );
    timesStrengths(projector, overlaps, weighted);
  }
  return multiplyTransposed(false, true, weighted, overlaps);
}

/** The projectors of one atom and one l; column `first` + i (2l + 1) + m. */
interface PlacedProjectors {
  readonly atom: number;
  readonly first: number;
  readonly end: number;
  readonly channel: GthProjectors;
  /** [projectors (2l + 1)]: p without its Gaussian as a polynomial in x, y, z. */
  readonly polynomials: readonly (readonly Monomial[])[];
}

function placeProjectors(structure: Structure, pseudopotentials: Pseudopotentials): PlacedProjectors[] {
  const placed: PlacedProjectors[] = [];
  let first = 0;
  structure.species.forEach((z, atom) => {
    for (const channel of potentialOf(pseudopotentials, z).projectors) {
      const end = first + channel.h.length * (2 * channel.l + 1);
      placed.push({ atom, first, end, channel, polynomials: projectorPolynomials(channel) });
      first = end;
    }
  });
  return placed;
}

function projectorPolynomials({ l, radius, h }: GthProjectors): Monomial[][] {
  return h.flatMap((_, i) => {
    const factor = projectorNorm(l, i, radius);
    return solidHarmonicPolynomials(l).map((polynomial) => {
      let terms = polynomial.map((term) => ({ ...term, c: factor * term.c }));
      for (let square = 0; square < i; square++)
        terms = terms.flatMap(({ i: x, j: y, k: z, c }) => [
          { i: x + 2, j: y, k: z, c },
          { i: x, j: y + 2, k: z, c },
          { i: x, j: y, k: z + 2, c },
        ]);
      return terms;
    });
  });
}

/** N of projector i = 0, 1, …: that of the momentum l + 2i for the radial part r^(l+2i) exp(−½(r/r_l)²). */
function projectorNorm(l: number, i: number, radius: number): number {
  return primitiveNorm(l + 2 * i, 0.5 / radius ** 2);
}

const E = [0, 1, 2].map(() => new Float64Array(1024));

/** Adds ⟨φ_μ|p⟩ of the functions of `atom`, whose first is `row`, with all images. */
function addOverlaps(
  set: PrimitiveSet,
  { positions }: Structure,
  images: LatticeImages,
  atom: number,
  row: number,
  projector: PlacedProjectors,
  into: Matrix,
): void {
  const { channel, polynomials } = projector;
  const highest = channel.l + 2 * (channel.h.length - 1);
  const primitives = projectorPairs(set, channel);
  const size = (pair: PrimitivePair, r: number): number =>
    productSize(pair, r) * (Math.PI / (pair.alpha + pair.beta)) ** 1.5;
  const reach = Math.max(...primitives.map((pair) => reachOf((r) => size(pair, r), NEGLIGIBLE)));
  const d = [0, 1, 2].map((k) => positions[3 * projector.atom + k] - positions[3 * atom + k]);
  const near = images.within(d[0], d[1], d[2], reach);
  const sums = new Float64Array(set.cartesians * polynomials.length);
  for (let k = 0; k < near.length; k += 3) {
    const r = Math.hypot(near[k], near[k + 1], near[k + 2]);
    for (const pair of primitives) {
      if (size(pair, r) < NEGLIGIBLE) continue;
      const { alpha, beta, la } = pair;
      for (let axis = 0; axis < 3; axis++) expandAxis(la, highest, alpha, beta, -near[k + axis], E[axis]);
      addPrimitive(set, pair, highest, polynomials, sums);
    }
  }
  writeSpherical(set, sums, polynomials.length, row, projector.first, into);
}

function projectorPairs(set: PrimitiveSet, { l, radius, h }: GthProjectors): PrimitivePair[] {
  const beta = 0.5 / radius ** 2;
  const amplitudesB = Array<number>(l + 2 * h.length - 1).fill(0);
  h.forEach((_, i) => (amplitudesB[l + 2 * i] = projectorNorm(l, i, radius)));
  return [...set.exponents].map((alpha, first) => ({
    first,
    second: 0,
    alpha,
    beta,
    la: set.momenta[first],
    lb: l + 2 * (h.length - 1),
    amplitudesA: set.amplitudes[first],
    amplitudesB,
  }));
}

/** Adds the overlaps of one primitive, from the E of the axes, to all Cartesian functions that contain it. */
function addPrimitive(
  set: PrimitiveSet,
  { first, alpha, beta, la }: PrimitivePair,
  highest: number,
  polynomials: readonly (readonly Monomial[])[],
  into: Float64Array,
): void {
  const [ex, ey, ez] = E;
  const width = la + highest + 1;
  const at = (i: number, j: number): number => (i * (highest + 1) + j) * width;
  const volume = (Math.PI / (alpha + beta)) ** 1.5;
  for (const { l, firstCartesian, factors } of set.shells) {
    const f = factors[first] * volume;
    if (f === 0) continue;
    const start = hermiteCount(l - 1);
    for (let c = 0; c < cartesianCount(l); c++) {
      const [x, y, z] = [CARTESIAN.x[start + c], CARTESIAN.y[start + c], CARTESIAN.z[start + c]];
      polynomials.forEach((polynomial, p) => {
        let sum = 0;
        for (const term of polynomial) sum += term.c * ex[at(x, term.i)] * ey[at(y, term.j)] * ez[at(z, term.k)];
        into[(firstCartesian + c) * polynomials.length + p] += f * sum;
      });
    }
  }
}

function writeSpherical(
  set: PrimitiveSet,
  sums: Float64Array,
  width: number,
  row: number,
  column: number,
  into: Matrix,
): void {
  for (const { first, firstCartesian, spherical } of set.shells)
    for (let m = 0; m < spherical.rows; m++)
      for (let c = 0; c < spherical.columns; c++)
        for (let p = 0; p < width; p++)
          into.data[(row + first + m) * into.columns + column + p] +=
            spherical.data[m * spherical.columns + c] * sums[(firstCartesian + c) * width + p];
}

/** The columns of one atom and l times h. */
function timesStrengths({ channel: { l, h }, first }: PlacedProjectors, overlaps: Matrix, into: Matrix): void {
  const width = 2 * l + 1;
  for (let mu = 0; mu < overlaps.rows; mu++) {
    const row = mu * overlaps.columns + first;
    for (let i = 0; i < h.length; i++)
      for (let j = 0; j < h.length; j++)
        for (let m = 0; m < width; m++) into.data[row + i * width + m] += h[i][j] * overlaps.data[row + j * width + m];
  }
}
