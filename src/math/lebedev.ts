/**
 * Lebedev quadrature on the unit sphere: ∫ f dΩ / 4π ≈ Σ w_i f(n_i), exact for all spherical harmonics up
 * to the degree of the rule and invariant under the octahedral group with inversion.
 * Source: V. I. Lebedev, D. N. Laikov, Dokl. Math. 59, 477 (1999).
 */
import { BrineError } from "../errors.js";
import { LEBEDEV_RULES } from "./lebedev-table.js";

export interface SphereRule {
  /** Spherical harmonics up to this degree are integrated exactly. */
  readonly degree: number;
  readonly count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  /** Add up to 1. A few rules (74, 230, 266 points) have negative ones. */
  readonly weights: Float64Array;
}

const known = new Map<number, SphereRule>();

/** Numbers of points of the rules there are, ascending: 6, 14, 26 … 1454. */
export function lebedevSizes(): number[] {
  return LEBEDEV_RULES.map(([, points]) => points);
}

/** The rule with exactly `points` points. Throws `input` when there is none. */
export function lebedev(points: number): SphereRule {
  const cached = known.get(points);
  if (cached) return cached;
  const entry = LEBEDEV_RULES.find(([, size]) => size === points);
  if (!entry)
    throw new BrineError(
      "input",
      `there is no Lebedev rule of ${points} points; the sizes are ${lebedevSizes().join(", ")}`,
    );
  const rule = expand(entry[0], points, entry[2]);
  known.set(points, rule);
  return rule;
}

function expand(degree: number, count: number, classes: string): SphereRule {
  const rule = {
    degree,
    count,
    x: new Float64Array(count),
    y: new Float64Array(count),
    z: new Float64Array(count),
    weights: new Float64Array(count),
  };
  let filled = 0;
  for (const entry of classes.split(";")) {
    const [kind, ...parameters] = entry.trim().split(/\s+/);
    const [weight, first, second] = parameters.map(Number);
    filled = addOrbit(rule, filled, representative(kind, first, second), weight);
  }
  if (filled !== count)
    throw new BrineError("corrupt", `the table of the ${count}-point Lebedev rule gives ${filled} points`);
  return rule;
}

function representative(kind: string, first: number, second: number): readonly [number, number, number] {
  switch (kind) {
    case "a1":
      return [0, 0, 1];
    case "a2":
      return [0, Math.SQRT1_2, Math.SQRT1_2];
    case "a3":
      return [1 / Math.sqrt(3), 1 / Math.sqrt(3), 1 / Math.sqrt(3)];
    case "b":
      return [first, first, Math.sqrt(1 - 2 * first * first)];
    case "c":
      return [first, Math.sqrt(1 - first * first), 0];
    default:
      return [first, second, Math.sqrt(1 - first * first - second * second)];
  }
}

const PERMUTATIONS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

/** All distinct sign changes and permutations of one point; returns the new number of points. */
function addOrbit(rule: SphereRule, filled: number, point: readonly [number, number, number], weight: number): number {
  const seen = new Set<string>();
  let next = filled;
  for (const [i, j, k] of PERMUTATIONS)
    for (let signs = 0; signs < 8; signs++) {
      const x = signs & 1 ? -point[i] : point[i];
      const y = signs & 2 ? -point[j] : point[j];
      const z = signs & 4 ? -point[k] : point[k];
      const key = `${x + 0},${y + 0},${z + 0}`; // + 0 turns −0 into 0
      if (seen.has(key)) continue;
      seen.add(key);
      rule.x[next] = x;
      rule.y[next] = y;
      rule.z[next] = z;
      rule.weights[next++] = weight;
    }
  return next;
}
