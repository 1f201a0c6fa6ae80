// Panels for the matrix product (see gemm.ts), from lines that stand in the source as rows or as columns.
// A last panel with fewer than four lines is filled up with zeros.

/** Panels one after another from rows of `depth` doubles, `stride` bytes apart. */
export function packRows(source: usize, stride: usize, lines: i32, depth: i32, target: usize): void {
  for (; lines >= 4; lines -= 4) {
    let s0 = source;
    let s1 = s0 + stride;
    let s2 = s1 + stride;
    let s3 = s2 + stride;
    let p = depth;
    for (; p >= 2; p -= 2) {
      const r0 = v128.load(s0);
      const r1 = v128.load(s1);
      const r2 = v128.load(s2);
      const r3 = v128.load(s3);
      v128.store(target, v128.shuffle<f64>(r0, r1, 0, 2));
      v128.store(target, v128.shuffle<f64>(r2, r3, 0, 2), 16);
      v128.store(target, v128.shuffle<f64>(r0, r1, 1, 3), 32);
      v128.store(target, v128.shuffle<f64>(r2, r3, 1, 3), 48);
      s0 += 16;
      s1 += 16;
      s2 += 16;
      s3 += 16;
      target += 64;
    }
    if (p > 0) {
      store<f64>(target, load<f64>(s0));
      store<f64>(target, load<f64>(s1), 8);
      store<f64>(target, load<f64>(s2), 16);
      store<f64>(target, load<f64>(s3), 24);
      target += 32;
    }
    source += stride << 2;
  }
  if (lines == 0) return;
  for (let p = 0; p < depth; p++, source += 8)
    for (let line = 0; line < 4; line++, target += 8) store<f64>(target, line < lines ? load<f64>(source + <usize>line * stride) : 0);
}

/**
 * Part of each panel from `depth` rows that hold one element of every line, `stride` bytes apart; panels
 * are `panelSize` bytes apart.
 */
export function packColumns(source: usize, stride: usize, lines: i32, depth: i32, target: usize, panelSize: usize): void {
  for (; lines >= 4; lines -= 4) {
    let s = source;
    let t = target;
    for (let p = depth; p > 0; p--) {
      v128.store(t, v128.load(s));
      v128.store(t, v128.load(s, 16), 16);
      s += stride;
      t += 32;
    }
    source += 32;
    target += panelSize;
  }
  if (lines == 0) return;
  for (let p = 0; p < depth; p++, source += stride, target += 32)
    for (let line = 0; line < 4; line++) store<f64>(target + (line << 3), line < lines ? load<f64>(source + (line << 3)) : 0);
}
