/**
 * Gaussians replaced by wider ones of the same multipole moment, for Ewald sums: outside of both, their potentials are
 * equal. A primitive S_lm exp(−γr²) has the Fourier transform (π/γ)^(3/2) (2γ)^(−l) (−i)^l S_lm(G) exp(−G²/4γ); in the
 * smeared one γ is η wherever γ > η. All compact shells of one l on an atom then have one function in common.
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";

/** Distinct smeared functions, of transform (−i)^l S_lm(G) exp(−G²/4e), and how they make up those of a basis. */
export interface SmearedBasis {
  /** One primitive a shell. */
  readonly basis: PlacedBasis;
  /** For each shell of the original basis. */
  readonly parts: readonly (readonly SmearedPart[])[];
}

export interface SmearedPart {
  /** First function of the smeared shell. */
  readonly first: number;
  readonly factor: number;
}

export function smearedBasis({ shells, atomFirst }: PlacedBasis, eta: number): SmearedBasis {
  const smeared: PlacedShell[] = [];
  const starts = new Int32Array(atomFirst.length);
  const parts: SmearedPart[][] = [];
  let size = 0;
  let onAtom = new Map<string, number>();
  shells.forEach((shell, s) => {
    if (s > 0 && shell.atom !== shells[s - 1].atom) onAtom = new Map();
    const factors = new Map<number, number>();
    shell.exponents.forEach((gamma, q) => {
      const e = Math.min(gamma, eta);
      factors.set(e, (factors.get(e) ?? 0) + shell.factors[q] * momentOf(shell.l, gamma));
    });
    parts.push(
      [...factors].map(([e, factor]) => {
        const key = `${shell.l}:${e}`;
        const first = onAtom.get(key) ?? size;
        if (first === size) {
          onAtom.set(key, first);
          smeared.push({
            ...shell,
            first,
            exponents: Float64Array.of(e),
            factors: Float64Array.of(1 / momentOf(shell.l, e)),
          });
          size += 2 * shell.l + 1;
        }
        return { first, factor };
      }),
    );
    starts.fill(size, shell.atom + 1);
  });
  return { basis: { shells: smeared, size, atomFirst: starts }, parts };
}

/** (π/γ)^(3/2) (2γ)^(−l). */
export function momentOf(l: number, gamma: number): number {
  return (Math.PI / gamma) ** 1.5 * (2 * gamma) ** -l;
}
