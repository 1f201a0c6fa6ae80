// The recursion of Hermite Coulomb and overlap integrals, R^m_tuv = X R^m+1_lower + c R^m+1_lowest, for up to 32 shells
// side by side (see src/integrals/hermite-rows.ts). Rows have 32 doubles, one to be ignored when their number is odd.

const ROW: usize = 256;
/** A step: which row of X, `lower`, `lowest` (integers) and c. */
const STEP: usize = 24;

/** From R^m_000 in row m of `g` to R^0_tuv of all orders up to `top` in the rows of `even`; `odd` is room in between. */
export function raiseHermite(top: i32, n: i32, x: usize, g: usize, even: usize, odd: usize, steps: usize): void {
  const bytes = <usize>(n + 1 & ~1) << 3;
  memory.copy(top & 1 ? odd : even, g + <usize>top * ROW, bytes);
  for (let m = top - 1; m >= 0; m--) {
    const current = m & 1 ? odd : even;
    const above = m & 1 ? even : odd;
    for (let p: usize = 0; p < bytes; p += 16) v128.store(current + p, v128.load(g + <usize>m * ROW + p));
    const order = top - m;
    const count = ((order + 1) * (order + 2) * (order + 3)) / 6;
    let step = steps + STEP;
    let to = current + ROW;
    for (let h = 1; h < count; h++, step += STEP, to += ROW) {
      const along = x + <usize>load<i32>(step) * ROW;
      const lower = above + <usize>load<i32>(step, 4) * ROW;
      if (load<f64>(step, 16) === 0)
        for (let p: usize = 0; p < bytes; p += 16)
          v128.store(to + p, f64x2.mul(v128.load(along + p), v128.load(lower + p)));
      else {
        const lowest = above + <usize>load<i32>(step, 8) * ROW;
        const c = v128.load64_splat(step, 16);
        for (let p: usize = 0; p < bytes; p += 16)
          v128.store(
            to + p,
            f64x2.add(
              f64x2.mul(v128.load(along + p), v128.load(lower + p)),
              f64x2.mul(c, v128.load(lowest + p)),
            ),
          );
      }
    }
  }
}
