/**
 * Overlap, kinetic energy and short-range local pseudopotential of an orbital basis at the Γ point: every function is
 * summed over its periodic images, so that
 *
 *   A_μν = Σ_T ⟨φ_μ(r)| A |φ_ν(r − T)⟩
 *
 * over all translations within reach. Atom pairs without and with images are done alike; an atom with the images of
 * itself as well. Cost and memory beside the matrices are linear in the number of atoms.
 */
import type { PlacedBasis } from "../basis/basis.js";
import type { Pseudopotentials } from "../basis/pseudopotential.js";
import { hermiteCount } from "./hermite.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import { speciesOf, type Structure } from "../structure/structure.js";
import {
  coreIntegrals,
  coreReach,
  coresNear,
  writeCorePotential,
  type CoreIntegrals,
  type NearCores,
} from "./core-potential.js";
import type { LatticeImages } from "../structure/lattice-images.js";
import {
  cartesianIntegrals,
  primitivePairs,
  productSize,
  reachOf,
  writePrimitivePair,
  type CartesianIntegrals,
  type PrimitivePair,
} from "./primitive-pair.js";
import { cartesianCount, primitiveSets, type PrimitiveSet } from "./primitive-set.js";

export interface LatticeIntegrals {
  /** S: [functions, functions]; the diagonal is not exactly 1 where a function overlaps with its images. */
  readonly overlap: Matrix;
  /** T = −½⟨μ|∇²|ν⟩, hartree. */
  readonly kinetic: Matrix;
  /** ⟨μ|Σ_A exp(−r²/2r_loc²) Σ_k C_k (r/r_loc)^(2k−2)|ν⟩, hartree. */
  readonly localShortRange: Matrix;
}

/** Products of primitives with ∫|χ_a χ_b| below this are left out. */
const NEGLIGIBLE = 1e-13;

export async function latticeIntegrals(
  basis: PlacedBasis,
  structure: Structure,
  pseudopotentials: Pseudopotentials,
  images: LatticeImages,
  options?: RunOptions,
): Promise<LatticeIntegrals> {
  const { species, positions } = structure;
  const sets = primitiveSets(basis, structure);
  const elementPairs = pairsOfElements(sets, structure, pseudopotentials);
  const result = {
    overlap: matrix(basis.size, basis.size),
    kinetic: matrix(basis.size, basis.size),
    localShortRange: matrix(basis.size, basis.size),
  };
  for (let i = 0; i < species.length; i++) {
    await checkpoint(options, { stage: "lattice sums", done: i, total: species.length });
    const radius = Math.max(...speciesOf([structure]).map((z) => elementPairs(species[i], z).coreRadius));
    const cores = coresNear(structure, images, i, radius);
    for (let j = 0; j <= i; j++) {
      const pair = elementPairs(species[i], species[j]);
      const d = [0, 1, 2].map((k) => positions[3 * j + k] - positions[3 * i + k]);
      const displacements = images.within(d[0], d[1], d[2], pair.reach);
      if (displacements.length === 0) continue;
      pair.sums.fill(0);
      for (let k = 0; k < displacements.length; k += 3) addImage(pair, displacements.subarray(k, k + 3), cores);
      const [overlap, kinetic, local] = pair.blocks;
      writeBlock(pair, overlap, result.overlap, basis.atomFirst[i], basis.atomFirst[j]);
      writeBlock(pair, kinetic, result.kinetic, basis.atomFirst[i], basis.atomFirst[j]);
      writeBlock(pair, local, result.localShortRange, basis.atomFirst[i], basis.atomFirst[j]);
    }
  }
  return result;
}

/** Two elements: what their atom pairs share. */
interface ElementPair {
  readonly a: PrimitiveSet;
  readonly b: PrimitiveSet;
  readonly primitives: readonly (PrimitivePair & { readonly cores: CoreIntegrals })[];
  /** Largest distance at which two atoms overlap. */
  readonly reach: number;
  /** Largest distance from the first atom of a core that their products see. */
  readonly coreRadius: number;
  /** Sums over primitives and images in Cartesian functions, S, T, V: [3, cartesians of a, cartesians of b]. */
  readonly sums: Float64Array;
  readonly blocks: readonly [Float64Array, Float64Array, Float64Array];
}

