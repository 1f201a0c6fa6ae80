/**
 * A model of the second derivatives of the energy at an equilibrium geometry, from that geometry alone.
 *
 *   H = Σ_q k_q b_q b_qᵀ,   b_q = ∂q/∂r,   k = k_r ρ_ij | k_φ ρ_ij ρ_jk | k_τ ρ_ij ρ_jk ρ_kl,
 *   ρ_ij = exp( α_ij (r²_ref,ij − r²_ij) )
 *
 * over stretches, bends and torsions q of all atoms, bonded or not: ρ fades with distance.
 * R. Lindh, A. Bernhardsson, G. Karlström, P.-Å. Malmqvist, Chem. Phys. Lett. 241, 423 (1995), doi:10.1016/0009-2614(95)00646-L.
 */
import { matrix, type Matrix } from "../math/matrix.js";
import { cross } from "../math/vectors.js";
import { atomCount, type Structure } from "./structure.js";

type Vector = [number, number, number];

/** hartree/bohr², hartree/rad², hartree/rad². */
const STRETCH = 0.45;
const BEND = 0.15;
const TORSION = 0.005;

/** α (bohr⁻²) and r_ref (bohr) by the rows of the periodic table of the two atoms; row 3 stands for all below. */
const DECAY = [
  [1.0, 0.3949, 0.3949],
  [0.3949, 0.28, 0.28],
  [0.3949, 0.28, 0.28],
];
const REFERENCE_LENGTH = [
  [1.35, 2.1, 2.53],
  [2.1, 2.87, 3.4],
  [2.53, 3.4, 3.4],
];

/** Bends and torsions run along pairs with ρ above this; what is left out is softer than 1e-3 of a bond. */
const SMALLEST_WEIGHT = 1e-3;
/** Below this sine an angle counts as straight: a torsion about it has no meaning, a bend gets two directions. */
const STRAIGHT = 0.05;

/** The Hessian in Cartesian coordinates, [3 atoms, 3 atoms], hartree/bohr²; positive semidefinite. The cell is ignored. */
export function modelHessian(structure: Structure): Matrix {
  const n = atomCount(structure);
  const hessian = matrix(3 * n, 3 * n);
  const weights = pairWeights(structure);
  const near = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => j).filter((j) => j !== i && weights[i * n + j] > SMALLEST_WEIGHT),
  );
  const position = (i: number): Vector => [
    structure.positions[3 * i],
    structure.positions[3 * i + 1],
    structure.positions[3 * i + 2],
  ];
  const weight = (i: number, j: number): number => weights[i * n + j];

  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const u = unit(minus(position(i), position(j)));
      add(hessian, STRETCH * weight(i, j), [i, j], [u, scale(-1, u)]);
    }
  for (let j = 0; j < n; j++)
    for (const i of near[j])
      for (const k of near[j]) {
        if (k < i)
          for (const derivative of bendDerivatives(position(i), position(j), position(k)))
            add(hessian, BEND * weight(i, j) * weight(j, k), [i, j, k], derivative);
        if (j > k) continue;
        for (const l of near[k]) {
          if (i === k || l === j || l === i) continue;
          const derivative = torsionDerivative(position(i), position(j), position(k), position(l));
          if (derivative) add(hessian, TORSION * weight(i, j) * weight(j, k) * weight(k, l), [i, j, k, l], derivative);
        }
      }
  return hessian;
}

function pairWeights({ species, positions }: Structure): Float64Array {
  const n = species.length;
  const row = (z: number): number => (z <= 2 ? 0 : z <= 10 ? 1 : 2);
  const weights = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      const squared = [0, 1, 2].reduce((sum, d) => sum + (positions[3 * i + d] - positions[3 * j + d]) ** 2, 0);
      const [a, b] = [row(species[i]), row(species[j])];
      weights[i * n + j] = Math.exp(DECAY[a][b] * (REFERENCE_LENGTH[a][b] ** 2 - squared));
    }
  return weights;
}

/** H ← H + k b bᵀ, with b given by its parts on `atoms`. */
function add(hessian: Matrix, k: number, atoms: readonly number[], parts: readonly Vector[]): void {
  for (let a = 0; a < atoms.length; a++)
    for (let b = 0; b < atoms.length; b++)
      for (let x = 0; x < 3; x++)
        for (let y = 0; y < 3; y++)
          hessian.data[(3 * atoms[a] + x) * hessian.columns + 3 * atoms[b] + y] += k * parts[a][x] * parts[b][y];
}

/** ∂θ/∂(r_i, r_j, r_k) of the angle at j; for a straight one, of the bends in two perpendicular planes. */
function bendDerivatives(i: Vector, j: Vector, k: Vector): [Vector, Vector, Vector][] {
  const a = minus(i, j);
  const b = minus(k, j);
  const u = unit(a);
  const v = unit(b);
  const cosine = dot(u, v);
  const sine = length(cross(u, v));
  const parts = (p: Vector, q: Vector): [Vector, Vector, Vector] => {
    const onI = scale(1 / length(a), p);
    const onK = scale(1 / length(b), q);
    return [onI, scale(-1, plus(onI, onK)), onK];
  };
  if (sine > STRAIGHT)
    return [parts(scale(1 / sine, minus(scale(cosine, u), v)), scale(1 / sine, minus(scale(cosine, v), u)))];
  if (cosine > 0) return [];
  const axis: Vector = Math.abs(u[0]) < 0.6 ? [1, 0, 0] : [0, 1, 0];
  const first = unit(cross(u, axis));
  const second = cross(u, first);
  return [parts(first, first), parts(second, second)];
}

/** ∂τ/∂(r_i, r_j, r_k, r_l) (A. Blondel, M. Karplus, J. Comput. Chem. 17, 1132 (1996)); none where three atoms are in line. */
function torsionDerivative(i: Vector, j: Vector, k: Vector, l: Vector): [Vector, Vector, Vector, Vector] | undefined {
  const f = minus(i, j);
  const g = minus(j, k);
  const h = minus(l, k);
  const a = cross(f, g);
  const b = cross(h, g);
  const lengthG = length(g);
  if (length(a) < STRAIGHT * length(f) * lengthG || length(b) < STRAIGHT * length(h) * lengthG) return undefined;
  const onI = scale(-lengthG / dot(a, a), a);
  const onL = scale(lengthG / dot(b, b), b);
  const shift = minus(scale(dot(f, g) / (dot(a, a) * lengthG), a), scale(dot(h, g) / (dot(b, b) * lengthG), b));
  return [onI, minus(shift, onI), scale(-1, plus(shift, onL)), onL];
}

const plus = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const scale = (s: number, a: Vector): Vector => [s * a[0], s * a[1], s * a[2]];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const length = (a: Vector): number => Math.sqrt(dot(a, a));
const unit = (a: Vector): Vector => scale(1 / length(a), a);
