/**
 * A small seeded random number generator: xoshiro128** (Blackman & Vigna, ACM TOMS 47, 36 (2021)), its
 * state filled from the seed by splitmix32. Same seed, same numbers, on every machine. Not for secrets.
 */

export interface RandomGenerator {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal deviate (Marsaglia's polar method). */
  normal(): number;
  /** Uniform integer in 0 … n − 1. */
  integer(n: number): number;
  /** Shuffles in place (Fisher–Yates) and returns the array. */
  shuffle<T>(items: T[]): T[];
}

/** A generator for `seed`, of which the lowest 53 bits of its integer part count. */
export function randomGenerator(seed: number): RandomGenerator {
  const bits = xoshiro(seed);
  let spare: number | undefined;

  const uniform = (): number => {
    const high = bits() >>> 5;
    return (high * 67108864 + (bits() >>> 6)) / 9007199254740992;
  };
  const normal = (): number => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const r2 = x * x + y * y;
      if (r2 >= 1 || r2 === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(r2)) / r2);
      spare = y * scale;
      return x * scale;
    }
  };
  const integer = (n: number): number => Math.floor(uniform() * n);
  const shuffle = <T>(items: T[]): T[] => {
    for (let i = items.length - 1; i > 0; i--) {
      const j = integer(i + 1);
      [items[i], items[j]] = [items[j], items[i]];
    }
    return items;
  };
  return { uniform, normal, integer, shuffle };
}

/** The 32-bit generator itself. */
function xoshiro(seed: number): () => number {
  const split = splitmix((seed ^ Math.floor(seed / 4294967296)) | 0);
  let a = split();
  let b = split();
  let c = split();
  let d = split();
  return () => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
}

/** Splitmix with 32 bits of state; a bijection, so that four calls in a row are never all zero. */
function splitmix(state: number): () => number {
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) | 0;
  };
}
