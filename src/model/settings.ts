/** What a training run can be told. Lengths in bohr. */
import { BrineError } from "../errors.js";
import { elementSymbol } from "../structure/elements.js";
import { BOHR_IN_ANGSTROM } from "../units.js";
import * as z from "zod";

const positive = z.number().positive();
const count = z.int().positive();
/** An atomic number as it is written: "08" would be the key of no atom. */
const species = z.string().regex(/^[1-9]\d*$/);
/** docs/decisions/0011-induced-dipoles.md. */
const POLARIZABILITY = 5;

const schema = z.strictObject({
  /** Radius of the neighbourhoods, bohr. */
  cutoffRadius: positive.default(4 / BOHR_IN_ANGSTROM),
  /** By atomic number of the atom at the centre: a smaller radius, bohr. */
  cutoffOfSpecies: z.record(species, positive).default({}),
  /** Radii of further, smaller spheres that are described beside the first, bohr; kernels are means over all. */
  innerCutoffs: z.array(positive).default([]),
  /** Width of the shifted cosine that ends them, bohr. */
  smoothing: positive.default(0.1 / BOHR_IN_ANGSTROM),
  /** Width of the Gaussians of the neighbour density, bohr. */
  sigma: positive.default(0.3 / BOHR_IN_ANGSTROM),
  nmax: count.default(8),
  lmax: z.int().nonnegative().default(6),
  /** Neighbours weigh 1/(1 + (r/radius)^exponent); null: all the same. */
  scaling: z
    .strictObject({ exponent: positive, radius: positive })
    .nullable()
    .default({ exponent: 4, radius: 2 / BOHR_IN_ANGSTROM }),
  /**
   * The potential of distant charges as a channel of the descriptor: width of the charges, bohr, size of the channel
   * relative to the others of the same l, and polarisability of atoms in units of their covalent radius cubed; null: none.
   */
  farField: z
    .strictObject({
      width: positive,
      weight: positive,
      polarizability: z.number().nonnegative().default(POLARIZABILITY),
    })
    .nullable()
    .default({ width: 0.8 / BOHR_IN_ANGSTROM, weight: 0.1, polarizability: POLARIZABILITY }),
  zeta: z.int().positive().default(2),
  /** Sparse environments per species: one number, or by atomic number. */
  environments: z.union([z.literal("auto"), count, z.record(species, count)]).default("auto"),
  /** Features kept for each λ. */
  features: z.union([z.literal("auto"), count]).default("auto"),
  lossMetric: z.enum(["coulomb", "overlap"]).default("coulomb"),
  /** η relative to the largest eigenvalue of the on-site problem. */
  regularization: z.union([z.literal("auto"), positive]).default("auto"),
  solver: z.enum(["auto", "cg", "direct"]).default("auto"),
  /** Members of the committee for uncertainties; 0: none; auto: 8 where structures are held out to calibrate it. */
  committee: z.union([z.literal("auto"), z.int().nonnegative()]).default("auto"),
  seed: z.int().nonnegative().default(1),
  /** Share of the training structures held out while η is chosen. */
  validationFraction: z.number().gt(0).lt(1).default(0.15),
});

export type TrainSettings = Readonly<z.output<typeof schema>>;
export type PartialTrainSettings = Readonly<z.input<typeof schema>>;

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

/** The settings with defaults filled in. Throws `usage` naming what is wrong. */
export function trainSettings(given: PartialTrainSettings = {}): TrainSettings {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new BrineError("usage", issue.message, { where: `training setting ${issue.path.join(".") || "object"}` });
}
