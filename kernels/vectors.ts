// A matrix, or its transpose, times one vector or two at a time. The matrix is packed, its number of rows a
// multiple of four; vectors follow each other without gaps. Four rows share each load of a vector.

@inline
function sum(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** y_v[i] ← Σ_j a[i, j] x_v[j]: x is [vectors][columns], y [vectors][rows]. */
export function multiplyVectors(a: usize, rows: i32, columns: i32, x: usize, y: usize, vectors: i32): void {
  const row = <usize>columns << 3;
  const column = <usize>rows << 3;
  for (let i = 0; i < rows; i += 4, a += row << 2, y += 32) {
    let xv = x;
    let yv = y;
    let v = vectors;
    for (; v >= 2; v -= 2, xv += row << 1, yv += column << 1) twoVectors(a, row, columns, xv, yv, column);
    if (v > 0) oneVector(a, row, columns, xv, yv);
  }
}

@inline
function oneVector(a0: usize, row: usize, columns: i32, x: usize, y: usize): void {
  let a1 = a0 + row;
  let a2 = a1 + row;
  let a3 = a2 + row;
  let s0 = f64x2.splat(0), s1 = f64x2.splat(0), s2 = f64x2.splat(0), s3 = f64x2.splat(0);
  let j = columns;
  for (; j >= 2; j -= 2) {
    const w = v128.load(x);
    s0 = f64x2.add(s0, f64x2.mul(v128.load(a0), w));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(a1), w));
    s2 = f64x2.add(s2, f64x2.mul(v128.load(a2), w));
    s3 = f64x2.add(s3, f64x2.mul(v128.load(a3), w));
    a0 += 16;
    a1 += 16;
    a2 += 16;
    a3 += 16;
    x += 16;
  }
  const last: f64 = j > 0 ? load<f64>(x) : 0;
  store<f64>(y, sum(s0) + (j > 0 ? load<f64>(a0) * last : 0));
  store<f64>(y, sum(s1) + (j > 0 ? load<f64>(a1) * last : 0), 8);
  store<f64>(y, sum(s2) + (j > 0 ? load<f64>(a2) * last : 0), 16);
  store<f64>(y, sum(s3) + (j > 0 ? load<f64>(a3) * last : 0), 24);
}

@inline
function twoVectors(a0: usize, row: usize, columns: i32, x0: usize, y: usize, column: usize): void {
  let a1 = a0 + row;
  let a2 = a1 + row;
  let a3 = a2 + row;
  let x1 = x0 + row;
  let s0 = f64x2.splat(0), s1 = f64x2.splat(0), s2 = f64x2.splat(0), s3 = f64x2.splat(0);
  let t0 = f64x2.splat(0), t1 = f64x2.splat(0), t2 = f64x2.splat(0), t3 = f64x2.splat(0);
  let j = columns;
  for (; j >= 2; j -= 2) {
    const w0 = v128.load(x0);
    const w1 = v128.load(x1);
    let r = v128.load(a0);
    s0 = f64x2.add(s0, f64x2.mul(r, w0));
    t0 = f64x2.add(t0, f64x2.mul(r, w1));
    r = v128.load(a1);
    s1 = f64x2.add(s1, f64x2.mul(r, w0));
    t1 = f64x2.add(t1, f64x2.mul(r, w1));
    r = v128.load(a2);
    s2 = f64x2.add(s2, f64x2.mul(r, w0));
    t2 = f64x2.add(t2, f64x2.mul(r, w1));
    r = v128.load(a3);
    s3 = f64x2.add(s3, f64x2.mul(r, w0));
    t3 = f64x2.add(t3, f64x2.mul(r, w1));
    a0 += 16;
    a1 += 16;
    a2 += 16;
    a3 += 16;
    x0 += 16;
    x1 += 16;
  }
  const odd = j > 0;
  const l0: f64 = odd ? load<f64>(x0) : 0;
  const l1: f64 = odd ? load<f64>(x1) : 0;
  const e0: f64 = odd ? load<f64>(a0) : 0;
  const e1: f64 = odd ? load<f64>(a1) : 0;
  const e2: f64 = odd ? load<f64>(a2) : 0;
  const e3: f64 = odd ? load<f64>(a3) : 0;
  store<f64>(y, sum(s0) + e0 * l0);
  store<f64>(y, sum(s1) + e1 * l0, 8);
  store<f64>(y, sum(s2) + e2 * l0, 16);
  store<f64>(y, sum(s3) + e3 * l0, 24);
  y += column;
  store<f64>(y, sum(t0) + e0 * l1);
  store<f64>(y, sum(t1) + e1 * l1, 8);
  store<f64>(y, sum(t2) + e2 * l1, 16);
  store<f64>(y, sum(t3) + e3 * l1, 24);
}

