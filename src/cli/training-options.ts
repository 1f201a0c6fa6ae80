/** The settings of a training as options of `train` and `curve`. */
import type { Command } from "commander";
import { BrineError } from "../errors.js";
import { trainSettings, type TrainSettings } from "../model/settings.js";
import { BOHR_IN_ANGSTROM } from "../units.js";
import { count, oneOf, perSpecies, positive, positivePerElement, withConfig } from "./options.js";

/** Lengths in bohr: in ångström they are as they are typed, and only there. */
export interface TrainingOptions {
  readonly seed: number;
  readonly environments?: number | Map<number, number>;
  readonly features?: number;
  readonly cutoff?: number;
  readonly sigma?: number;
  readonly nmax?: number;
  readonly lmax?: number;
  readonly zeta?: number;
  readonly regularization: "auto" | number;
  readonly metric: "coulomb" | "overlap";
  readonly cutoffOfSpecies?: ReadonlyMap<number, number>;
  readonly innerCutoffs?: readonly number[];
  readonly scaling?: { readonly exponent: number; readonly radius: number } | "none";
  readonly farField?: { readonly width: number; readonly weight: number; readonly polarizability?: number } | "none";
  readonly solver: "auto" | "cg" | "direct";
  readonly committee?: number | "auto";
  /** Bytes. */
  readonly memory?: number;
}

/** Adds the settings of a training to a command. */
export function addTrainingOptions(command: Command): Command {
  const automatic =
    (option: string) =>
    (text: string): number | "auto" =>
      text === "auto" ? text : positive(option)(text);
  return withConfig(
    command
      .option("--seed <n>", "seed of every random choice", count("--seed", 0), 1)
      .option(
        "--environments <n>",
        "sparse environments per species: a number or H:100,O:200 (auto)",
        perSpecies("--environments"),
      )
      .option("--features <n>", "features per λ (auto)", count("--features"))
      .option("--cutoff <ångström>", "radius of the neighbourhoods (4)", angstrom("--cutoff"))
      .option(
        "--cutoff-of-species <list>",
        "smaller radii for atoms of some elements, ångström: H:3,O:3.5",
        angstromPerElement("--cutoff-of-species"),
      )
      .option(
        "--inner-cutoffs <list>",
        "radii of smaller spheres described beside the neighbourhood, ångström: 2.5,3",
        // As a list in a settings file may be empty.
        (text: string) => (text === "" ? [] : text.split(",").map(angstrom("--inner-cutoffs"))),
      )
      .option(
        "--scaling <list>",
        "neighbours weigh 1/(1 + (r/radius)^exponent), ångström: radius:2,exponent:4 (the default), or none",
        scaling,
      )
      .option(
        "--far-field <list>",
        "the potential of distant charges and the dipoles they induce: width:0.8,weight:0.1,polarizability:5 (the default; width in ångström), or none",
        farField,
      )
      .option("--sigma <ångström>", "width of the neighbour density (0.3)", angstrom("--sigma"))
      .option("--nmax <n>", "radial functions (8)", count("--nmax"))
      .option("--lmax <l>", "angular momenta (6)", count("--lmax", 0))
      .option("--zeta <n>", "exponent of the kernel (2)", count("--zeta"))
      .option("--regularization <x>", "auto, or relative to the on-site problem", automatic("--regularization"), "auto")
      .option(
        "--metric <name>",
        "metric of the loss: coulomb or overlap",
        oneOf("--metric", ["coulomb", "overlap"] as const),
        "coulomb",
      )
      .option(
        "--committee <n>",
        "members of a committee that tells how sure predictions are (0: none; auto: 8)",
        (text: string) => (text === "auto" ? text : count("--committee", 0)(text)),
      )
      .option("--solver <name>", "auto, cg or direct", oneOf("--solver", ["auto", "cg", "direct"] as const), "auto")
      .option("--memory <GB>", "memory that the run may take, about (8)", (text) => 1e9 * positive("--memory")(text)),
    { cutoffRadius: "cutoff", lossMetric: "metric" },
  );
}

/** The settings that were given, with defaults for the rest. Throws `usage`. */
export function settingsFrom(options: TrainingOptions): TrainSettings {
  const { environments, cutoffOfSpecies } = options;
  return trainSettings({
    seed: options.seed,
    regularization: options.regularization,
    lossMetric: options.metric,
    solver: options.solver,
    environments: environments instanceof Map ? Object.fromEntries(environments) : environments,
    committee: options.committee,
    features: options.features,
    cutoffRadius: options.cutoff,
    cutoffOfSpecies: cutoffOfSpecies && Object.fromEntries(cutoffOfSpecies),
    innerCutoffs: options.innerCutoffs,
    scaling: orNull(options.scaling),
    farField: orNull(options.farField),
    sigma: options.sigma,
    nmax: options.nmax,
    lmax: options.lmax,
    zeta: options.zeta,
  });
}

/** A length as it is typed, in bohr. */
function angstrom(option: string): (text: string) => number {
  return (text) => positive(option)(text) / BOHR_IN_ANGSTROM;
}

function angstromPerElement(option: string): (text: string) => Map<number, number> {
  return (text) => new Map([...positivePerElement(option)(text)].map(([z, length]) => [z, length / BOHR_IN_ANGSTROM]));
}

/** `none` as settings have it; as the value of an option commander would take null for an empty text. */
function orNull<T>(value: T | "none" | undefined): T | null | undefined {
  return value === "none" ? null : value;
}

/** `name:number,…` */
function numbersByName(option: string): (text: string) => Map<string, number> {
  return (text) =>
    new Map(
      text.split(",").map((part) => {
        const [name, value = ""] = part.split(":");
        return [name.trim(), positive(option, true)(value)];
      }),
    );
}

function scaling(text: string): TrainingOptions["scaling"] {
  const values = namedNumbers("--scaling", text, ["radius", "exponent"], [], "radius:2,exponent:4");
  return values === "none" ? values : { radius: values.radius / BOHR_IN_ANGSTROM, exponent: values.exponent };
}

function farField(text: string): TrainingOptions["farField"] {
  const example = "width:0.8,weight:0.1,polarizability:5";
  const values = namedNumbers("--far-field", text, ["width", "weight"], ["polarizability"], example);
  return values === "none" ? values : { ...values, width: values.width / BOHR_IN_ANGSTROM };
}

/** The numbers with these names, some of which can be left out, or `none`. */
function namedNumbers<Name extends string, Optional extends string>(
  option: string,
  text: string,
  names: readonly Name[],
  optional: readonly Optional[],
  example: string,
): (Record<Name, number> & Partial<Record<Optional, number>>) | "none" {
  if (text === "none" || text === "null") return "none";
  const values = numbersByName(option)(text);
  const known: readonly string[] = [...names, ...optional];
  if (!names.every((name) => values.has(name)) || [...values.keys()].some((name) => !known.includes(name)))
    throw new BrineError("usage", `expected ${example} or none, not "${text}"`, { where: option });
  return Object.fromEntries(values) as Record<Name, number> & Partial<Record<Optional, number>>;
}
