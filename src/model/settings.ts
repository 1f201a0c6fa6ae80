/** What a training run can be told. Lengths in bohr. */
import { BrineError } from "../errors.js";
import { elementSymbol } from "../structure/elements.js";
import type { Scaling } from "../descriptor/settings.js";
import { BOHR_IN_ANGSTROM } from "../units.js";
import {
  bySpecies,
  count,
  fraction,
  listOf,
  natural,
  notNegative,
  objectOf,
  oneOf,
  or,
  positive,
  type Fields,
} from "./setting-types.js";

/** All settings of a training; lengths in bohr. */
export interface TrainSettings {
  /** Radius of the neighbourhoods, bohr (4 Å). */
  readonly cutoffRadius: number;
  /** By atomic number of the atom at the centre: a smaller radius, bohr. */
  readonly cutoffOfSpecies: Readonly<Record<string, number>>;
  /** Radii of further, smaller spheres that are described beside the first, bohr; kernels are means over all. */
  readonly innerCutoffs: readonly number[];
  /** Width of the shifted cosine that ends the spheres, bohr (0.1 Å). */
  readonly smoothing: number;
  /** Width of the Gaussians of the neighbour density, bohr (0.3 Å). */
  readonly sigma: number;
  /** Radial functions per l (8). */
  readonly nmax: number;
  /** Largest l of the expansion (6). */
  readonly lmax: number;
  /** How neighbours fade with their distance; null: all weigh the same. */
  readonly scaling: Scaling | null;
  /** The potential of distant charges; null: none. */
  readonly farField: FarFieldSetting | null;
  /** Exponent ζ of the kernel (2). */
  readonly zeta: number;
  /** Sparse environments per species: one number, or by atomic number. */
  readonly environments: "auto" | number | Readonly<Record<string, number>>;
  /** Features kept for each λ. */
  readonly features: "auto" | number;
  /** Metric M of the loss. */
  readonly lossMetric: "coulomb" | "overlap";
  /** η relative to the largest eigenvalue of the on-site problem. */
  readonly regularization: "auto" | number;
  /** What solves the linear problem (auto). */
  readonly solver: "auto" | "cg" | "direct";
  /** Members of the committee for uncertainties; 0: none; auto: 8 where structures are held out to calibrate it. */
  readonly committee: "auto" | number;
  /** Of every random choice (1). */
  readonly seed: number;
  /** Fraction of the training structures held out while η is chosen (0.15). */
  readonly validationFraction: number;
}

/** The potential of distant charges as a channel of the descriptor. */
export interface FarFieldSetting {
  /** Of the charges, bohr (0.8 Å). */
  readonly width: number;
  /** Size of the channel relative to the others of the same l (0.1). */
  readonly weight: number;
  /** Of atoms, in units of their covalent radius cubed (5); 0: charges alone. */
  readonly polarizability: number;
}

/** Settings to begin with: what is left out has its default. */
export type PartialTrainSettings = {
  readonly [Name in Exclude<keyof TrainSettings, "farField">]?: TrainSettings[Name] | undefined;
} & {
  /** Without `polarizability` it has its default. */
  readonly farField?:
    | (Omit<FarFieldSetting, "polarizability"> & Partial<Pick<FarFieldSetting, "polarizability">>)
    | null
    | undefined;
};

/** docs/decisions/0011-induced-dipoles.md. */
const POLARIZABILITY = 5;

const FAR_FIELD: Fields<FarFieldSetting> = {
  width: { kind: positive },
  weight: { kind: positive },
  polarizability: { kind: notNegative, otherwise: POLARIZABILITY },
};

const SETTINGS: Fields<TrainSettings> = {
  cutoffRadius: { kind: positive, otherwise: 4 / BOHR_IN_ANGSTROM },
  cutoffOfSpecies: { kind: bySpecies(positive), otherwise: {} },
  innerCutoffs: { kind: listOf(positive), otherwise: [] },
  smoothing: { kind: positive, otherwise: 0.1 / BOHR_IN_ANGSTROM },
  sigma: { kind: positive, otherwise: 0.3 / BOHR_IN_ANGSTROM },
  nmax: { kind: count, otherwise: 8 },
  lmax: { kind: natural, otherwise: 6 },
  scaling: {
    kind: or(null, objectOf({ exponent: { kind: positive }, radius: { kind: positive } })),
    otherwise: { exponent: 4, radius: 2 / BOHR_IN_ANGSTROM },
  },
  farField: {
    kind: or(null, objectOf(FAR_FIELD)),
    otherwise: { width: 0.8 / BOHR_IN_ANGSTROM, weight: 0.1, polarizability: POLARIZABILITY },
  },
  zeta: { kind: count, otherwise: 2 },
  environments: { kind: or<"auto", TrainSettings["environments"]>("auto", bySpecies(count), count), otherwise: "auto" },
  features: { kind: or("auto", count), otherwise: "auto" },
  lossMetric: { kind: oneOf(["coulomb", "overlap"]), otherwise: "coulomb" },
  regularization: { kind: or("auto", positive), otherwise: "auto" },
  solver: { kind: oneOf(["auto", "cg", "direct"]), otherwise: "auto" },
  committee: { kind: or("auto", natural), otherwise: "auto" },
  seed: { kind: natural, otherwise: 1 },
  validationFraction: { kind: fraction, otherwise: 0.15 },
};

/** The settings with defaults filled in. Throws `usage` naming the setting, what it can be and what it was. */
export function trainSettings(given: PartialTrainSettings = {}): TrainSettings {
  return objectOf(SETTINGS).read(given, "");
}

/** Throws `mismatch` for settings of an element that is none of `species`, those of the training structures. */
export function checkAskedSpecies({ environments, cutoffOfSpecies }: TrainSettings, species: readonly number[]): void {
  const check = (what: string, asked: object): void => {
    const missing = Object.keys(asked).find((z) => !species.includes(Number(z)));
    if (missing !== undefined)
      throw new BrineError(
        "mismatch",
        `${what} of ${elementSymbol(Number(missing))} is asked for, but no training structure contains it`,
      );
  };
  if (typeof environments === "object") check("a number of environments", environments);
  check("a cutoff", cutoffOfSpecies);
}
