// One neighbour in the expansion of a density (src/descriptor/spherical-expansion.ts).

/**
 * X[lm, n] += w y_lm g_ln(t), g a polynomial in t for each (l, n): `powers` holds [terms][(lmax + 1) width] coefficients,
 * `width` is even. X has `apart` bytes from one lm to the next. `g` has room for (lmax + 1) width doubles.
 */
export function addNeighbour(
  powers: usize, terms: i32, t: f64, w: f64, y: usize, lmax: i32, width: i32, g: usize, x: usize, apart: usize,
): void {
  const size = <usize>((lmax + 1) * width) << 3;
  const tt = f64x2.splat(t);
  const ww = f64x2.splat(w);
  const last = powers + size * (terms - 1);
  for (let s: usize = 0; s < size; s += 16) {
    let at = last + s;
    let sum = v128.load(at);
    for (let p = terms - 1; p > 0; p--) {
      at -= size;
      sum = f64x2.add(f64x2.mul(sum, tt), v128.load(at));
    }
    v128.store(g + s, f64x2.mul(ww, sum));
  }
  const row = <usize>width << 3;
  for (let l = 0; l <= lmax; l++, g += row)
    for (let m = 2 * l; m >= 0; m--, y += 8, x += apart) {
      const factor = v128.load64_splat(y);
      for (let n: usize = 0; n < row; n += 16) v128.store(x + n, f64x2.add(v128.load(x + n), f64x2.mul(factor, v128.load(g + n))));
    }
}
