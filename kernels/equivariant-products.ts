// λ-SOAP (src/descriptor/lambda-soap.ts) of two environments at a time, one in each lane of a vector.

/** Two expansions, each [components][channels] doubles, side by side: [channels][components] vectors. */
export function pairExpansions(first: usize, second: usize, components: i32, channels: i32, out: usize): void {
  const row = <usize>channels << 3;
  for (let q = 0; q < channels; q++, first += 8, second += 8) {
    let a = first;
    let b = second;
    for (let m = 0; m < components; m++, a += row, b += row, out += 16) v128.store(out, v128.load64_lane(b, v128.load64_zero(a), 1));
  }
}

/**
 * For each μ: U[k, m1] ← Σ_m2 C[μ, m1, m2] X2[q'_k, m2] for the channels q'_k in use, then
 * P[μ, f] ← s w_f Σ_m1 X1[q_f, m1] U[k_f, m1]; three μ at a time, which share the loads of X1, as long as there are three.
 *
 * `channels`: byte offset in X2 of each q'_k. Of each (μ, m1) in order `counts` holds the number of terms, at most
 * two in a real basis; of each term `sources` holds the byte offset of m2 and `values` C. `features`: byte offsets of
 * q_f in X1 and of k_f in a U of one μ; `weights`: w_f; `scale`: s of both lanes, which go to `first` and `second`, with
 * `row` bytes from μ to μ. `u` has room for three μ.
 */
export function coupledProducts(
  n1: i32, x1: usize, x2: usize, components: i32, channels: usize, used: i32, counts: usize, sources: usize, values: usize,
  u: usize, features: usize, weights: usize, wanted: i32, scale: usize, first: usize, second: usize, row: usize,
): void {
  for (let left = components; left > 0;) {
    const together = left >= 3 ? 3 : 1;
    const step = <usize>(together * n1) << 4;
    for (let at = u; at < u + step; at += 16, counts += 4) {
      const terms = load<i32>(counts);
      coupleChannels(terms, x2, channels, used, sources, values, at, step);
      sources += <usize>terms << 2;
      values += <usize>terms << 3;
    }
    if (together == 3) threeComponents(n1, x1, u, features, weights, wanted, scale, first, second, row);
    else oneComponent(n1, x1, u, features, weights, wanted, scale, first, second);
    left -= together;
    first += <usize>together * row;
    second += <usize>together * row;
  }
}

/** u[k] ← Σ c x[q_k + source] over the terms. */
@inline
function coupleChannels(terms: i32, x: usize, channels: usize, used: i32, sources: usize, values: usize, u: usize, step: usize): void {
  if (terms == 2) {
    const x0 = x + load<i32>(sources);
    const x1 = x + load<i32>(sources, 4);
    const c0 = v128.load64_splat(values);
    const c1 = v128.load64_splat(values, 8);
    for (let k = used; k > 0; k--, channels += 4, u += step) {
      const q = <usize>load<i32>(channels);
      v128.store(u, f64x2.add(f64x2.mul(c0, v128.load(x0 + q)), f64x2.mul(c1, v128.load(x1 + q))));
    }
  } else if (terms == 1) {
    const x0 = x + load<i32>(sources);
    const c0 = v128.load64_splat(values);
    for (let k = used; k > 0; k--, channels += 4, u += step) v128.store(u, f64x2.mul(c0, v128.load(x0 + <usize>load<i32>(channels))));
  } else for (let k = used; k > 0; k--, u += step) v128.store(u, f64x2.splat(0));
}

/** s w times (p, q), features f and f + 1 of both lanes, to `first` and `second`. */
@inline
function storePair(p: v128, q: v128, w: v128, s0: v128, s1: v128, first: usize, second: usize): void {
  v128.store(first, f64x2.mul(f64x2.mul(s0, w), v128.shuffle<f64>(p, q, 0, 2)));
  v128.store(second, f64x2.mul(f64x2.mul(s1, w), v128.shuffle<f64>(p, q, 1, 3)));
}

@inline
function storeOne(p: v128, w: v128, s0: v128, s1: v128, first: usize, second: usize): void {
  v128.store64_lane(first, f64x2.mul(f64x2.mul(s0, w), p), 0);
  v128.store64_lane(second, f64x2.mul(f64x2.mul(s1, w), p), 1);
}

@inline
function product(x: v128, u: usize): v128 {
  return f64x2.mul(x, v128.load(u));
}

