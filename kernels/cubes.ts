// Values of the functions of one atom on a block of a uniform grid, r_ijk = d + i a + j b + k c from the atom.
//
//   exp(−α r²) = [exp(−α d²) u_a^i] [u_b^j u_c^k] T_ijk,   u_a = exp(−2α d·a),   T_ijk = exp(−α |i a + j b + k c|²)
//
// T belongs to the grid and the exponent, so an exponential of a point costs two products, in any cell. Points of one i
// are a slab of n₂ n₃ ≤ 64 that stays in the first-level cache; rows of the work area are as in gaussians.ts.

import { expMinus, harmonicsAbove } from "./gaussians";

const ROW: usize = 512;
const HARMONICS: usize = 6 * ROW;

/** exp(−x), 0 where it underflows. Math.exp has a table in the memory that belongs to others here. */
@inline
function decay(x: f64): f64 {
  return x > 700 ? 0 : f64x2.extract_lane(expMinus(f64x2.splat(x)), 0);
}

/** Powers of u along one direction: `count` numbers at `to`. */
@inline
function powers(u: f64, count: i32, to: usize): void {
  let power = 1.0;
  for (let i = 0; i < count; i++, power *= u) store<f64>(to + (<usize>i << 3), power);
}

/**
 * `lattice`: a, b, c, d, three numbers each. `primitives`: exponent and address of T for each of `primitiveCount`.
 * `shells`: l, number of terms, address of the first row for the values, then index of the primitive and factor for each
 * term. Rows are `row` bytes apart; `add` is 1 to add to what is there. `work` has room for 6 + (lmax + 1)² + 2 P rows.
 */
export function functionsOnCube(
  n1: i32,
  n2: i32,
  n3: i32,
  lattice: usize,
  lmax: i32,
  primitives: usize,
  primitiveCount: i32,
  shells: usize,
  shellCount: i32,
  row: usize,
  add: i32,
  work: usize,
): void {
  const harmonics = <usize>((lmax + 1) * (lmax + 1));
  const inSlab = work + HARMONICS + harmonics * ROW; // [P] u_b^j u_c^k
  const weights = inSlab + <usize>primitiveCount * ROW; // [P] exponentials on the slab
  prepareSlab(n2, n3, lattice, primitives, primitiveCount, inSlab, work);
  const slab = n2 * n3;
  const bytes = <usize>slab << 3;
  for (let i = 0; i < n1; i++) {
    placeSlab(i, n2, n3, lattice, work);
    harmonicsAbove(lmax, (bytes + 8) & ~15, work);
    exponentials(i, slab, lattice, primitives, primitiveCount, inSlab, weights);
    let at = shells;
    for (let s = 0; s < shellCount; s++) {
      const l = <i32>load<f64>(at);
      const terms = <i32>load<f64>(at, 8);
      const to = <usize>load<f64>(at, 16) + <usize>i * bytes;
      writeShell(l, terms, at + 24, to, row, slab, add, weights, work);
      at += 24 + (<usize>terms << 4);
    }
  }
}

@inline
function dot(x: usize, y: usize): f64 {
  return load<f64>(x) * load<f64>(y) + load<f64>(x, 8) * load<f64>(y, 8) + load<f64>(x, 16) * load<f64>(y, 16);
}

/** u_b^j u_c^k of each primitive. */
function prepareSlab(
  n2: i32,
  n3: i32,
  lattice: usize,
  primitives: usize,
  primitiveCount: i32,
  inSlab: usize,
  work: usize,
): void {
  const d = lattice + 72;
  const db = dot(d, lattice + 24);
  const dc = dot(d, lattice + 48);
  for (let p = 0; p < primitiveCount; p++) {
    const alpha = load<f64>(primitives + (<usize>p << 4));
    const ub = decay(2 * alpha * db);
    powers(decay(2 * alpha * dc), n3, work);
    let to = inSlab + <usize>p * ROW;
    let power = 1.0;
    for (let j = 0; j < n2; j++, power *= ub)
      for (let k = 0; k < n3; k++, to += 8) store<f64>(to, power * load<f64>(work + (<usize>k << 3)));
  }
}

