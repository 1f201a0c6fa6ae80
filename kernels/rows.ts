// Sums over functions on the points of a block. Rows have `count` doubles, one of padding at the end of each array.

/** ρ += Σ h f and ∇ρ += Σ 2 h ∇f over `rows` functions; arrays [rows][count] one after another from `a` on: h, f, ∂x, ∂y, ∂z. */
export function addDensityOfRows(rows: i32, count: i32, a: usize, apart: usize, out: usize, stride: usize): void {
  const bytes = <usize>count << 3;
  for (let i = 0; i < rows; i++, a += bytes)
    for (let p: usize = 0; p < bytes; p += 16) {
      const q = a + p;
      const o = out + p;
      const h = v128.load(q);
      const twice = f64x2.add(h, h);
      v128.store(o, f64x2.add(v128.load(o), f64x2.mul(h, v128.load(q + apart))));
      v128.store(o + stride, f64x2.add(v128.load(o + stride), f64x2.mul(twice, v128.load(q + 2 * apart))));
      v128.store(o + 2 * stride, f64x2.add(v128.load(o + 2 * stride), f64x2.mul(twice, v128.load(q + 3 * apart))));
      v128.store(o + 3 * stride, f64x2.add(v128.load(o + 3 * stride), f64x2.mul(twice, v128.load(q + 4 * apart))));
    }
}
