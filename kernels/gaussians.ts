// Atom-centred Gaussians on points: the functions of one atom and their gradients, or the density that they expand.
//
//   χ = R(r²) S_lm,   R = Σ_q f_q exp(−α_q r²),   ∇χ = R ∇S_lm + S_lm R' r,   R' = −2 Σ_q α_q f_q exp(−α_q r²)
//
// Points are worked on in chunks whose rows of intermediates stay in the first-level cache, two at a time in registers.
// Shells are described by doubles one after another: l, number of primitives, exponents, factors, and for densities the
// 2l + 1 coefficients. `slopes` tells ∂S along x, y and z for each harmonic: index, factor, index, factor.

const CHUNK: i32 = 64;
const ROW: usize = 512;

// Rows of the work area.
const Y: usize = ROW;
const Z: usize = 2 * ROW;
const R2: usize = 3 * ROW;
const VALUE: usize = 4 * ROW;
const SLOPE: usize = 5 * ROW;
const HARMONICS: usize = 6 * ROW;

const LOG2E: f64 = 1.4426950408889634;
const LN2_HIGH: f64 = 0.693147180369123816490;
const LN2_LOW: f64 = 1.90821492927058770002e-10;
const ROUND: f64 = 6755399441055744; // 1.5 · 2^52: integers stand in the last bits of what it is added to

/** Terms with α r² beyond this are below 1e-24 and left out. */
const LARGEST_EXPONENT: f64 = 56;

@inline
function madd(a: v128, b: v128, c: f64): v128 {
  return f64x2.add(f64x2.mul(a, b), f64x2.splat(c));
}

/** exp(−x), |x| ≤ 700: 2^k exp(r) with |r| ≤ ½ ln 2, by the Taylor series to order 13 (4e-18). */
@inline
export function expMinus(x: v128): v128 {
  const shifted = f64x2.sub(f64x2.splat(ROUND), f64x2.mul(x, f64x2.splat(LOG2E)));
  const k = f64x2.sub(shifted, f64x2.splat(ROUND));
  const r = f64x2.sub(
    f64x2.neg(f64x2.add(x, f64x2.mul(k, f64x2.splat(LN2_HIGH)))),
    f64x2.mul(k, f64x2.splat(LN2_LOW)),
  );
  const square = f64x2.mul(r, r);
  const fourth = f64x2.mul(square, square);
  const a = f64x2.add(madd(r, f64x2.splat(1.0), 1.0), f64x2.mul(square, madd(r, f64x2.splat(1.0 / 6), 0.5)));
  const b = f64x2.add(madd(r, f64x2.splat(1.0 / 120), 1.0 / 24), f64x2.mul(square, madd(r, f64x2.splat(1.0 / 5040), 1.0 / 720)));
  const c = f64x2.add(
    madd(r, f64x2.splat(1.0 / 362880), 1.0 / 40320),
    f64x2.mul(square, madd(r, f64x2.splat(1.0 / 39916800), 1.0 / 3628800)),
  );
  const d = madd(r, f64x2.splat(1.0 / 6227020800), 1.0 / 479001600);
  const series = f64x2.add(a, f64x2.mul(fourth, f64x2.add(b, f64x2.mul(fourth, f64x2.add(c, f64x2.mul(fourth, d))))));
  return f64x2.mul(series, i64x2.shl(i64x2.add(shifted, i64x2.splat(1023)), 52));
}

/** Displacements from the centre (x, y, z at `centre`), their squares and all harmonics up to lmax. */
function around(centre: usize, points: usize, stride: usize, bytes: usize, lmax: i32, work: usize): void {
  const x = v128.load64_splat(centre);
  const y = v128.load64_splat(centre, 8);
  const z = v128.load64_splat(centre, 16);
  const lowest = f64x2.splat(0.28209479177387814);
  for (let p: usize = 0; p < bytes; p += 16) {
    const dx = f64x2.sub(v128.load(points + p), x);
    const dy = f64x2.sub(v128.load(points + p + stride), y);
    const dz = f64x2.sub(v128.load(points + p + 2 * stride), z);
    v128.store(work + p, dx);
    v128.store(work + p, dy, Y);
    v128.store(work + p, dz, Z);
    v128.store(work + p, f64x2.add(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)), f64x2.mul(dz, dz)), R2);
    v128.store(work + p, lowest, HARMONICS);
  }
  harmonicsAbove(lmax, bytes, work);
}