/** P of three μ: U is [k][μ][m1]. */
@inline
function threeComponents(n1: i32, x: usize, u: usize, features: usize, weights: usize, wanted: i32, scale: usize, first: usize, second: usize, row: usize): void {
  const s0 = v128.load64_splat(scale);
  const s1 = v128.load64_splat(scale, 8);
  const next = <usize>n1 << 4;
  const after = next << 1;
  let f = wanted;
  for (; f >= 2; f -= 2, features += 16, weights += 16, first += 16, second += 16) {
    let a = x + <usize>load<i32>(features);
    let b = u + 3 * <usize>load<i32>(features, 4);
    let c = x + <usize>load<i32>(features, 8);
    let d = u + 3 * <usize>load<i32>(features, 12);
    let l = v128.load(a);
    let r = v128.load(c);
    let p0 = product(l, b), p1 = product(l, b + next), p2 = product(l, b + after);
    let q0 = product(r, d), q1 = product(r, d + next), q2 = product(r, d + after);
    for (const end = a + next - 16; a < end;) {
      a += 16;
      b += 16;
      c += 16;
      d += 16;
      l = v128.load(a);
      r = v128.load(c);
      p0 = f64x2.add(p0, product(l, b));
      p1 = f64x2.add(p1, product(l, b + next));
      p2 = f64x2.add(p2, product(l, b + after));
      q0 = f64x2.add(q0, product(r, d));
      q1 = f64x2.add(q1, product(r, d + next));
      q2 = f64x2.add(q2, product(r, d + after));
    }
    const w = v128.load(weights);
    storePair(p0, q0, w, s0, s1, first, second);
    storePair(p1, q1, w, s0, s1, first + row, second + row);
    storePair(p2, q2, w, s0, s1, first + (row << 1), second + (row << 1));
  }
  if (f == 0) return;
  const w = v128.load64_splat(weights);
  const a = x + <usize>load<i32>(features);
  const b = u + 3 * <usize>load<i32>(features, 4);
  storeOne(inOrder(n1, a, b), w, s0, s1, first, second);
  storeOne(inOrder(n1, a, b + next), w, s0, s1, first + row, second + row);
  storeOne(inOrder(n1, a, b + after), w, s0, s1, first + (row << 1), second + (row << 1));
}

/** Σ_m a_m b_m summed as features two at a time are, so that a feature does not depend on how many are wanted. */
@inline
function inOrder(n1: i32, a: usize, b: usize): v128 {
  let sum = product(v128.load(a), b);
  for (let m = n1 - 1; m > 0; m--) {
    a += 16;
    b += 16;
    sum = f64x2.add(sum, product(v128.load(a), b));
  }
  return sum;
}

/** P of one μ: U is [k][m1]. */
@inline
function oneComponent(n1: i32, x: usize, u: usize, features: usize, weights: usize, wanted: i32, scale: usize, first: usize, second: usize): void {
  const s0 = v128.load64_splat(scale);
  const s1 = v128.load64_splat(scale, 8);
  let f = wanted;
  for (; f >= 2; f -= 2, features += 16, weights += 16, first += 16, second += 16) {
    const p = dot(n1, x + <usize>load<i32>(features), u + <usize>load<i32>(features, 4));
    const q = dot(n1, x + <usize>load<i32>(features, 8), u + <usize>load<i32>(features, 12));
    storePair(p, q, v128.load(weights), s0, s1, first, second);
  }
  if (f == 0) return;
  const p = dot(n1, x + <usize>load<i32>(features), u + <usize>load<i32>(features, 4));
  storeOne(p, v128.load64_splat(weights), s0, s1, first, second);
}

/** Σ_m a_m b_m over an odd number of m. */
@inline
function dot(n1: i32, a: usize, b: usize): v128 {
  let even = product(v128.load(a), b);
  let odd = f64x2.splat(0);
  for (let m = n1 - 1; m > 0; m -= 2) {
    a += 32;
    b += 32;
    odd = f64x2.add(odd, product(v128.load(a - 16), b - 16));
    even = f64x2.add(even, product(v128.load(a), b));
  }
  return f64x2.add(even, odd);
}

/** G[m, m'] ← Σ_q X[q, m] X[q, m']. */
export function gramOfPair(x: usize, components: i32, channels: i32, gram: usize): void {
  const step = <usize>components << 4;
  for (let m = 0; m < components; m++)
    for (let k = 0; k <= m; k++) {
      let a = x + (<usize>m << 4);
      let b = x + (<usize>k << 4);
      let sum = f64x2.splat(0);
      for (let q = 0; q < channels; q++, a += step, b += step) sum = f64x2.add(sum, f64x2.mul(v128.load(a), v128.load(b)));
      v128.store(gram + <usize>(m * components + k) * 16, sum);
      v128.store(gram + <usize>(k * components + m) * 16, sum);
    }
}

/** g[t] ← Σ c G[source] for `targets` sums, with as many terms each as `counts` says; offsets in bytes. */
export function coupleGram(gram: usize, targets: i32, counts: usize, sources: usize, values: usize, g: usize): void {
  for (let t = 0; t < targets; t++, counts += 4, g += 16) {
    let sum = f64x2.splat(0);
    for (let e = load<i32>(counts); e > 0; e--, sources += 4, values += 8)
      sum = f64x2.add(sum, f64x2.mul(v128.load64_splat(values), v128.load(gram + load<i32>(sources))));
    v128.store(g, sum);
  }
}
