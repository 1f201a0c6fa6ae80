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
 * P[μ, f] ← s w_f Σ_m1 X1[q_f, m1] U[k_f, m1].
 *
 * `channels`: byte offset in X2 of each q'_k. Of each (μ, m1) in order `counts` holds the number of terms, at most
 * two in a real basis; of each term `sources` holds the byte offset of m2 and `values` C. `features`: byte offsets of
 * q_f in X1 and of k_f in U; `weights`: w_f; `scale`: s of both lanes, which go to `first` and `second`, with
 * `row` bytes from μ to μ.
 */
export function coupledProducts(
  n1: i32, x1: usize, x2: usize, components: i32, channels: usize, used: i32, counts: usize, sources: usize, values: usize,
  u: usize, features: usize, weights: usize, wanted: i32, scale: usize, first: usize, second: usize, row: usize,
): void {
  for (let mu = 0; mu < components; mu++, first += row, second += row) {
    for (let m1 = 0; m1 < n1; m1++, counts += 4) {
      const terms = load<i32>(counts);
      coupleChannels(terms, x2, channels, used, sources, values, u + (<usize>m1 << 4), <usize>n1 << 4);
      sources += <usize>terms << 2;
      values += <usize>terms << 3;
    }
    if (n1 == 1) productsOf(1, n1, x1, u, features, weights, wanted, scale, first, second);
    else if (n1 == 3) productsOf(3, n1, x1, u, features, weights, wanted, scale, first, second);
    else if (n1 == 5) productsOf(5, n1, x1, u, features, weights, wanted, scale, first, second);
    else if (n1 == 7) productsOf(7, n1, x1, u, features, weights, wanted, scale, first, second);
    else if (n1 == 9) productsOf(9, n1, x1, u, features, weights, wanted, scale, first, second);
    else if (n1 == 11) productsOf(11, n1, x1, u, features, weights, wanted, scale, first, second);
    else productsOf(13, n1, x1, u, features, weights, wanted, scale, first, second);
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

/** Features two at a time. `n` is n1 where the loop over m1 is to be unrolled, up to 11; 13 stands for all longer ones. */
@inline
function productsOf(n: i32, n1: i32, x: usize, u: usize, features: usize, weights: usize, wanted: i32, scale: usize, first: usize, second: usize): void {
  const s0 = v128.load64_splat(scale);
  const s1 = v128.load64_splat(scale, 8);
  let f = wanted;
  for (; f >= 2; f -= 2, features += 16, weights += 16, first += 16, second += 16) {
    const p = dot(n, n1, x + load<i32>(features), u + load<i32>(features, 4));
    const q = dot(n, n1, x + load<i32>(features, 8), u + load<i32>(features, 12));
    const w = v128.load(weights);
    v128.store(first, f64x2.mul(f64x2.mul(s0, w), v128.shuffle<f64>(p, q, 0, 2)));
    v128.store(second, f64x2.mul(f64x2.mul(s1, w), v128.shuffle<f64>(p, q, 1, 3)));
  }
  if (f == 0) return;
  const p = f64x2.mul(v128.load64_splat(weights), dot(n, n1, x + load<i32>(features), u + load<i32>(features, 4)));
  v128.store64_lane(first, f64x2.mul(s0, p), 0);
  v128.store64_lane(second, f64x2.mul(s1, p), 1);
}

@inline
function term(a: usize, b: usize, at: usize): v128 {
  return f64x2.mul(v128.load(a + at), v128.load(b + at));
}

/** Σ_m a_m b_m. */
@inline
function dot(n: i32, n1: i32, a: usize, b: usize): v128 {
  let even = term(a, b, 0);
  if (n == 1) return even;
  let odd = term(a, b, 16);
  even = f64x2.add(even, term(a, b, 32));
  if (n > 3) {
    odd = f64x2.add(odd, term(a, b, 48));
    even = f64x2.add(even, term(a, b, 64));
  }
  if (n > 5) {
    odd = f64x2.add(odd, term(a, b, 80));
    even = f64x2.add(even, term(a, b, 96));
  }
  if (n > 7) {
    odd = f64x2.add(odd, term(a, b, 112));
    even = f64x2.add(even, term(a, b, 128));
  }
  if (n > 9) {
    odd = f64x2.add(odd, term(a, b, 144));
    even = f64x2.add(even, term(a, b, 160));
  }
  if (n > 11)
    for (let m: usize = 176; m < <usize>n1 << 4; m += 32) {
      odd = f64x2.add(odd, term(a, b, m));
      even = f64x2.add(even, term(a, b, m + 16));
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