/** All harmonics from l = 1 to lmax, where the displacements, their squares and the harmonic of l = 0 are there. */
export function harmonicsAbove(lmax: i32, bytes: usize, work: usize): void {
  for (let m = 1; m <= lmax; m++) highest(m, bytes, work);
  for (let m = 0; m <= lmax; m++) for (let l = m + 1; l <= lmax; l++) upwards(l, m, bytes, work);
}

@inline
function harmonicRow(work: usize, l: i32, m: i32): usize {
  return work + HARMONICS + <usize>(l * l + l + m) * ROW;
}

/** S_m,±m from S_m−1,±(m−1), the real and imaginary parts of a power of x + iy. */
function highest(m: i32, bytes: usize, work: usize): void {
  const factor = f64x2.splat(Math.sqrt(<f64>(2 * m + 1) / <f64>(2 * m)) * (m === 1 ? Math.SQRT2 : 1.0));
  const re = harmonicRow(work, m - 1, m - 1);
  const im = harmonicRow(work, m - 1, 1 - m);
  const outRe = harmonicRow(work, m, m);
  const outIm = harmonicRow(work, m, -m);
  for (let p: usize = 0; p < bytes; p += 16) {
    const x = f64x2.mul(factor, v128.load(work + p));
    const y = f64x2.mul(factor, v128.load(work + p, Y));
    const a = v128.load(re + p);
    const b = m === 1 ? f64x2.splat(0) : v128.load(im + p);
    v128.store(outRe + p, f64x2.sub(f64x2.mul(a, x), f64x2.mul(b, y)));
    v128.store(outIm + p, f64x2.add(f64x2.mul(b, x), f64x2.mul(a, y)));
  }
}

/** S_l,±m = a (z S_l−1,±m − b r² S_l−2,±m). */
function upwards(l: i32, m: i32, bytes: usize, work: usize): void {
  const k = l - 1;
  const a = f64x2.splat(Math.sqrt(<f64>(4 * l * l - 1) / <f64>(l * l - m * m)));
  const b = f64x2.splat(k > m ? Math.sqrt(<f64>(k * k - m * m) / <f64>(4 * k * k - 1)) : 0);
  for (let sign = m === 0 ? 1 : -1; sign <= 1; sign += 2) {
    const from = harmonicRow(work, k, sign * m);
    const before = k > m ? harmonicRow(work, k - 1, sign * m) : from;
    const to = harmonicRow(work, l, sign * m);
    for (let p: usize = 0; p < bytes; p += 16) {
      const z = v128.load(work + p, Z);
      const r2 = v128.load(work + p, R2);
      const s = f64x2.sub(
        f64x2.mul(z, v128.load(from + p)),
        f64x2.mul(b, f64x2.mul(r2, v128.load(before + p))),
      );
      v128.store(to + p, f64x2.mul(a, s));
    }
  }
}

/** R and R' of the primitives at `exponents`, factors after them. */
function radial(primitives: i32, exponents: usize, bytes: usize, work: usize): void {
  const zero = f64x2.splat(0);
  const most = f64x2.splat(LARGEST_EXPONENT);
  for (let q = 0; q < primitives; q++) {
    const alpha = v128.load64_splat(exponents + (<usize>q << 3));
    const factor = v128.load64_splat(exponents + (<usize>(primitives + q) << 3));
    const steep = f64x2.mul(f64x2.mul(f64x2.splat(-2), alpha), factor);
    for (let p = work; p < work + bytes; p += 16) {
      let value = zero;
      let slope = zero;
      if (q > 0) {
        value = v128.load(p, VALUE);
        slope = v128.load(p, SLOPE);
      }
      const power = f64x2.mul(alpha, v128.load(p, R2));
      const counts = f64x2.le(power, most);
      if (v128.any_true(counts)) {
        const e = v128.and(expMinus(power), counts);
        value = f64x2.add(value, f64x2.mul(factor, e));
        slope = f64x2.add(slope, f64x2.mul(steep, e));
      }
      v128.store(p, value, VALUE);
      v128.store(p, slope, SLOPE);
    }
  }
}

