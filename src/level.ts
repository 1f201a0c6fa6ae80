/** What a calculation was done with: everything that numbers of one dataset or model must share. */
import type { Basis } from "./basis/basis.js";
import type { Pseudopotentials } from "./basis/pseudopotential.js";
import { sameContent } from "./canonical-json.js";
import { BrineError, type SettingName } from "./errors.js";

/** Default of `Numerics.grid`. */
export const DEFAULT_GRID = 3;
/** Default of `Numerics.planewaveCutoff`, hartree: 300 Ry. */
export const DEFAULT_CUTOFF = 150;
/** Default of `Numerics.tolerance`, hartree. */
export const DEFAULT_TOLERANCE = 1e-9;

/** Coulomb: J_PQ = (P|Q); overlap: S_PQ = ∫χ_P χ_Q. */
export type MetricName = "coulomb" | "overlap";

/** Settings that change a result only within its numerical error; datasets may mix them, but for `planewaveCutoff`. */
export interface Numerics {
  /** `builtin`, `pyscf`, `cp2k`, or `imported`. */
  readonly engine: string;
  /** Of the engine. */
  readonly version: string;
  /** Molecular grid, 1 (coarse) … 9 (fine). */
  readonly grid?: number;
  /** Periodic: cutoff of the density's plane waves, hartree (`--cutoff` and CP2K give it in Ry = ½ hartree). */
  readonly planewaveCutoff?: number;
  /** SCF convergence, hartree. */
  readonly tolerance?: number;
}

/** Bases are given by content, not by name, so that a file is complete in itself. */
export interface LevelOfTheory {
  /** Lower case: `pbe`, `lda`. */
  readonly functional: string;
  /** What the orbitals are expanded in. */
  readonly orbitals: Basis;
  /** The RI-J basis. */
  readonly coulombFit?: Basis;
  /** What stands for nuclei and core electrons; absent for all electrons. */
  readonly pseudopotentials?: Pseudopotentials;
  /** What the density is expanded in. */
  readonly auxiliary: Basis;
  /** The metric in which densities are fitted. */
  readonly fitMetric: MetricName;
  /** Electronic temperature kT of Fermi smearing, hartree; absent for whole occupations. */
  readonly smearing?: number;
  /** How accurately, and with which program. */
  readonly numerics: Numerics;
}

/** The RI-J basis of a level. Throws `input` when it has none. */
export function coulombFitOf(level: LevelOfTheory): Basis {
  if (!level.coulombFit) throw new BrineError("input", "the level of theory has no RI-J basis, which molecules need");
  return level.coulombFit;
}

/** `pbe/def2-svp`; with smearing `pbe/def2-svp, kT 0.01 Eh`. */
export function levelName({ functional, orbitals, smearing }: LevelOfTheory): string {
  const name = `${functional}/${orbitals.name}`;
  return smearing === undefined ? name : `${name}, kT ${smearing} Eh`;
}

const LEVEL_PARTS = [
  "functional",
  "orbitals",
  "coulombFit",
  "pseudopotentials",
  "auxiliary",
  "fitMetric",
  "smearing",
] as const;

type LevelPart = (typeof LEVEL_PARTS)[number];

/** The parts of two levels that differ (empty: the same level), numerics left out: `functional`, `auxiliary`, …. */
export function levelDifferences(a: LevelOfTheory, b: LevelOfTheory): LevelPart[] {
  return LEVEL_PARTS.filter((part) => !sameContent(a[part], b[part]));
}

/** What differs, by its names: `functional lda, not pbe; auxiliary etb:2, not def2-universal-jfit` (empty: the same level). */
export function levelContrast(level: LevelOfTheory, other: LevelOfTheory): string {
  const nameOf = (part: Basis | Pseudopotentials | string | number | undefined): string =>
    typeof part === "object" ? part.name : String(part ?? "none");
  return levelDifferences(level, other)
    .map((part) => {
      const [ours, theirs] = [nameOf(level[part]), nameOf(other[part])];
      return ours === theirs ? `${part} another ${ours}` : `${part} ${ours}, not ${theirs}`;
    })
    .join("; ");
}

/** What `checkSameLevel` says: of what the levels are, and what to do. */
interface SameLevel {
  readonly where?: string;
  readonly whose: string;
  readonly remedy: string;
  readonly settings?: readonly SettingName[];
}

/**
 * Throws `mismatch` unless references at `level` may stand beside those at `other` in one dataset: all but the numerics
 * must be the same, and of these the plane-wave cutoff. `whose` names the others, `remedy` what to do about it.
 */
export function checkSameLevel(
  level: LevelOfTheory,
  other: LevelOfTheory,
  { where, whose, remedy, settings }: SameLevel,
): void {
  const contrast = levelContrast(level, other);
  if (contrast === "") return checkSameCutoff(level, other, where);
  throw new BrineError(
    "mismatch",
    `the level ${levelName(level)} differs from that of ${whose}, ${levelName(other)} (${contrast}); ${remedy}`,
    { ...(where === undefined ? {} : { where }), ...(settings ? { settings } : {}) },
  );
}

/**
 * Throws `mismatch` when `level` has another plane-wave cutoff than the references that `other` belongs to. Where two
 * engines agree to 1e-7 hartree, two cutoffs differ by meV an atom: of all numerics only this one may not be mixed.
 */
function checkSameCutoff(level: LevelOfTheory, other: LevelOfTheory, where?: string): void {
  const [ours, theirs] = [level, other].map(({ numerics }) => numerics.planewaveCutoff);
  if (ours === undefined || theirs === undefined || ours === theirs) return;
  throw new BrineError(
    "mismatch",
    `a cutoff of ${2 * ours} Ry, and the other references have ${2 * theirs} Ry; their energies are not comparable: take theirs, or another dataset`,
    { ...(where === undefined ? {} : { where }), settings: ["planewaveCutoff"], value: theirs },
  );
}
