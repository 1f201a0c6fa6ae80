// Stages of the fast Fourier transform, and real rows two by two as complex ones (see src/math/fft.ts).
//
// A complex number is one vector, real part first. One stage of radix r turns `s` interleaved sequences of length r m
// into s r of length m (the self-sorting algorithm of Stockham, decimation in frequency):
//
//   y[q + s (r p + j)] = w^(p j) Σ_k x[q + s (p + m k)] exp(± 2πi j k / r),   w = exp(± 2πi / (r m))
//
// `twiddles` are [m][r − 1] pairs of vectors (c, c) and (−d, d) for c + id = w^(p j), j = 1 … r − 1; `sign` is ±1.

@inline
function turned(a: v128, sign: v128): v128 {
  return f64x2.mul(v128.shuffle<f64>(a, a, 1, 0), sign); // ± i a, sign = (∓1, ±1)
}

@inline
function times(a: v128, twiddle: usize): v128 {
  return f64x2.add(
    f64x2.mul(a, v128.load(twiddle)),
    f64x2.mul(v128.shuffle<f64>(a, a, 1, 0), v128.load(twiddle, 16)),
  );
}

@inline
function turn(sign: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(sign), 0, -sign);
}

export function fftRadix2(m: i32, s: i32, x: usize, y: usize, twiddles: usize): void {
  const step = <usize>s << 4;
  const apart = step * <usize>m;
  for (let p = 0; p < m; p++, twiddles += 32, x += step, y += 2 * step)
    for (let q: usize = 0; q < step; q += 16) {
      const a = v128.load(x + q);
      const b = v128.load(x + q + apart);
      v128.store(y + q, f64x2.add(a, b));
      v128.store(y + q + step, times(f64x2.sub(a, b), twiddles));
    }
}

export function fftRadix3(m: i32, s: i32, x: usize, y: usize, twiddles: usize, sign: f64): void {
  const step = <usize>s << 4;
  const apart = step * <usize>m;
  const side = turn(sign * 0.8660254037844386);
  const half = f64x2.splat(-0.5);
  for (let p = 0; p < m; p++, twiddles += 64, x += step, y += 3 * step)
    for (let q: usize = 0; q < step; q += 16) {
      const a = v128.load(x + q);
      const b = v128.load(x + q + apart);
      const c = v128.load(x + q + 2 * apart);
      const sum = f64x2.add(b, c);
      const even = f64x2.add(a, f64x2.mul(half, sum));
      const odd = turned(f64x2.sub(b, c), side);
      v128.store(y + q, f64x2.add(a, sum));
      v128.store(y + q + step, times(f64x2.add(even, odd), twiddles));
      v128.store(y + q + 2 * step, times(f64x2.sub(even, odd), twiddles + 32));
    }
}

export function fftRadix4(m: i32, s: i32, x: usize, y: usize, twiddles: usize, sign: f64): void {
  const step = <usize>s << 4;
  const apart = step * <usize>m;
  const side = turn(sign);
  for (let p = 0; p < m; p++, twiddles += 96, x += step, y += 4 * step)
    for (let q: usize = 0; q < step; q += 16) {
      const a = v128.load(x + q);
      const b = v128.load(x + q + apart);
      const c = v128.load(x + q + 2 * apart);
      const d = v128.load(x + q + 3 * apart);
      const ac = f64x2.add(a, c);
      const bd = f64x2.add(b, d);
      const even = f64x2.sub(a, c);
      const odd = turned(f64x2.sub(b, d), side);
      v128.store(y + q, f64x2.add(ac, bd));
      v128.store(y + q + step, times(f64x2.add(even, odd), twiddles));
      v128.store(y + q + 2 * step, times(f64x2.sub(ac, bd), twiddles + 32));
      v128.store(y + q + 3 * step, times(f64x2.sub(even, odd), twiddles + 64));
    }
}

