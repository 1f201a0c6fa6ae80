/**
 * The model file: safetensors with the arrays of `ModelContent`, and everything else as one JSON string in the
 * metadata. The environments are stored as their neighbours; their features are made again from them.
 */
import type { Environment } from "../../descriptor/environment.js";
import { BrineError, isBrineError } from "../../errors.js";
import { readSafetensors, writeSafetensors, type Tensor } from "../../io/safetensors.js";
import type { Matrix } from "../../math/matrix.js";
import { blockKey, blocksOf } from "../blocks.js";
import { densityModel, type DensityModel, type ModelContent } from "../prediction/density-model.js";
import { trainSettings } from "../settings.js";

const FORMAT = "brine model";
/** Raised by any change after which older versions would read a file wrongly. 2: the far field of environments, 3: with dipoles. */
const VERSION = 3;

type Header = Pick<ModelContent, "level" | "settings" | "summary" | "madeBy" | "nuclearCharges" | "trainingKeys"> & {
  readonly format: string;
  readonly version: number;
  readonly descriptor: ModelContent["recipe"]["descriptor"];
  /** For each λ whether features were selected. */
  readonly selected: readonly boolean[];
  readonly species: readonly number[];
  readonly committee?: { readonly factor: number; readonly members: number };
};

/** The bytes of a model file. */
export function saveModel(model: ModelContent): Uint8Array {
  const { level, settings, summary, madeBy, nuclearCharges, trainingKeys, recipe, environments, averages, weights } =
    model;
  const species = Object.keys(environments).map(Number);
  const header: Header = {
    format: FORMAT,
    version: VERSION,
    level,
    settings,
    summary,
    ...(madeBy ? { madeBy } : {}),
    nuclearCharges,
    trainingKeys,
    descriptor: recipe.descriptor,
    selected: recipe.selected.map((features) => features !== undefined),
    species,
    ...(model.committee
      ? { committee: { factor: model.committee.factor, members: model.committee.members.length } }
      : {}),
  };
  const tensors = new Map<string, Tensor>();
  const put = (name: string, data: Tensor["data"], shape: readonly number[] = [data.length]): unknown =>
    tensors.set(name, { shape, data });
  recipe.selected.forEach((features, lambda) => features && put(`features/${lambda}`, features));
  for (const z of species) {
    put(`averages/${z}`, averages[z]);
    put(`scales/${z}`, recipe.scales[z]);
    const packed = packEnvironments(environments[z]);
    const fields = packFields(environments[z]);
    put(`environments/${z}/first`, packed.first);
    put(`environments/${z}/species`, packed.species);
    put(`environments/${z}/displacements`, packed.displacements, [packed.species.length, 3]);
    if (fields) put(`environments/${z}/fields`, fields.data, [fields.rows, fields.columns]);
  }
  for (const [key, { rows, columns, data }] of weights)
    put(`weights/${key}`, data.slice(0, rows * columns), [rows, columns]);
  model.committee?.members.forEach((member, s) => {
    for (const [key, { rows, columns, data }] of member)
      put(`committee/${s}/${key}`, data.slice(0, rows * columns), [rows, columns]);
  });
  return writeSafetensors(tensors, { brine: JSON.stringify(header) });
}

