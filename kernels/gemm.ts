// The inner part of a matrix product, on packed panels (Goto & van de Geijn, ACM TOMS 34, 12 (2008)).
//
// A is packed as panels of four rows, each [k][4]; B as panels of four columns, each [k][4]. One pass of
// the inner loop adds a rank-one update to a 4 × 4 tile of C held in eight registers. A wider tile (6 × 4,
// 4 × 6) needs all sixteen registers of x86-64 and measured slower in V8, as did unrolling over k.

/** C ← A B. `c` is row-major with `stride` bytes from row to row; sizes are counted in panels of four. */
export function multiplyPanels(rowPanels: i32, columnPanels: i32, k: i32, a: usize, b: usize, c: usize, stride: usize): void {
  for (let j = 0; j < columnPanels; j++) {
    let ap = a;
    let cp = c + (<usize>j << 5);
    for (let i = 0; i < rowPanels; i++) {
      let bp = b;
      let c00 = f64x2.splat(0), c01 = f64x2.splat(0);
      let c10 = f64x2.splat(0), c11 = f64x2.splat(0);
      let c20 = f64x2.splat(0), c21 = f64x2.splat(0);
      let c30 = f64x2.splat(0), c31 = f64x2.splat(0);
      for (let p = k; p > 0; p--) {
        const b0 = v128.load(bp);
        const b1 = v128.load(bp, 16);
        let x = v128.load64_splat(ap);
        c00 = f64x2.add(c00, f64x2.mul(x, b0));
        c01 = f64x2.add(c01, f64x2.mul(x, b1));
        x = v128.load64_splat(ap, 8);
        c10 = f64x2.add(c10, f64x2.mul(x, b0));
        c11 = f64x2.add(c11, f64x2.mul(x, b1));
        x = v128.load64_splat(ap, 16);
        c20 = f64x2.add(c20, f64x2.mul(x, b0));
        c21 = f64x2.add(c21, f64x2.mul(x, b1));
        x = v128.load64_splat(ap, 24);
        c30 = f64x2.add(c30, f64x2.mul(x, b0));
        c31 = f64x2.add(c31, f64x2.mul(x, b1));
        ap += 32;
        bp += 32;
      }
      v128.store(cp, c00);
      v128.store(cp, c01, 16);
      cp += stride;
      v128.store(cp, c10);
      v128.store(cp, c11, 16);
      cp += stride;
      v128.store(cp, c20);
      v128.store(cp, c21, 16);
      cp += stride;
      v128.store(cp, c30);
      v128.store(cp, c31, 16);
      cp += stride;
    }
    b += <usize>k << 5;
  }
}