export function fftRadix5(m: i32, s: i32, x: usize, y: usize, twiddles: usize, sign: f64): void {
  const step = <usize>s << 4;
  const apart = step * <usize>m;
  const c1 = f64x2.splat(0.30901699437494745);
  const c2 = f64x2.splat(-0.8090169943749475);
  const s1 = turn(sign * 0.9510565162951535);
  const s2 = turn(sign * 0.5877852522924731);
  for (let p = 0; p < m; p++, twiddles += 128, x += step, y += 5 * step)
    for (let q: usize = 0; q < step; q += 16) {
      const a = v128.load(x + q);
      const b = v128.load(x + q + apart);
      const c = v128.load(x + q + 2 * apart);
      const d = v128.load(x + q + 3 * apart);
      const e = v128.load(x + q + 4 * apart);
      const be = f64x2.add(b, e);
      const cd = f64x2.add(c, d);
      const minusBe = f64x2.sub(b, e);
      const minusCd = f64x2.sub(c, d);
      const even1 = f64x2.add(a, f64x2.add(f64x2.mul(c1, be), f64x2.mul(c2, cd)));
      const even2 = f64x2.add(a, f64x2.add(f64x2.mul(c2, be), f64x2.mul(c1, cd)));
      const odd1 = f64x2.add(turned(minusBe, s1), turned(minusCd, s2));
      const odd2 = f64x2.sub(turned(minusBe, s2), turned(minusCd, s1));
      v128.store(y + q, f64x2.add(a, f64x2.add(be, cd)));
      v128.store(y + q + step, times(f64x2.add(even1, odd1), twiddles));
      v128.store(y + q + 2 * step, times(f64x2.add(even2, odd2), twiddles + 32));
      v128.store(y + q + 3 * step, times(f64x2.sub(even2, odd2), twiddles + 64));
      v128.store(y + q + 4 * step, times(f64x2.sub(even1, odd1), twiddles + 96));
    }
}

/** Rows of `n` reals as the real and imaginary parts of complex columns: [n][⌈rows/2⌉]; a missing last row counts as zero. */
export function joinRealRows(rows: i32, n: i32, from: usize, to: usize): void {
  const row = <usize>n << 3;
  const pairs = (rows + 1) >> 1;
  const line = <usize>pairs << 4;
  for (let pair = 0; pair < pairs; pair++, from += 2 * row, to += 16) {
    const both = 2 * pair + 1 < rows;
    let out = to;
    for (let k: usize = 0; k < row; k += 8, out += line) {
      store<f64>(out, load<f64>(from + k));
      store<f64>(out, both ? load<f64>(from + k + row) : 0, 8);
    }
  }
}

/** The inverse of {@link joinRealRows}. */
export function splitRealRows(rows: i32, n: i32, from: usize, to: usize): void {
  const row = <usize>n << 3;
  const pairs = (rows + 1) >> 1;
  const line = <usize>pairs << 4;
  for (let pair = 0; pair < pairs; pair++, from += 16, to += 2 * row) {
    const both = 2 * pair + 1 < rows;
    let source = from;
    for (let k: usize = 0; k < row; k += 8, source += line) {
      store<f64>(to + k, load<f64>(source));
      if (both) store<f64>(to + k + row, load<f64>(source, 8));
    }
  }
}

/** From transforms Z of joined rows to those of each row, the first ⌊n/2⌋ + 1 numbers of it: A = ½(Z_k + Z*_−k), B = −½i(Z_k − Z*_−k). */
export function splitSpectra(rows: i32, n: i32, from: usize, to: usize, factor: f64): void {
  const kept = (n >> 1) + 1;
  const pairs = (rows + 1) >> 1;
  const line = <usize>pairs << 4;
  const row = <usize>kept << 4;
  const f = 0.5 * factor;
  for (let pair = 0; pair < pairs; pair++, from += 16, to += 2 * row) {
    const both = 2 * pair + 1 < rows;
    for (let k = 0; k < kept; k++) {
      const z = from + <usize>k * line;
      const w = from + <usize>(k === 0 ? 0 : n - k) * line;
      const zr = load<f64>(z);
      const zi = load<f64>(z, 8);
      const wr = load<f64>(w);
      const wi = load<f64>(w, 8);
      const out = to + (<usize>k << 4);
      store<f64>(out, f * (zr + wr));
      store<f64>(out, f * (zi - wi), 8);
      if (!both) continue;
      store<f64>(out + row, f * (zi + wi));
      store<f64>(out + row, f * (wr - zr), 8);
    }
  }
}

/** The inverse of {@link splitSpectra} for a factor of 1; numbers that are their own partner count with their real part alone. */
export function joinSpectra(rows: i32, n: i32, from: usize, to: usize): void {
  const kept = (n >> 1) + 1;
  const pairs = (rows + 1) >> 1;
  const line = <usize>pairs << 4;
  const row = <usize>kept << 4;
  for (let pair = 0; pair < pairs; pair++, from += 2 * row, to += 16) {
    const both = 2 * pair + 1 < rows;
    for (let k = 0; k < kept; k++) {
      const source = from + (<usize>k << 4);
      const alone = k === 0 || 2 * k === n;
      const ar = load<f64>(source);
      const ai = alone ? 0 : load<f64>(source, 8);
      const br = both ? load<f64>(source + row) : 0;
      const bi = both && !alone ? load<f64>(source + row, 8) : 0;
      const out = to + <usize>k * line;
      store<f64>(out, ar - bi);
      store<f64>(out, ai + br, 8);
      if (alone) continue;
      const partner = to + <usize>(n - k) * line;
      store<f64>(partner, ar + bi);
      store<f64>(partner, br - ai, 8);
    }
  }
}