/**
 * Values, and gradients when `derivatives` is 1, of all functions of the shells at the points (x at `points`, y and z
 * `stride` bytes apart, one element of padding): `out` is [1 + 3 derivatives][functions][count]. `work` has room for
 * 6 + (lmax + 1)² rows.
 */
export function functionsOfAtom(
  count: i32,
  points: usize,
  stride: usize,
  centre: usize,
  lmax: i32,
  shells: usize,
  shellCount: i32,
  functions: i32,
  slopes: usize,
  derivatives: i32,
  out: usize,
  work: usize,
): void {
  const row = <usize>count << 3;
  const plane = row * <usize>functions;
  for (let first = 0; first < count; first += CHUNK) {
    const n = min(CHUNK, count - first);
    around(centre, points + (<usize>first << 3), stride, <usize>n << 3, lmax, work);
    let at = shells;
    let to = out + (<usize>first << 3);
    for (let s = 0; s < shellCount; s++) {
      const l = <i32>load<f64>(at);
      const primitives = <i32>load<f64>(at, 8);
      radial(primitives, at + 16, <usize>n << 3, work);
      at += 16 + (<usize>primitives << 4);
      for (let lm = l * l; lm < (l + 1) * (l + 1); lm++, to += row) {
        writeValues(lm, n, to, work);
        if (derivatives === 0) continue;
        const table = slopes + <usize>lm * 96;
        for (let axis: usize = 0; axis < 3; axis++)
          writeSlopes(lm, axis, table + 32 * axis, n, to + (axis + 1) * plane, work);
      }
    }
  }
}

function writeValues(lm: i32, n: i32, to: usize, work: usize): void {
  const s = work + HARMONICS + <usize>lm * ROW;
  const bytes = <usize>(n & ~1) << 3;
  for (let p: usize = 0; p < bytes; p += 16) v128.store(to + p, f64x2.mul(v128.load(s + p), v128.load(work + p, VALUE)));
  if (n & 1) store<f64>(to + bytes, load<f64>(s + bytes) * load<f64>(work + bytes, VALUE));
}

function writeSlopes(lm: i32, axis: usize, table: usize, n: i32, to: usize, work: usize): void {
  const s = work + HARMONICS + <usize>lm * ROW;
  const i = work + HARMONICS + <usize>load<f64>(table) * ROW;
  const a = v128.load64_splat(table, 8);
  const j = work + HARMONICS + <usize>load<f64>(table, 16) * ROW;
  const b = v128.load64_splat(table, 24);
  const d = work + axis * ROW;
  const bytes = <usize>n << 3;
  for (let p: usize = 0; p < bytes; p += 16) {
    const along = f64x2.mul(f64x2.mul(v128.load(s + p), v128.load(work + p, SLOPE)), v128.load(d + p));
    const turned = f64x2.add(f64x2.mul(a, v128.load(i + p)), f64x2.mul(b, v128.load(j + p)));
    const result = f64x2.add(along, f64x2.mul(turned, v128.load(work + p, VALUE)));
    if (p + 16 <= bytes) v128.store(to + p, result);
    else v128.store64_lane(to + p, result, 0);
  }
}

/**
 * Adds the density of the shells with their coefficients, and its gradient when `derivatives` is 1, to `out`, rows
 * `stride` bytes apart; one element of padding everywhere. `work` has room for 6 + 3 (lmax + 1)² rows.
 */