/** y_v[j] += Σ_i a[i, j] x_v[i]: x is [vectors][rows], y [vectors][columns]. */
export function addTransposedVectors(a: usize, rows: i32, columns: i32, x: usize, y: usize, vectors: i32): void {
  const row = <usize>columns << 3;
  const column = <usize>rows << 3;
  for (let i = 0; i < rows; i += 4, a += row << 2, x += 32) {
    let xv = x;
    let yv = y;
    let v = vectors;
    for (; v >= 2; v -= 2, xv += column << 1, yv += row << 1) addToTwo(a, row, columns, xv, column, yv);
    if (v > 0) addToOne(a, row, columns, xv, yv);
  }
}

@inline
function addToOne(a0: usize, row: usize, columns: i32, x: usize, y: usize): void {
  let a1 = a0 + row;
  let a2 = a1 + row;
  let a3 = a2 + row;
  const x0 = v128.load64_splat(x);
  const x1 = v128.load64_splat(x, 8);
  const x2 = v128.load64_splat(x, 16);
  const x3 = v128.load64_splat(x, 24);
  let j = columns;
  for (; j >= 2; j -= 2) {
    const s = f64x2.add(f64x2.mul(v128.load(a0), x0), f64x2.mul(v128.load(a1), x1));
    const t = f64x2.add(f64x2.mul(v128.load(a2), x2), f64x2.mul(v128.load(a3), x3));
    v128.store(y, f64x2.add(v128.load(y), f64x2.add(s, t)));
    a0 += 16;
    a1 += 16;
    a2 += 16;
    a3 += 16;
    y += 16;
  }
  if (j > 0) lastColumn(a0, a1, a2, a3, x, y);
}

@inline
function addToTwo(a0: usize, row: usize, columns: i32, x: usize, column: usize, y: usize): void {
  let a1 = a0 + row;
  let a2 = a1 + row;
  let a3 = a2 + row;
  let z = y + row;
  const x0 = v128.load64_splat(x);
  const x1 = v128.load64_splat(x, 8);
  const x2 = v128.load64_splat(x, 16);
  const x3 = v128.load64_splat(x, 24);
  const w = x + column;
  const w0 = v128.load64_splat(w);
  const w1 = v128.load64_splat(w, 8);
  const w2 = v128.load64_splat(w, 16);
  const w3 = v128.load64_splat(w, 24);
  let j = columns;
  for (; j >= 2; j -= 2) {
    const r0 = v128.load(a0);
    const r1 = v128.load(a1);
    let s = f64x2.add(f64x2.mul(r0, x0), f64x2.mul(r1, x1));
    let t = f64x2.add(f64x2.mul(r0, w0), f64x2.mul(r1, w1));
    const r2 = v128.load(a2);
    const r3 = v128.load(a3);
    s = f64x2.add(s, f64x2.add(f64x2.mul(r2, x2), f64x2.mul(r3, x3)));
    t = f64x2.add(t, f64x2.add(f64x2.mul(r2, w2), f64x2.mul(r3, w3)));
    v128.store(y, f64x2.add(v128.load(y), s));
    v128.store(z, f64x2.add(v128.load(z), t));
    a0 += 16;
    a1 += 16;
    a2 += 16;
    a3 += 16;
    y += 16;
    z += 16;
  }
  if (j > 0) {
    lastColumn(a0, a1, a2, a3, x, y);
    lastColumn(a0, a1, a2, a3, w, z);
  }
}

@inline
function lastColumn(a0: usize, a1: usize, a2: usize, a3: usize, x: usize, y: usize): void {
  const s = load<f64>(a0) * load<f64>(x) + load<f64>(a1) * load<f64>(x, 8);
  const t = load<f64>(a2) * load<f64>(x, 16) + load<f64>(a3) * load<f64>(x, 24);
  store<f64>(y, load<f64>(y) + (s + t));
}
