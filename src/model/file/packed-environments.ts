/** Environments as they are stored: the neighbours of all of a species one after another; their features are made again. */
import type { Environment } from "../../descriptor/environment.js";
import type { Tensor } from "../../io/safetensors.js";
import { damaged } from "./header.js";
import type { NamedTensors } from "./tensors.js";

/**
 * By name: `first` [M + 1], the first neighbour of each environment; `species` and `displacements` [·, 3] (bohr) of the
 * neighbours; `fields` [M, (lmax + 1)²] where the descriptor has the far field.
 */
export function packEnvironments(environments: readonly Environment[]): Map<string, Tensor> {
  const first = new Int32Array(environments.length + 1);
  environments.forEach(({ species }, j) => (first[j + 1] = first[j] + species.length));
  const species = new Uint8Array(first[environments.length]);
  const displacements = new Float64Array(3 * species.length);
  environments.forEach((environment, j) => {
    species.set(environment.species, first[j]);
    displacements.set(environment.displacements, 3 * first[j]);
  });
  const packed = new Map<string, Tensor>([
    ["first", { shape: [first.length], data: first }],
    ["species", { shape: [species.length], data: species }],
    ["displacements", { shape: [species.length, 3], data: displacements }],
  ]);
  const columns = environments[0].field?.length;
  if (columns === undefined) return packed;
  const data = new Float64Array(environments.length * columns);
  environments.forEach(({ field }, j) => data.set(field!, j * columns));
  return packed.set("fields", { shape: [environments.length, columns], data });
}

/** Those of the species `centre`; `fieldSize`: (lmax + 1)², or 0 without the far field. Throws `corrupt`. */
export function unpackEnvironments(
  tensors: NamedTensors,
  centre: number,
  fieldSize: number,
  where: { readonly where?: string },
): Environment[] {
  const name = `environments/${centre}`;
  const first = tensors.integers(`${name}/first`);
  const species = tensors.bytes(`${name}/species`);
  const displacements = tensors.floats(`${name}/displacements`, 3 * species.length);
  const count = first.length - 1;
  const ascends = first.every((at, j) => j === 0 || at >= first[j - 1]);
  if (count < 1 || first[0] !== 0 || first[count] !== species.length || !ascends)
    throw damaged(`${name} is inconsistent`, where);
  const fields = fieldSize > 0 ? tensors.floats(`${name}/fields`, count * fieldSize) : undefined;
  return Array.from({ length: count }, (_, j) => ({
    centre,
    species: species.slice(first[j], first[j + 1]),
    displacements: displacements.slice(3 * first[j], 3 * first[j + 1]),
    ...(fields ? { field: fields.slice(j * fieldSize, (j + 1) * fieldSize) } : {}),
  }));
}
