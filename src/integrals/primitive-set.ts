/**
 * The functions of an element by their primitives: the shells of MOLOPT sets share exponents, so that integrals of all
 * of them come from those of n primitives exp(−αr²) with Cartesian factors x^i y^j z^k up to the highest l.
 */
import type { PlacedBasis } from "../basis/basis.js";
import { forEachHermite, hermiteCount, hermiteIndex } from "./hermite.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { solidHarmonicPolynomials } from "../math/solid-harmonics.js";
import type { Structure } from "../structure/structure.js";

export interface PrimitiveSet {
  readonly exponents: Float64Array;
  /** Highest l of the shells that contain each primitive. */
  readonly momenta: Int32Array;
  /** [primitives][l]: the largest |factor| with which a primitive enters a shell of each l. */
  readonly amplitudes: readonly (readonly number[])[];
  readonly shells: readonly PrimitiveShell[];
  /** Number of spherical and of Cartesian functions of all shells. */
  readonly functions: number;
  readonly cartesians: number;
}

export interface PrimitiveShell {
  readonly l: number;
  /** First function and first Cartesian function of the shell among those of the atom. */
  readonly first: number;
  readonly firstCartesian: number;
  /** What multiplies S_lm exp(−αr²) of each primitive: [primitives]. */
  readonly factors: Float64Array;
  /** S_lm over the Cartesian factors of degree l: [2l + 1, cartesianCount(l)]. */
  readonly spherical: Matrix;
}

/** The set of each element of `structure` (key: atomic number), from `basis` placed on it. */
export function primitiveSets(basis: PlacedBasis, { species }: Structure): Map<number, PrimitiveSet> {
  const sets = new Map<number, PrimitiveSet>();
  species.forEach((z, atom) => {
    if (!sets.has(z)) sets.set(z, primitiveSet(basis, atom));
  });
  return sets;
}

function primitiveSet(basis: PlacedBasis, atom: number): PrimitiveSet {
  const placed = basis.shells.filter((shell) => shell.atom === atom);
  const exponents = [...new Set(placed.flatMap((shell) => [...shell.exponents]))].toSorted((a, b) => b - a);
  let cartesians = 0;
  const shells = placed.map((shell) => {
    const factors = Float64Array.from(exponents, (alpha) => {
      const p = shell.exponents.indexOf(alpha);
      return p < 0 ? 0 : shell.factors[p];
    });
    const firstCartesian = cartesians;
    cartesians += cartesianCount(shell.l);
    return {
      l: shell.l,
      first: shell.first - basis.atomFirst[atom],
      firstCartesian,
      factors,
      spherical: sphericalTransform(shell.l),
    };
  });
  const lmax = Math.max(...shells.map(({ l }) => l));
  const amplitudes = exponents.map((_, p) =>
    Array.from({ length: lmax + 1 }, (__, l) =>
      Math.max(0, ...shells.filter((shell) => shell.l === l).map(({ factors }) => Math.abs(factors[p]))),
    ),
  );
  return {
    exponents: Float64Array.from(exponents),
    momenta: Int32Array.from(amplitudes, (byMomentum) => byMomentum.findLastIndex((amplitude) => amplitude > 0)),
    amplitudes,
    shells,
    functions: basis.atomFirst[atom + 1] - basis.atomFirst[atom],
    cartesians,
  };
}

/** Number of x^i y^j z^k with i + j + k = l. */
export function cartesianCount(l: number): number {
  return hermiteCount(l) - hermiteCount(l - 1);
}

/** The powers i, j, k of x^i y^j z^k up to degree 8, numbered by `hermiteIndex`. */
export const CARTESIAN = cartesianPowers(8);

function cartesianPowers(most: number): { readonly x: Int32Array; readonly y: Int32Array; readonly z: Int32Array } {
  const count = hermiteCount(most);
  const powers = { x: new Int32Array(count), y: new Int32Array(count), z: new Int32Array(count) };
  let at = 0;
  forEachHermite(most, (i, j, k) => {
    powers.x[at] = i;
    powers.y[at] = j;
    powers.z[at++] = k;
  });
  return powers;
}

function sphericalTransform(l: number): Matrix {
  const result = matrix(2 * l + 1, cartesianCount(l));
  const start = hermiteCount(l - 1);
  solidHarmonicPolynomials(l).forEach((polynomial, m) => {
    for (const { i, j, k, c } of polynomial) result.data[m * result.columns + hermiteIndex(i, j, k) - start] += c;
  });
  return result;
}
