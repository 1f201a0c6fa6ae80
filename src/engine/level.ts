/** Puts a level of theory of the builtin engine together. */
import type { Basis } from "../basis/basis.js";
import type { Pseudopotentials } from "../basis/pseudopotential.js";
import { BrineError } from "../errors.js";
import { functionalByName } from "../functional/functional.js";
import { DEFAULT_CUTOFF, DEFAULT_GRID, DEFAULT_TOLERANCE, type LevelOfTheory, type MetricName } from "../level.js";
import { VERSION } from "../version.js";

/** The parts of a level of theory. */
export interface LevelChoice {
  /** Name of the functional in any case: `pbe`. */
  readonly functional: string;
  /** What the orbitals are expanded in. */
  readonly orbitals: Basis;
  /** The RI-J basis of a molecular level. */
  readonly coulombFit?: Basis;
  /** Of a periodic level. */
  readonly pseudopotentials?: Pseudopotentials;
  /** Cutoff of the plane waves of the density of a periodic level, hartree. */
  readonly planewaveCutoff?: number;
  /** What densities are expanded in. */
  readonly auxiliary: Basis;
  /** The metric in which densities are fitted (`coulomb`). */
  readonly fitMetric?: MetricName;
  /** Electronic temperature kT, hartree (none). */
  readonly smearing?: number;
  /** 1 … 9 */
  readonly grid?: number;
  /** SCF convergence, hartree. */
  readonly tolerance?: number;
}

/** Throws `usage` for an unknown functional and for numbers out of range. */
export function buildLevel(choice: LevelChoice): LevelOfTheory {
  const {
    orbitals,
    coulombFit,
    pseudopotentials,
    planewaveCutoff = DEFAULT_CUTOFF,
    auxiliary,
    fitMetric = "coulomb",
    grid = DEFAULT_GRID,
    tolerance = DEFAULT_TOLERANCE,
    smearing,
  } = choice;
  const functional = functionalByName(choice.functional).name;
  if (!(Number.isInteger(grid) && grid >= 1 && grid <= 9))
    throw new BrineError("usage", `the grid level is ${grid}; choose 1 (coarse) to 9 (fine)`);
  if (!(tolerance > 0 && tolerance <= 1e-3))
    throw new BrineError("usage", `the SCF tolerance is ${tolerance}; choose a positive number up to 1e-3 hartree`);
  if (smearing !== undefined && !(smearing > 0 && smearing <= 0.5))
    throw new BrineError(
      "usage",
      `the electronic temperature is ${smearing}; choose a positive number up to 0.5 hartree`,
    );
  if (!(planewaveCutoff >= 10 && planewaveCutoff <= 5000))
    throw new BrineError(
      "usage",
      `the plane-wave cutoff is ${2 * planewaveCutoff} Ry; choose 20 to 10000 Ry (300 is usual)`,
    );
  return {
    functional,
    orbitals,
    ...(coulombFit ? { coulombFit } : {}),
    ...(pseudopotentials ? { pseudopotentials } : {}),
    auxiliary,
    fitMetric,
    ...(smearing === undefined ? {} : { smearing }),
    numerics: {
      engine: "builtin",
      version: VERSION,
      ...(pseudopotentials ? { planewaveCutoff } : { grid }),
      tolerance,
    },
  };
}