export function addDensityOfAtom(
  count: i32,
  points: usize,
  stride: usize,
  centre: usize,
  lmax: i32,
  shells: usize,
  shellCount: i32,
  slopes: usize,
  derivatives: i32,
  out: usize,
  work: usize,
): void {
  const harmonics = (lmax + 1) * (lmax + 1);
  const size = <usize>harmonics * ROW;
  const sums = work + HARMONICS + size;
  for (let first = 0; first < count; first += CHUNK) {
    const bytes = (<usize>min(CHUNK, count - first) << 3) + 8 & ~15;
    const offset = <usize>first << 3;
    around(centre, points + offset, stride, bytes, lmax, work);
    memory.fill(sums, 0, 2 * size);
    let at = shells;
    for (let s = 0; s < shellCount; s++) {
      const l = <i32>load<f64>(at);
      const primitives = <i32>load<f64>(at, 8);
      radial(primitives, at + 16, bytes, work);
      at += 16 + (<usize>primitives << 4);
      for (let lm = l * l; lm < (l + 1) * (l + 1); lm++, at += 8)
        addShell(v128.load64_splat(at), bytes, sums + <usize>lm * ROW, size, derivatives, work);
    }
    for (let lm = 0; lm < harmonics; lm++) {
      const row = <usize>lm * ROW;
      addValues(bytes, work + HARMONICS + row, sums + row, size, derivatives, out + offset, stride, work);
      if (derivatives === 0 || lm === 0) continue;
      for (let axis: usize = 0; axis < 3; axis++)
        addSlopes(bytes, sums + row, slopes + <usize>lm * 96 + 32 * axis, out + offset + (axis + 1) * stride, work);
    }
  }
}

/** G_lm += c R and H_lm += c R', `apart` bytes from each other. */
function addShell(c: v128, bytes: usize, sum: usize, apart: usize, derivatives: i32, work: usize): void {
  const other = sum + apart;
  if (derivatives === 0)
    for (let p: usize = 0; p < bytes; p += 16)
      v128.store(sum + p, f64x2.add(v128.load(sum + p), f64x2.mul(c, v128.load(work + p, VALUE))));
  else
    for (let p: usize = 0; p < bytes; p += 16) {
      v128.store(sum + p, f64x2.add(v128.load(sum + p), f64x2.mul(c, v128.load(work + p, VALUE))));
      v128.store(other + p, f64x2.add(v128.load(other + p), f64x2.mul(c, v128.load(work + p, SLOPE))));
    }
}

/** ρ += G S and ∇ρ += r H S. */
function addValues(
  bytes: usize,
  s: usize,
  sum: usize,
  apart: usize,
  derivatives: i32,
  out: usize,
  stride: usize,
  work: usize,
): void {
  const other = sum + apart;
  const y = out + stride;
  const z = y + stride;
  const w = z + stride;
  for (let p: usize = 0; p < bytes; p += 16) {
    const value = v128.load(s + p);
    v128.store(out + p, f64x2.add(v128.load(out + p), f64x2.mul(value, v128.load(sum + p))));
    if (derivatives === 0) continue;
    const along = f64x2.mul(value, v128.load(other + p));
    v128.store(y + p, f64x2.add(v128.load(y + p), f64x2.mul(along, v128.load(work + p))));
    v128.store(z + p, f64x2.add(v128.load(z + p), f64x2.mul(along, v128.load(work + p, Y))));
    v128.store(w + p, f64x2.add(v128.load(w + p), f64x2.mul(along, v128.load(work + p, Z))));
  }
}

/** ∂ρ += G ∂S along one axis. */
function addSlopes(bytes: usize, sum: usize, table: usize, out: usize, work: usize): void {
  if (load<f64>(table, 8) === 0) return;
  const i = work + HARMONICS + <usize>load<f64>(table) * ROW;
  const a = v128.load64_splat(table, 8);
  const j = work + HARMONICS + <usize>load<f64>(table, 16) * ROW;
  const b = v128.load64_splat(table, 24);
  for (let p: usize = 0; p < bytes; p += 16) {
    const turned = f64x2.add(f64x2.mul(a, v128.load(i + p)), f64x2.mul(b, v128.load(j + p)));
    v128.store(out + p, f64x2.add(v128.load(out + p), f64x2.mul(turned, v128.load(sum + p))));
  }
}
