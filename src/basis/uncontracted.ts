/**
 * The primitives of a basis as functions of their own. The valence density of a pseudopotential has no cusp: the core
 * contractions of an auxiliary basis for all electrons do not fit it, its primitives without the tightest ones do.
 */
import { BrineError } from "../errors.js";
import { normalisedShell, type Basis, type Shell } from "./basis.js";

/**
 * Every primitive with an exponent ≤ `largest` (bohr⁻²) once, l ascending and exponents descending; the basis is named
 * `name:uncontracted:largest`. Throws `input` unless `largest` is a positive number.
 */
export function uncontracted(basis: Basis, largest: number): Basis {
  if (!(largest > 0 && Number.isFinite(largest)))
    throw new BrineError("input", `the largest exponent of an uncontracted basis must be positive, not ${largest}`);
  const shells = Object.entries(basis.shells).map(([z, contracted]) => [z, primitives(contracted, largest)] as const);
  return { name: `${basis.name}:uncontracted:${largest}`, shells: Object.fromEntries(shells) };
}

function primitives(contracted: readonly Shell[], largest: number): Shell[] {
  return [...new Set(contracted.map(({ l }) => l))]
    .toSorted((a, b) => a - b)
    .flatMap((l) => {
      const exponents = contracted.filter((shell) => shell.l === l).flatMap((shell) => [...shell.exponents]);
      return [...new Set(exponents)]
        .filter((alpha) => alpha <= largest)
        .toSorted((a, b) => b - a)
        .map((alpha) => normalisedShell({ l, exponents: [alpha], coefficients: [1] }));
    });
}