/** Displacements, their squares and the lowest harmonic. */
function placeSlab(i: i32, n2: i32, n3: i32, lattice: usize, work: usize): void {
  const x0 = load<f64>(lattice, 72) + <f64>i * load<f64>(lattice);
  const y0 = load<f64>(lattice, 80) + <f64>i * load<f64>(lattice, 8);
  const z0 = load<f64>(lattice, 88) + <f64>i * load<f64>(lattice, 16);
  let to = work;
  for (let j = 0; j < n2; j++) {
    const xj = x0 + <f64>j * load<f64>(lattice, 24);
    const yj = y0 + <f64>j * load<f64>(lattice, 32);
    const zj = z0 + <f64>j * load<f64>(lattice, 40);
    for (let k = 0; k < n3; k++, to += 8) {
      const x = xj + <f64>k * load<f64>(lattice, 48);
      const y = yj + <f64>k * load<f64>(lattice, 56);
      const z = zj + <f64>k * load<f64>(lattice, 64);
      store<f64>(to, x);
      store<f64>(to, y, ROW);
      store<f64>(to, z, 2 * ROW);
      store<f64>(to, x * x + y * y + z * z, 3 * ROW);
      store<f64>(to, 0.28209479177387814, HARMONICS);
    }
  }
}

function exponentials(
  i: i32,
  slab: i32,
  lattice: usize,
  primitives: usize,
  primitiveCount: i32,
  inSlab: usize,
  weights: usize,
): void {
  const d = lattice + 72;
  const dd = dot(d, d) + 2 * <f64>i * dot(d, lattice);
  const bytes = <usize>slab << 3;
  for (let p = 0; p < primitiveCount; p++) {
    const alpha = load<f64>(primitives + (<usize>p << 4));
    const table = <usize>load<f64>(primitives + (<usize>p << 4), 8) + <usize>i * bytes;
    const first = f64x2.splat(decay(alpha * dd));
    const from = inSlab + <usize>p * ROW;
    const to = weights + <usize>p * ROW;
    for (let q: usize = 0; q < bytes; q += 16)
      v128.store(to + q, f64x2.mul(f64x2.mul(first, v128.load(from + q)), v128.load(table + q)));
  }
}

/** R S_lm on a slab, R = Σ factor × exponential. */
function writeShell(
  l: i32,
  terms: i32,
  list: usize,
  to: usize,
  row: usize,
  slab: i32,
  add: i32,
  weights: usize,
  work: usize,
): void {
  const bytes = <usize>slab << 3;
  const whole = bytes & ~15;
  const radial = work + 4 * ROW;
  for (let t = 0; t < terms; t++) {
    const weight = weights + <usize>load<f64>(list + (<usize>t << 4)) * ROW;
    const factor = v128.load64_splat(list + (<usize>t << 4), 8);
    if (t === 0)
      for (let q: usize = 0; q < bytes; q += 16) v128.store(radial + q, f64x2.mul(factor, v128.load(weight + q)));
    else
      for (let q: usize = 0; q < bytes; q += 16)
        v128.store(radial + q, f64x2.add(v128.load(radial + q), f64x2.mul(factor, v128.load(weight + q))));
  }
  for (let lm = l * l; lm < (l + 1) * (l + 1); lm++, to += row) {
    const s = work + HARMONICS + <usize>lm * ROW;
    if (add)
      for (let q: usize = 0; q < whole; q += 16)
        v128.store(to + q, f64x2.add(v128.load(to + q), f64x2.mul(v128.load(radial + q), v128.load(s + q))));
    else
      for (let q: usize = 0; q < whole; q += 16)
        v128.store(to + q, f64x2.mul(v128.load(radial + q), v128.load(s + q)));
    if (slab & 1)
      store<f64>(to + whole, (add ? load<f64>(to + whole) : 0) + load<f64>(radial + whole) * load<f64>(s + whole));
  }
}
