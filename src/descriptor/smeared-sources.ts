/**
 * Derivatives at the atoms of the potential of charges and dipoles of atoms, smeared into Gaussians of standard deviation s:
 *
 *   B^l_m(i) = S_lm(∇) V(r_i),   V = Σ_j (q_j − μ_j·∇) φ(r − r_j),   φ = erf(r/√2 s)/r.
 *
 * With a = 1/2s² and the Boys functions F_l, S_lm(∇) φ = 2√(a/π) (−2a)^l F_l(a r²) S_lm(r), and the gradient of F_l(a r²)
 * is −2a F_{l+1} r; for crystals see sources-in-crystal.ts.
 */
import { boys } from "../math/boys.js";
import { harmonicGradients, type HarmonicDerivative } from "../math/harmonic-gradients.js";
import { matrix, type Matrix } from "../math/matrix.js";
import { solidHarmonics } from "../math/solid-harmonics.js";
import type { Structure } from "../structure/structure.js";

/**
 * B of `sources` [atoms, 4], charge and dipole (x, y, z) of each atom: [atoms, (lmax + 1)²], columns lm, zero for l = 0.
 * The charge of an atom has no derivatives at its centre; its dipole has, as Gaussians have.
 */
export type FieldOfSources = (sources: Matrix, lmax: number) => Matrix;

/** Of the atoms of an isolated structure; `width` is s, bohr. */
export function fieldInMolecule({ positions }: Structure, width: number): FieldOfSources {
  const a = 1 / (2 * width * width);
  return (sources, lmax) => {
    const field = matrix(sources.rows, (lmax + 1) ** 2);
    const harmonics = new Float64Array(field.columns);
    const radial = new Float64Array(lmax + 2);
    const gradients = Array.from({ length: lmax + 1 }, (_, l) => harmonicGradients(l)).flat();
    const along = ({ firstIndex, first, secondIndex, second }: HarmonicDerivative): number =>
      first * harmonics[firstIndex] + second * harmonics[secondIndex];
    for (let i = 0; i < field.rows; i++)
      for (let j = 0; j < field.rows; j++) {
        const [q, mx, my, mz] = sources.data.subarray(4 * j, 4 * j + 4);
        const [x, y, z] = [0, 1, 2].map((d) => positions[3 * i + d] - positions[3 * j + d]);
        boys(lmax + 1, a * (x * x + y * y + z * z), radial);
        solidHarmonics(lmax, x, y, z, harmonics);
        const parallel = mx * x + my * y + mz * z;
        let factor = 2 * Math.sqrt(a / Math.PI);
        for (let l = 1; l <= lmax; l++) {
          factor *= -2 * a;
          const onHarmonic = factor * (q * radial[l] + 2 * a * parallel * radial[l + 1]);
          for (let k = l * l; k < (l + 1) ** 2; k++) {
            const [dx, dy, dz] = gradients[k];
            const slope = mx * along(dx) + my * along(dy) + mz * along(dz);
            field.data[i * field.columns + k] += onHarmonic * harmonics[k] - factor * radial[l] * slope;
          }
        }
      }
    return field;
  };
}