function pairsOfElements(
  sets: ReadonlyMap<number, PrimitiveSet>,
  structure: Structure,
  pseudopotentials: Pseudopotentials,
): (first: number, second: number) => ElementPair {
  const pairs = new Map<number, ElementPair>();
  for (const [za, a] of sets)
    for (const [zb, b] of sets) {
      const primitives = primitivePairs(a, b).map((pair) => ({
        ...pair,
        cores: coreIntegrals(pseudopotentials, structure, pair.alpha + pair.beta, pair.la + pair.lb),
      }));
      const size = a.cartesians * b.cartesians;
      const sums = new Float64Array(3 * size);
      const reach = Math.max(...primitives.map((pair) => reachOf((r) => absoluteOverlap(pair, r), NEGLIGIBLE)));
      pairs.set(za * 256 + zb, {
        a,
        b,
        primitives,
        reach,
        coreRadius: Math.max(...primitives.map((pair) => coreRadius(pair, reach))),
        sums,
        blocks: [sums.subarray(0, size), sums.subarray(size, 2 * size), sums.subarray(2 * size)],
      });
    }
  return (first, second) => pairs.get(first * 256 + second)!;
}

function absoluteOverlap(pair: PrimitivePair, r: number): number {
  return productSize(pair, r) * (Math.PI / (pair.alpha + pair.beta)) ** 1.5;
}

/** The largest distance of P plus reach of the cores from P, over all distances of the atoms; P moves by less than a step. */
function coreRadius(pair: PrimitivePair & { readonly cores: CoreIntegrals }, reach: number): number {
  const step = 0.5;
  let radius = 0;
  for (let r = 0; r < reach && absoluteOverlap(pair, r) > NEGLIGIBLE; r += step)
    radius = Math.max(
      radius,
      (pair.beta * (r + step)) / (pair.alpha + pair.beta) + coreReach(pair.cores, productSize(pair, r)),
    );
  return radius;
}

const CARTESIANS: CartesianIntegrals = cartesianIntegrals();
const POTENTIAL = new Float64Array(hermiteCount(8));

/** Adds the integrals with the second atom at `d` from the first. */
function addImage({ a, b, primitives, blocks }: ElementPair, d: Float64Array, cores: NearCores): void {
  const r = Math.hypot(d[0], d[1], d[2]);
  for (const pair of primitives) {
    if (absoluteOverlap(pair, r) < NEGLIGIBLE) continue;
    const share = pair.beta / (pair.alpha + pair.beta);
    writeCorePotential(pair.cores, cores, share * d[0], share * d[1], share * d[2], productSize(pair, r), POTENTIAL);
    writePrimitivePair(pair, d, POTENTIAL, CARTESIANS);
    addContraction(a, b, pair, CARTESIANS.overlap, blocks[0]);
    addContraction(a, b, pair, CARTESIANS.kinetic, blocks[1]);
    addContraction(a, b, pair, CARTESIANS.potential, blocks[2]);
  }
}

/** Adds a primitive pair to all contracted functions that contain it. */
function addContraction(
  a: PrimitiveSet,
  b: PrimitiveSet,
  { first, second, lb }: PrimitivePair,
  from: Float64Array,
  into: Float64Array,
): void {
  const width = hermiteCount(lb);
  for (const shellA of a.shells) {
    const fa = shellA.factors[first];
    if (fa === 0) continue;
    const startA = hermiteCount(shellA.l - 1);
    const countA = cartesianCount(shellA.l);
    for (const shellB of b.shells) {
      const f = fa * shellB.factors[second];
      if (f === 0) continue;
      const startB = hermiteCount(shellB.l - 1);
      const countB = cartesianCount(shellB.l);
      for (let ca = 0; ca < countA; ca++) {
        const row = (startA + ca) * width + startB;
        const to = (shellA.firstCartesian + ca) * b.cartesians + shellB.firstCartesian;
        for (let cb = 0; cb < countB; cb++) into[to + cb] += f * from[row + cb];
      }
    }
  }
}

/** Cartesian → spherical; writes both triangles. */
function writeBlock(
  { a, b }: ElementPair,
  block: Float64Array,
  into: Matrix,
  firstRow: number,
  firstColumn: number,
): void {
  const n = into.columns;
  for (const shellA of a.shells) {
    const ta = shellA.spherical;
    for (const shellB of b.shells) {
      const tb = shellB.spherical;
      for (let ma = 0; ma < ta.rows; ma++)
        for (let mb = 0; mb < tb.rows; mb++) {
          let sum = 0;
          for (let ca = 0; ca < ta.columns; ca++) {
            const fa = ta.data[ma * ta.columns + ca];
            if (fa === 0) continue;
            const row = (shellA.firstCartesian + ca) * b.cartesians + shellB.firstCartesian;
            let inner = 0;
            for (let cb = 0; cb < tb.columns; cb++) inner += tb.data[mb * tb.columns + cb] * block[row + cb];
            sum += fa * inner;
          }
          const i = firstRow + shellA.first + ma;
          const j = firstColumn + shellB.first + mb;
          into.data[i * n + j] = sum;
          into.data[j * n + i] = sum;
        }
    }
  }
}
