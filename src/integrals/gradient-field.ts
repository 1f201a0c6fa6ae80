/**
 * Coulomb forces between one Gaussian with Hermite charges Q_tuv at P and the charges of many atom-centred functions.
 *
 *   U_tuv = Σ_s w_s,  w_s,tuv = Σ_m c_sm [tuv|s m],   E = Σ_tuv Q_tuv U_tuv
 *   ∂E/∂P_x = Σ_tuv Q_tuv U_{t+1,uv},   ∂E/∂C_s,x = −Σ_tuv Q_tuv w_s,{t+1,uv}
 *
 * The coefficients of a shell are contracted with its solid harmonics beforehand, so that a shell costs as much as one
 * function. This is the hot kernel of the gradients: plain loops over blocks of shells in scratch arrays of this module.
 */
import type { PlacedBasis } from "../basis/basis.js";
import { BOYS_ORDER_MAX } from "../math/boys.js";
import { solidHarmonicPolynomials } from "../math/solid-harmonics.js";
import type { Structure } from "../structure/structure.js";
import { gaussianBatches, pointCharges, type GaussianBatch } from "./gaussian-batch.js";
import { BLOCK, hermiteDerivatives } from "./hermite-rows.js";
import { forEachHermite, hermiteCount, hermiteIndex } from "./hermite.js";

/** The shells of one batch with a charge each. */
export interface ChargedBatch {
  readonly batch: GaussianBatch;
  /** Atom of each shell. */
  readonly atoms: Int32Array;
  /** Σ_m c_m S_lm as polynomials: [monomials of degree l, shells]. */
  readonly charge: Float64Array;
}

/** The density Σ_P c_P χ_P. */
export function chargedBatches(basis: PlacedBasis, coefficients: Float64Array): ChargedBatch[] {
  return gaussianBatches(basis).map((batch) => {
    const shells = basis.shells.filter(({ l }) => l === batch.l);
    return charged(
      batch,
      Int32Array.from(shells, ({ atom }) => atom),
      (s, m) => coefficients[shells[s].first + m],
    );
  });
}

/** The nuclei, with negative charges: what electrons feel. */
export function nuclearCharges(structure: Structure, charges: ArrayLike<number> = structure.species): ChargedBatch {
  const batch = pointCharges(structure, charges);
  return charged(
    batch,
    Int32Array.from({ length: batch.count }, (_, atom) => atom),
    () => -1,
  );
}

function charged(
  batch: GaussianBatch,
  atoms: Int32Array,
  coefficient: (shell: number, m: number) => number,
): ChargedBatch {
  const { l, count } = batch;
  const charge = new Float64Array((((l + 1) * (l + 2)) / 2) * count);
  solidHarmonicPolynomials(l).forEach((polynomial, m) => {
    for (const { i, j, k, c } of polynomial) {
      const row = (hermiteIndex(i, j, k) - hermiteCount(l - 1)) * count;
      for (let s = 0; s < count; s++) charge[row + s] += c * coefficient(s, m);
    }
  });
  return { batch, atoms, charge };
}

const W = new Float64Array(BLOCK);
const PULL = new Float64Array(3 * BLOCK);

/**
 * Adds U_tuv up to `order` + 1 of all sources to `field` [hermiteCount(order + 1)], and to `gradient` [atoms, 3] the
 * derivatives with respect to the centres of the sources in the field of the charges Q, `charge[at …]` up to `order`.
 */
export function addField(
  sources: readonly ChargedBatch[],
  p: number,
  px: number,
  py: number,
  pz: number,
  order: number,
  charge: Float64Array,
  at: number,
  field: Float64Array,
  gradient: Float64Array,
): void {
  for (const { batch, atoms, charge: polynomials } of sources) {
    const { l, count } = batch;
    const places = raisedPlaces(order + 1, l);
    for (let start = 0; start < count; start += BLOCK) {
      const n = Math.min(BLOCK, count - start);
      const derivatives = hermiteDerivatives("coulomb", order + 1 + l, p, px, py, pz, batch, start, n);
      PULL.fill(0);
      addBlock(order + 1, polynomials, count, start, n, places, derivatives, charge, at, field);
      for (let k = 0; k < n; k++)
        for (let axis = 0; axis < 3; axis++) gradient[3 * atoms[start + k] + axis] -= PULL[axis * BLOCK + k];
    }
  }
}

function addBlock(
  top: number,
  polynomials: Float64Array,
  count: number,
  start: number,
  n: number,
  places: Int32Array,
  derivatives: Float64Array,
  charge: Float64Array,
  at: number,
  field: Float64Array,
): void {
  const hermites = hermiteCount(top);
  const terms = places.length / hermites;
  for (let h = 0, place = 0; h < hermites; h++) {
    for (let m = 0; m < terms; m++, place++) {
      const from = places[place] * BLOCK;
      const c = m * count + start;
      if (m === 0) for (let k = 0; k < n; k++) W[k] = polynomials[c + k] * derivatives[from + k];
      else for (let k = 0; k < n; k++) W[k] += polynomials[c + k] * derivatives[from + k];
    }
    const [x, y, z] = [LOWERED[3 * h], LOWERED[3 * h + 1], LOWERED[3 * h + 2]];
    const qx = x < 0 ? 0 : charge[at + x];
    const qy = y < 0 ? 0 : charge[at + y];
    const qz = z < 0 ? 0 : charge[at + z];
    let sum = 0;
    for (let k = 0; k < n; k++) {
      const w = W[k];
      sum += w;
      PULL[k] += qx * w;
      PULL[BLOCK + k] += qy * w;
      PULL[2 * BLOCK + k] += qz * w;
    }
    field[h] += sum;
  }
}

/** Position of (t, u, v) with the index of an axis lowered by 1, −1 where there is none: [Hermite Gaussians, 3]. */
const LOWERED = new Int32Array(3 * hermiteCount(BOYS_ORDER_MAX)).fill(-1);
/** Position of (t, u, v) with the index of an axis raised by 1: [Hermite Gaussians, 3]. */
export const RAISED = new Int32Array(3 * hermiteCount(BOYS_ORDER_MAX - 1));
forEachHermite(BOYS_ORDER_MAX - 1, (t, u, v) => {
  const h = hermiteIndex(t, u, v);
  [hermiteIndex(t + 1, u, v), hermiteIndex(t, u + 1, v), hermiteIndex(t, u, v + 1)].forEach((up, axis) => {
    RAISED[3 * h + axis] = up;
    LOWERED[3 * up + axis] = h;
  });
});

const raisedPlacesCache = new Map<number, Int32Array>();

/** Position of tuv + ijk for all tuv up to `order` and all monomials ijk of degree l: [Hermite Gaussians, monomials]. */
function raisedPlaces(order: number, l: number): Int32Array {
  const key = order * 64 + l;
  const known = raisedPlacesCache.get(key);
  if (known) return known;
  const places: number[] = [];
  forEachHermite(order, (t, u, v) => {
    for (let rest = 0; rest <= l; rest++)
      for (let k = 0; k <= rest; k++) places.push(hermiteIndex(t + l - rest, u + rest - k, v + k));
  });
  const result = Int32Array.from(places);
  raisedPlacesCache.set(key, result);
  return result;
}