/** Whether a file with these first bytes (100 are enough) was written by `saveModel`, in whatever version. */
export function isModel(start: Uint8Array): boolean {
  const metadata = JSON.stringify({ __metadata__: { brine: JSON.stringify({ format: FORMAT }) } });
  return new TextDecoder("latin1").decode(start.subarray(8)).startsWith(metadata.replace(/}"}}$/, ""));
}

/**
 * Reads a model file. Throws `corrupt` for a damaged, truncated or foreign file, `unsupported` for one of a
 * later version of brine. `source` names the file in messages.
 */
export function loadModel(bytes: Uint8Array, source?: string): DensityModel {
  const where = source === undefined ? {} : { where: source };
  const { tensors, metadata } = readSafetensors(bytes, source);
  const header = readHeader(metadata, where);
  try {
    return densityModel(readContent(header, tensors));
  } catch (error) {
    throw isBrineError(error, "unsupported")
      ? error
      : new BrineError(
          "corrupt",
          `the model is damaged (${error instanceof Error ? error.message : String(error)}); copy or train it again`,
          where,
        );
  }
}

function readHeader(metadata: Record<string, string>, where: { where?: string }): Header {
  let header: Partial<Header> | null = null;
  try {
    header = JSON.parse(metadata["brine"] ?? "null") as Partial<Header> | null;
  } catch (cause) {
    throw new BrineError("corrupt", "the header of the model is damaged; copy or train it again", { ...where, cause });
  }
  if (header?.format !== FORMAT || typeof header.version !== "number")
    throw new BrineError("corrupt", "this is not a brine model", where);
  if (header.version > VERSION)
    throw new BrineError(
      "unsupported",
      `the model was written by a later version of brine (format ${header.version}, this one reads up to ${VERSION}); update brine`,
      where,
    );
  return upgraded(header as Header);
}

/** Models of format 1 have no far field, those of format 2 one of charges alone. */
function upgraded(header: Header): Header {
  const { version, settings, descriptor } = header;
  if (version >= 3) return header;
  const withoutDipoles = <T extends object>(field: T): T => ({ ...field, polarizability: 0 });
  const farField = version >= 2 && settings.farField ? withoutDipoles(settings.farField) : null;
  return {
    ...header,
    settings: { ...settings, farField },
    descriptor: descriptor.farField ? { ...descriptor, farField: withoutDipoles(descriptor.farField) } : descriptor,
  };
}

function readContent(header: Header, tensors: ReadonlyMap<string, Tensor>): ModelContent {
  const floats = (name: string, length?: number): Float64Array => {
    const data = tensors.get(name)?.data;
    if (!(data instanceof Float64Array)) throw new Error(`${name} is missing`);
    if (length !== undefined && data.length !== length)
      throw new Error(`${name} has ${data.length} numbers instead of ${length}`);
    if (data.some((value) => !Number.isFinite(value))) throw new Error(`${name} holds something that is not a number`);
    return data;
  };
  const integers = (name: string): Int32Array => {
    const data = tensors.get(name)?.data;
    if (!(data instanceof Int32Array)) throw new Error(`${name} is missing`);
    return data;
  };
  const { level, settings, summary, madeBy, nuclearCharges, trainingKeys, descriptor, species } = header;
  const blocks = blocksOf(level.auxiliary, species);
  const perSpecies = <T>(read: (z: number) => T): Record<number, T> =>
    Object.fromEntries(species.map((z) => [z, read(z)]));
  const environments = perSpecies((z) => {
    const neighbours = tensors.get(`environments/${z}/species`)?.data;
    if (!(neighbours instanceof Uint8Array)) throw new Error(`environments/${z}/species is missing`);
    const found = unpackEnvironments(
      z,
      integers(`environments/${z}/first`),
      neighbours,
      floats(`environments/${z}/displacements`, 3 * neighbours.length),
    );
    if (!descriptor.farField) return found;
    const size = (descriptor.lmax + 1) ** 2;
    const fields = floats(`environments/${z}/fields`, found.length * size);
    return found.map((environment, j) => ({ ...environment, field: fields.slice(j * size, (j + 1) * size) }));
  });
  const weightsNamed = (prefix: string): Map<string, Matrix> =>
    new Map(
      blocks.map((block): [string, Matrix] => {
        const rows = environments[block.species].length * (2 * block.lambda + 1);
        const data = floats(`${prefix}/${blockKey(block)}`, rows * block.channels);
        return [blockKey(block), { rows, columns: block.channels, data }];
      }),
    );
  return {
    level,
    settings: trainSettings(settings),
    summary,
    ...(madeBy ? { madeBy } : {}),
    nuclearCharges,
    trainingKeys,
    averages: perSpecies((z) =>
      floats(`averages/${z}`, blocks.find((block) => block.species === z && block.lambda === 0)?.channels ?? 0),
    ),
    recipe: {
      descriptor,
      selected: header.selected.map((chosen, lambda) => (chosen ? integers(`features/${lambda}`) : undefined)),
      scales: perSpecies((z) => floats(`scales/${z}`)),
    },
    environments,
    weights: weightsNamed("weights"),
    ...(header.committee
      ? {
          committee: {
            factor: header.committee.factor,
            members: Array.from({ length: header.committee.members }, (_, s) => weightsNamed(`committee/${s}`)),
          },
        }
      : {}),
  };
}

interface PackedEnvironments {
  /** [M + 1]: first neighbour of each environment. */
  readonly first: Int32Array;
  readonly species: Uint8Array;
  /** [neighbours, 3], bohr. */
  readonly displacements: Float64Array;
}

function packEnvironments(environments: readonly Environment[]): PackedEnvironments {
  const first = new Int32Array(environments.length + 1);
  environments.forEach(({ species }, j) => (first[j + 1] = first[j] + species.length));
  const species = new Uint8Array(first[environments.length]);
  const displacements = new Float64Array(3 * species.length);
  environments.forEach((environment, j) => {
    species.set(environment.species, first[j]);
    displacements.set(environment.displacements, 3 * first[j]);
  });
  return { first, species, displacements };
}

/** The fields at the environments, a row each, where there are any. */
function packFields(environments: readonly Environment[]): Matrix | undefined {
  const columns = environments[0].field?.length;
  if (columns === undefined) return undefined;
  const data = new Float64Array(environments.length * columns);
  environments.forEach(({ field }, j) => data.set(field!, j * columns));
  return { rows: environments.length, columns, data };
}

function unpackEnvironments(
  centre: number,
  first: Int32Array,
  species: Uint8Array,
  displacements: Float64Array,
): Environment[] {
  if (first.length < 2 || first[0] !== 0 || first[first.length - 1] !== species.length)
    throw new Error(`the environments of species ${centre} are inconsistent`);
  return Array.from({ length: first.length - 1 }, (_, j) => ({
    centre,
    species: species.slice(first[j], first[j + 1]),
    displacements: displacements.slice(3 * first[j], 3 * first[j + 1]),
  }));
}
