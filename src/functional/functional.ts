/**
 * Exchange–correlation functionals in libxc's layouts: for closed shells ρ, σ = |∇ρ|² and τ of both spins together,
 * for open shells each spin's; energy per electron and the derivatives of ρ ε come out. A new functional is one file
 * of terms and one line in the table.
 */
import { BrineError } from "../errors.js";
import { addB88Exchange } from "./b88-exchange.js";
import { spinTerm } from "./correlation-formula.js";
import { addLyp, addSpinLyp } from "./lyp.js";
import { arraysOf, exchange, gradientCorrected, kinetic, local, scaled, spinArraysOf, type Part } from "./parts.js";
import { PBE, PBE_PRINTED, pbeCorrelation, type PbeConstants } from "./pbe-correlation.js";
import { pbeExchange } from "./pbe-exchange.js";
import { functionalProvider } from "./provider.js";
import { addPw92 } from "./pw92.js";
import { addR2scanCorrelation, addSpinR2scanCorrelation } from "./r2scan-correlation.js";
import { addR2scanExchange } from "./r2scan-exchange.js";
import { addSlater } from "./slater.js";
import { pbeCorrelationFormula } from "./spin-pbe-correlation.js";
import { pw92Formula, vwn5Formula, vwnRpaFormula } from "./uniform-gas.js";
import { addVwn5, addVwnRpa } from "./vwn.js";
import type { Functional } from "./xc-term.js";

export { ldaKernel } from "./lda-kernel.js";
export type { FunctionalProvider } from "./provider.js";
export type { Functional, SpinPoints, SpinXcOutput, XcOutput } from "./xc-term.js";

const slater = exchange(local(addSlater));
const pw92: Part = { closed: local(addPw92), open: spinTerm(pw92Formula) };
const vwn5: Part = { closed: local(addVwn5), open: spinTerm(vwn5Formula) };
const vwnRpa: Part = { closed: local(addVwnRpa), open: spinTerm(vwnRpaFormula) };
const pbe = (constants: PbeConstants): readonly [Part, Part] => [
  exchange(gradientCorrected(pbeExchange(constants))),
  {
    closed: gradientCorrected(pbeCorrelation(constants)),
    open: spinTerm(pbeCorrelationFormula(constants)),
  },
];
const [exchangeOfPbe, correlationOfPbe] = pbe(PBE);
const b88 = exchange(gradientCorrected(addB88Exchange));
const lyp: Part = { closed: gradientCorrected(addLyp), open: addSpinLyp };
const r2scanExchange = exchange(kinetic(addR2scanExchange));
const r2scanCorrelation: Part = { closed: kinetic(addR2scanCorrelation), open: addSpinR2scanCorrelation };

function functional(
  name: string,
  family: Functional["family"],
  parts: readonly Part[],
  exactExchange?: number,
): Functional {
  const check = (sigma: unknown, vsigma: unknown, tau: unknown, vtau: unknown): void => {
    if (family !== "lda" && !(sigma && vsigma))
      throw new BrineError("usage", `the functional ${name} needs |∇ρ|² and room for vsigma`);
    if (family === "mgga" && !(tau && vtau))
      throw new BrineError("usage", `the functional ${name} needs the kinetic-energy density and room for vtau`);
  };
  return {
    name,
    family,
    ...(exactExchange === undefined ? {} : { exactExchange }),
    evaluate(rho, sigma, out, tau) {
      check(sigma, out.vsigma, tau, out.vtau);
      for (const array of arraysOf(out)) array.fill(0);
      for (const { closed } of parts) closed(rho, sigma, tau, out);
    },
    evaluateSpin(points, out) {
      check(points.sigma, out.vsigma, points.tau, out.vtau);
      for (const array of spinArraysOf(out)) array.fill(0);
      for (const { open } of parts) open(points, out);
    },
  };
}

/** B3LYP with either form of VWN (Stephens, Devlin, Chabalowski, Frisch, J. Phys. Chem. 98, 11623 (1994)). */
function b3lyp(name: string, vwn: Part): Functional {
  return functional(name, "gga", [scaled(0.08, slater), scaled(0.72, b88), scaled(0.19, vwn), scaled(0.81, lyp)], 0.2);
}

/**
 * `pbe-cp2k` has the constants of CP2K's own PBE. `lda` is Slater + PW92; `svwn5` has VWN5 correlation instead. `b3lyp` has VWN(RPA), as in Gaussian and PySCF, `b3lyp5`
 * VWN5. PBE0: C. Adamo, V. Barone, J. Chem. Phys. 110, 6158 (1999). `hf` is Hartree–Fock: exact exchange and nothing else.
 */
const FUNCTIONALS: readonly Functional[] = [
  functional("pbe", "gga", [exchangeOfPbe, correlationOfPbe]),
  functional("pbe-cp2k", "gga", pbe(PBE_PRINTED)),
  functional("lda", "lda", [slater, pw92]),
  functional("svwn5", "lda", [slater, vwn5]),
  functional("blyp", "gga", [b88, lyp]),
  b3lyp("b3lyp", vwnRpa),
  b3lyp("b3lyp5", vwn5),
  functional("pbe0", "gga", [scaled(0.75, exchangeOfPbe), correlationOfPbe], 0.25),
  functional("hf", "gga", [], 1), // gga: its start, the potential of PBE, needs gradients
  functional("r2scan", "mgga", [r2scanExchange, r2scanCorrelation]),
];

const ALIASES: Readonly<Record<string, string>> = { spw92: "lda" };

/**
 * The functional of that name in any case: built in, else from the machine (`useMachine`). Throws `usage` with the
 * names there are.
 */
export function functionalByName(name: string): Functional {
  const lower = name.toLowerCase();
  const found =
    FUNCTIONALS.find((one) => one.name === (ALIASES[lower] ?? lower)) ??
    functionalProvider()?.(lower) ??
    "libxc is not in use here";
  if (typeof found !== "string") return found;
  throw new BrineError(
    "usage",
    `unknown functional "${name}"; built in are ${FUNCTIONALS.map((one) => one.name).join(", ")}; others come from libxc by its names, such as gga_x_b88+gga_c_p86: ${found}`,
  );
}

/** Whether the energy needs orbitals: exact exchange or the kinetic-energy density, which a density alone does not give. */
export function needsOrbitals({ family, exactExchange }: Functional): boolean {
  return family === "mgga" || exactExchange !== undefined;
}

/** What stands in where only a density is known: PBE for a functional of orbitals, good for a start; else the functional. */
export function startFunctional(functional: Functional): Functional {
  return needsOrbitals(functional) ? functionalByName("pbe") : functional;
}
