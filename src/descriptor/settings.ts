/** What a descriptor depends on. All lengths in bohr. */
import { BrineError } from "../errors.js";
import { elementSymbol } from "../structure/elements.js";
import { BOHR_IN_ANGSTROM } from "../units.js";

/** What makes the far field (far-field.ts). */
export interface FarField {
  /** Standard deviation of charges and dipoles, bohr. */
  readonly width: number;
  /** κ = α/R³ of atoms of covalent radius R; 0: charges alone. */
  readonly polarizability: number;
}

/** Neighbours weigh 1/(1 + (r/radius)^exponent). */
export interface Scaling {
  /** 4 by default in training. */
  readonly exponent: number;
  /** Where a neighbour weighs a half, bohr (2 Å). */
  readonly radius: number;
}

/** What a descriptor depends on. All lengths in bohr. */
export interface DescriptorSettings {
  /** Neighbours at this distance or beyond do not count. */
  readonly cutoffRadius: number;
  /** Width over which the cutoff function falls from 1 to 0. */
  readonly smoothing: number;
  /** Standard deviation of the Gaussian put on each neighbour. */
  readonly sigma: number;
  /** Radial functions per l. */
  readonly nmax: number;
  /** Largest l of the expansion. */
  readonly lmax: number;
  /** How neighbours fade with their distance; `null`: all weigh 1. */
  readonly scaling: Scaling | null;
  /** Atomic numbers of the neighbour species, ascending. */
  readonly species: readonly number[];
  /** By atomic number of the centre: a smaller radius than `cutoffRadius`. */
  readonly cutoffOfSpecies?: Readonly<Record<string, number>>;
  /** Radii of further, smaller spheres, described side by side with the outer one. */
  readonly innerCutoffs?: readonly number[];
  /** The potential of distant charges as one channel more (`far-field.ts`), and its factor for each l ≤ lmax. */
  readonly farField?: FarField & {
    /** For each l ≤ lmax. */
    readonly factors: readonly number[];
  };
}

/** Number of channels q = (neighbour species, n), n fastest; the far field is the last. */
export function channelCount({ species, nmax, farField }: DescriptorSettings): number {
  return species.length * nmax + (farField ? 1 : 0);
}

/** The recursion tables of the solid harmonics end here. */
const LMAX = 24;

/** In ångström, as lengths are given on the command line, and in bohr, as the library takes them. */
function lengthText(bohr: number): string {
  const digits = (x: number): string => String(Number(x.toPrecision(6)));
  return `${digits(bohr * BOHR_IN_ANGSTROM)} Å (${digits(bohr)} bohr)`;
}

/** Throws `usage`, naming the setting, for settings that no descriptor can have. */
export function checkSettings(settings: DescriptorSettings): void {
  const { cutoffRadius, smoothing, sigma, nmax, lmax, scaling, species, cutoffOfSpecies, innerCutoffs } = settings;
  const demand = (holds: boolean, message: string): void => {
    if (!holds) throw new BrineError("usage", message, { where: "descriptor settings" });
  };
  const positive = (x: number): boolean => x > 0 && Number.isFinite(x);
  demand(positive(cutoffRadius), `the cutoff radius must be positive, not ${lengthText(cutoffRadius)}`);
  demand(
    smoothing > 0 && smoothing <= cutoffRadius,
    `the smoothing width must be between 0 and the cutoff radius, not ${lengthText(smoothing)}`,
  );
  const radii = [...Object.values(cutoffOfSpecies ?? {}), ...(innerCutoffs ?? [])];
  for (const radius of radii)
    demand(
      radius >= smoothing && radius <= cutoffRadius,
      `cutoffs of species and inner cutoffs must be between the smoothing width, ${lengthText(smoothing)}, and the cutoff radius, ${lengthText(cutoffRadius)}, not ${lengthText(radius)}`,
    );
  demand(positive(sigma), `sigma must be positive, not ${lengthText(sigma)}`);
  demand(Number.isInteger(nmax) && nmax >= 1, `nmax must be a positive integer, not ${nmax}`);
  demand(Number.isInteger(lmax) && lmax >= 0 && lmax <= LMAX, `lmax must be an integer from 0 to ${LMAX}, not ${lmax}`);
  if (scaling)
    demand(
      positive(scaling.exponent) && positive(scaling.radius),
      "exponent and radius of the scaling must be positive",
    );
  demand(species.length > 0, "at least one neighbour species is needed");
  for (let i = 1; i < species.length; i++)
    demand(
      species[i] > species[i - 1],
      `the neighbour species must ascend without repeats: ${species.map(elementSymbol).join(", ")}`,
    );
}
