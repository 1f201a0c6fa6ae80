/**
 * Weights as they are stored: without the rows (j, μ') that are zero in the model and all members of its committee, four
 * of ten; in single precision where nothing is lost by it, as with committees (model/training/train.ts).
 */
import type { Tensor } from "../../io/safetensors.js";
import { matrix, rowsAt, type Matrix } from "../../math/matrix.js";
import { blockKey, type Block } from "../blocks.js";
import type { ModelContent } from "../prediction/model-content.js";
import { usedRows } from "../prediction/kernel-columns.js";
import { damaged } from "./header.js";
import type { NamedTensors } from "./tensors.js";

/** By name: of each block `rows`, ascending, `weights` [rows, channels], and the same of each member of the committee. */
export function packWeights({ weights, committee }: ModelContent): Map<string, Tensor> {
  const packed = new Map<string, Tensor>();
  const put = (name: string, all: Matrix, rows: Int32Array): void => {
    const { data, columns } = rowsAt(all, rows);
    const single = Float32Array.from(data);
    const exact = data.every((value, k) => value === single[k]);
    packed.set(name, { shape: [rows.length, columns], data: exact ? single : data });
  };
  for (const [key, own] of weights) {
    const members = committee?.members.map((member) => member.get(key)!) ?? [];
    const rows = usedRows([own, ...members]);
    packed.set(`rows/${key}`, { shape: [rows.length], data: rows });
    put(`weights/${key}`, own, rows);
    members.forEach((member, s) => put(`committee/${s}/${key}`, member, rows));
  }
  return packed;
}

/**
 * The weights of each block under `prefix`, with all rows: `environments` (2λ + 1). Files before format 4 have them so.
 * Throws `corrupt`.
 */
export function unpackWeights(
  tensors: NamedTensors,
  prefix: string,
  blocks: readonly Block[],
  environments: (species: number) => number,
  where: { readonly where?: string },
): Map<string, Matrix> {
  return new Map(
    blocks.map((block): [string, Matrix] => {
      const key = blockKey(block);
      const { channels } = block;
      const all = matrix(environments(block.species) * (2 * block.lambda + 1), channels);
      if (!tensors.has(`rows/${key}`))
        return [key, { ...all, data: tensors.floats(`${prefix}/${key}`, all.data.length) }];
      const rows = tensors.integers(`rows/${key}`);
      if (rows.some((row, k) => row < 0 || row >= all.rows || row <= (rows[k - 1] ?? -1)))
        throw damaged(`rows/${key} is inconsistent`, where);
      const data = tensors.floats(`${prefix}/${key}`, rows.length * channels);
      rows.forEach((row, k) => all.data.set(data.subarray(k * channels, (k + 1) * channels), row * channels));
      return [key, all];
    }),
  );
}
