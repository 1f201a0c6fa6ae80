/**
 * Exchange–correlation functionals of the total density of closed shells, in libxc's unpolarised layout:
 * ρ and σ = |∇ρ|² in; energy per electron and the derivatives of ρ ε out. A new functional is one file of
 * terms and one line in the table.
 */
import { BrineError } from "../errors.js";
import { addPbeCorrelation } from "./pbe-correlation.js";
import { addPbeExchange } from "./pbe-exchange.js";
import { addPw92 } from "./pw92.js";
import { addSlater } from "./slater.js";
import { addVwn5 } from "./vwn5.js";
import type { GradientTerm, LocalTerm, XcOutput } from "./xc-term.js";

export { ldaKernel } from "./lda-kernel.js";
export type { XcOutput } from "./xc-term.js";

export interface Functional {
  readonly name: string;
  /** What it depends on: `lda` the density, `gga` its gradient too. */
  readonly family: "lda" | "gga";
  /** Overwrites `out` at every point. Points with ρ < 1e-10 are empty: zeros. */
  evaluate(rho: Float64Array, sigma: Float64Array | undefined, out: XcOutput): void;
}

function local(name: string, ...terms: readonly LocalTerm[]): Functional {
  return {
    name,
    family: "lda",
    evaluate(rho, _sigma, out) {
      out.exc.fill(0);
      out.vrho.fill(0);
      out.vsigma?.fill(0);
      for (const term of terms) term(rho, out);
    },
  };
}

function gradientCorrected(name: string, ...terms: readonly GradientTerm[]): Functional {
  return {
    name,
    family: "gga",
    evaluate(rho, sigma, out) {
      if (!sigma || !out.vsigma)
        throw new BrineError("usage", `the functional ${name} needs |∇ρ|² and room for vsigma`);
      out.exc.fill(0);
      out.vrho.fill(0);
      out.vsigma.fill(0);
      for (const term of terms) term(rho, sigma, out, out.vsigma);
    },
  };
}

/** `lda` is Slater + PW92; `svwn5` has VWN5 correlation instead. */
const FUNCTIONALS: readonly Functional[] = [
  gradientCorrected("pbe", addPbeExchange, addPbeCorrelation),
  local("lda", addSlater, addPw92),
  local("svwn5", addSlater, addVwn5),
];

const ALIASES: Readonly<Record<string, string>> = { spw92: "lda" };

/** The functional of that name in any case. Throws `usage` with the names there are. */
export function functionalByName(name: string): Functional {
  const lower = name.toLowerCase();
  const found = FUNCTIONALS.find((functional) => functional.name === (ALIASES[lower] ?? lower));
  if (!found)
    throw new BrineError(
      "usage",
      `unknown functional "${name}"; there are ${FUNCTIONALS.map((functional) => functional.name).join(", ")}`,
    );
  return found;
}
