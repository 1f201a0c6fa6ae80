/**
 * Quantities at many points together with their derivatives by a few variables (forward-mode differentiation: each
 * operation carries the chain rule along). For functionals whose derivatives nobody should write by hand; every
 * operation is a plain loop over the points.
 */

export interface Jet {
  readonly value: Float64Array;
  /** By each variable; null where the quantity does not depend on it. */
  readonly slopes: readonly (Float64Array | null)[];
}

/** Variable number `index` of `count`. */
export function variable(value: Float64Array, index: number, count: number): Jet {
  return {
    value,
    slopes: Array.from({ length: count }, (_, k) => (k === index ? new Float64Array(value.length).fill(1) : null)),
  };
}

export function add(a: Jet, b: Jet): Jet {
  return { value: sum(a.value, b.value, 1), slopes: a.slopes.map((slope, k) => sumOf(slope, b.slopes[k], 1)) };
}

export function subtract(a: Jet, b: Jet): Jet {
  return { value: sum(a.value, b.value, -1), slopes: a.slopes.map((slope, k) => sumOf(slope, b.slopes[k], -1)) };
}

export function multiply(a: Jet, b: Jet): Jet {
  const value = product(a.value, b.value);
  return { value, slopes: a.slopes.map((slope, k) => sumOf(scaled(slope, b.value), scaled(b.slopes[k], a.value), 1)) };
}

export function divide(a: Jet, b: Jet): Jet {
  const inverse = b.value.map((x) => 1 / x);
  const value = product(a.value, inverse);
  const weight = product(value, inverse);
  return { value, slopes: a.slopes.map((slope, k) => sumOf(scaled(slope, inverse), scaled(b.slopes[k], weight), -1)) };
}

/** factor·a + shift */
export function affine(a: Jet, factor: number, shift = 0): Jet {
  return {
    value: a.value.map((x) => factor * x + shift),
    slopes: a.slopes.map((slope) => slope && slope.map((x) => factor * x)),
  };
}

/** f(a), with the derivative of f. */
export function apply(a: Jet, f: (x: number) => number, derivative: (x: number) => number): Jet {
  const weight = a.value.map((x) => derivative(x));
  return { value: a.value.map((x) => f(x)), slopes: a.slopes.map((slope) => scaled(slope, weight)) };
}

export function power(a: Jet, exponent: number): Jet {
  return apply(
    a,
    (x) => x ** exponent,
    (x) => exponent * x ** (exponent - 1),
  );
}

export function exponential(a: Jet): Jet {
  return apply(a, Math.exp, Math.exp);
}

/** A function of `of` given by its values and derivatives at the points. */
export function compose(value: Float64Array, derivative: Float64Array, of: Jet): Jet {
  return { value, slopes: of.slopes.map((slope) => scaled(slope, derivative)) };
}

/** a + sign·b */
function sumOf(a: Float64Array | null, b: Float64Array | null, sign: 1 | -1): Float64Array | null {
  if (!a) return b && (sign === 1 ? b : b.map((x) => -x));
  return b ? sum(a, b, sign) : a;
}

function sum(a: Float64Array, b: Float64Array, sign: 1 | -1): Float64Array {
  const result = new Float64Array(a.length);
  for (let p = 0; p < a.length; p++) result[p] = a[p] + sign * b[p];
  return result;
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length);
  for (let p = 0; p < a.length; p++) result[p] = a[p] * b[p];
  return result;
}

function scaled(slope: Float64Array | null, weight: Float64Array): Float64Array | null {
  return slope && product(slope, weight);
}
