/**
 * Nuclear derivatives of the two integrals of the RI-J energy at fixed D and c,
 *
 *   E_H = ½ bᵀJ⁻¹b  ⇒  ∂E_H = Σ_μνP D_μν ∂(μν|P) c_P − ½ Σ_PQ c_P ∂(P|Q) c_Q,   c = J⁻¹b
 *
 * each [atoms, 3]: electrons repel a charge distribution of which both D and c are known, so no integral is stored.
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import { checkBoysOrder } from "../math/boys.js";
import type { Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import { addField, chargedBatches, RAISED, type ChargedBatch } from "./gradient-field.js";
import { pairCharges, type PairCharge } from "./gradient-pair.js";
import { expandShell, hermitesOf } from "./hermite-expansion.js";
import { hermiteCount } from "./hermite.js";

/** Gaussians with a smaller charge (electrons, with all derivatives of a Hermite Gaussian) exert no force worth the work. */
const NEGLIGIBLE_CHARGE = 1e-12;

/** Σ_μνP D_μν ∂(μν|P)/∂R c_P. Throws `mismatch` when D or c do not fit their bases. */
export async function threeCenterGradient(
  orbitals: PlacedBasis,
  auxiliary: PlacedBasis,
  density: Matrix,
  coefficients: Float64Array,
  options?: RunOptions,
): Promise<Float64Array> {
  checkCoefficients(auxiliary, coefficients);
  checkBoysOrder(2 * highest(orbitals) + highest(auxiliary) + 1);
  const gradient = new Float64Array(3 * (orbitals.atomFirst.length - 1));
  const sources = chargedBatches(auxiliary, coefficients);
  let shell: PlacedShell | undefined;
  for (const pair of pairCharges(orbitals, density)) {
    if (pair.first !== shell) await checkpoint(options);
    shell = pair.first;
    addPairGradient(pair, sources, gradient);
  }
  return gradient;
}

/** ½ Σ_PQ c_P ∂(P|Q)/∂R c_Q. Throws `mismatch` when c does not fit the basis. */
export function metricGradient(auxiliary: PlacedBasis, coefficients: Float64Array): Float64Array {
  checkCoefficients(auxiliary, coefficients);
  checkBoysOrder(2 * highest(auxiliary) + 1);
  const gradient = new Float64Array(3 * (auxiliary.atomFirst.length - 1));
  const sources = chargedBatches(auxiliary, coefficients);
  const ignored = new Float64Array(gradient.length); // the forces on the sources repeat those on the shells
  for (const shell of auxiliary.shells) addShellGradient(shell, coefficients, sources, gradient, ignored);
  return gradient;
}

/** The force between the charge of a pair of orbital shells and `sources`, on all centres that take part. */
export function addPairGradient(pair: PairCharge, sources: readonly ChargedBatch[], gradient: Float64Array): void {
  const { first, second, order, count, exponents, centres, charge, derivative } = pair;
  const hermites = hermiteCount(order);
  const raised = hermiteCount(order + 1);
  const field = new Float64Array(raised);
  for (let k = 0; k < count; k++) {
    const at = k * hermites;
    if (chargeOf(pair, k) < NEGLIGIBLE_CHARGE) continue;
    field.fill(0);
    addField(
      sources,
      exponents[k],
      centres[3 * k],
      centres[3 * k + 1],
      centres[3 * k + 2],
      order,
      charge,
      at,
      field,
      gradient,
    );
    for (let axis = 0; axis < 3; axis++) {
      let together = 0;
      for (let h = 0; h < hermites; h++) together += charge[at + h] * field[RAISED[3 * h + axis]];
      let alone = 0;
      for (let h = 0; h < raised; h++) alone += derivative[axis][k * raised + h] * field[h];
      gradient[3 * first.atom + axis] += alone;
      gradient[3 * second.atom + axis] += together - alone;
    }
  }
}

/** An estimate of the charge, Λ_tuv counted as (4p)^((t+u+v)/2) Gaussians. */
function chargeOf({ order, exponents, charge }: PairCharge, k: number): number {
  const hermites = hermiteCount(order);
  const scale = Math.max(1, 4 * exponents[k]) ** (order / 2);
  let largest = 0;
  for (let h = 0; h < hermites; h++) largest = Math.max(largest, Math.abs(charge[k * hermites + h]));
  return largest * scale * (Math.PI / exponents[k]) ** 1.5;
}

function addShellGradient(
  shell: PlacedShell,
  coefficients: Float64Array,
  sources: readonly ChargedBatch[],
  gradient: Float64Array,
  ignored: Float64Array,
): void {
  const expansion = expandShell(shell);
  const { order, functions, count, exponents } = expansion;
  const width = hermitesOf(expansion);
  const skipped = hermiteCount(order - 1);
  const charge = new Float64Array(hermiteCount(order));
  const field = new Float64Array(hermiteCount(order + 1));
  for (let k = 0; k < count; k++) {
    charge.fill(0);
    for (let m = 0; m < functions; m++)
      for (let h = 0; h < width; h++)
        charge[skipped + h] += coefficients[shell.first + m] * expansion.coefficients[(m * count + k) * width + h];
    field.fill(0);
    addField(sources, exponents[k], shell.x, shell.y, shell.z, order, charge, 0, field, ignored);
    for (let axis = 0; axis < 3; axis++)
      for (let h = skipped; h < charge.length; h++)
        gradient[3 * shell.atom + axis] += charge[h] * field[RAISED[3 * h + axis]];
  }
}

function checkCoefficients(basis: PlacedBasis, coefficients: Float64Array): void {
  if (coefficients.length !== basis.size)
    throw new BrineError("mismatch", `${coefficients.length} coefficients for a basis of ${basis.size} functions`);
}

function highest(basis: PlacedBasis): number {
  return Math.max(0, ...basis.shells.map(({ l }) => l));
}
