/** The model file: safetensors with the arrays of `ModelContent`, and everything else as one JSON string in the metadata. */
import { readSafetensors, writeSafetensors, type Tensor } from "../../io/safetensors.js";
import { blocksOf } from "../blocks.js";
import { densityModel, type DensityModel, type ModelContent } from "../prediction/density-model.js";
import { FORMAT, parseHeader, VERSION, type Header } from "./header.js";
import { packEnvironments, unpackEnvironments } from "./packed-environments.js";
import { packWeights, unpackWeights } from "./packed-weights.js";
import { namedTensors, type NamedTensors } from "./tensors.js";

/** The bytes of a model file. */
export function saveModel(model: ModelContent): Uint8Array {
  const { level, settings, summary, madeBy, nuclearCharges, trainingKeys, recipe, environments, committee } = model;
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
    ...(committee ? { committee: { factor: committee.factor, members: committee.members.length } } : {}),
  };
  const tensors = new Map<string, Tensor>();
  const put = (name: string, data: Tensor["data"]): unknown => tensors.set(name, { shape: [data.length], data });
  recipe.selected.forEach((features, lambda) => features && put(`features/${lambda}`, features));
  for (const z of species) {
    put(`averages/${z}`, model.averages[z]);
    put(`scales/${z}`, recipe.scales[z]);
    for (const [name, tensor] of packEnvironments(environments[z])) tensors.set(`environments/${z}/${name}`, tensor);
  }
  for (const [name, tensor] of packWeights(model)) tensors.set(name, tensor);
  return writeSafetensors(tensors, { brine: JSON.stringify(header) });
}

/** Whether a file with these first bytes (100 are enough) was written by `saveModel`, in whatever version. */
export function isModel(start: Uint8Array): boolean {
  const metadata = JSON.stringify({ __metadata__: { brine: JSON.stringify({ format: FORMAT }) } });
  return new TextDecoder("latin1").decode(start.subarray(8)).startsWith(metadata.replace(/}"}}$/, ""));
}

/**
 * Reads a model file. Throws `corrupt` for a damaged, truncated or foreign file, `unsupported` for one of a
 * later version of brine. `source` names the file in messages. The first prediction with each element is slower than
 * those after it, for the features of the model's environments of that element are made then and kept: keep the model.
 */
export function loadModel(bytes: Uint8Array, source?: string): DensityModel {
  const where = source === undefined ? {} : { where: source };
  const { tensors, metadata } = readSafetensors(bytes, source);
  const header = parseHeader(metadata["brine"], where);
  return densityModel(readContent(header, namedTensors(tensors, where), where));
}

function readContent(header: Header, tensors: NamedTensors, where: { readonly where?: string }): ModelContent {
  const { level, settings, summary, madeBy, nuclearCharges, trainingKeys, descriptor, species, committee } = header;
  const blocks = blocksOf(level.auxiliary, species);
  const perSpecies = <T>(read: (z: number) => T): Record<number, T> =>
    Object.fromEntries(species.map((z) => [z, read(z)]));
  const fieldSize = descriptor.farField ? (descriptor.lmax + 1) ** 2 : 0;
  const environments = perSpecies((z) => unpackEnvironments(tensors, z, fieldSize, where));
  const weightsOf = (prefix: string): ReturnType<typeof unpackWeights> =>
    unpackWeights(tensors, prefix, blocks, (z) => environments[z].length, where);
  return {
    level,
    settings,
    summary,
    ...(madeBy ? { madeBy } : {}),
    nuclearCharges,
    trainingKeys,
    averages: perSpecies((z) =>
      tensors.floats(`averages/${z}`, blocks.find((block) => block.species === z && block.lambda === 0)?.channels ?? 0),
    ),
    recipe: {
      descriptor,
      selected: header.selected.map((chosen, lambda) => (chosen ? tensors.integers(`features/${lambda}`) : undefined)),
      scales: perSpecies((z) => tensors.floats(`scales/${z}`)),
    },
    environments,
    weights: weightsOf("weights"),
    ...(committee
      ? {
          committee: {
            factor: committee.factor,
            members: Array.from({ length: committee.members }, (_, s) => weightsOf(`committee/${s}`)),
          },
        }
      : {}),
  };
}
