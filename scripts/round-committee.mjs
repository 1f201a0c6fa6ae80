#!/usr/bin/env node
/**
 * Rounds the committee of a model file to single precision, in which it is trained now, and writes the file anew.
 *
 *   node scripts/round-committee.mjs data/models/water.safetensors CHECK.extxyz
 *
 * Weights of nearly dependent kernel columns cancel, so that rounding each by itself changes uncertainties by a per cent.
 * With K = L Lᵀ of the columns in use, Lᵀb is kept instead, as in training (solveStoredInSingles). Densities stay as they
 * are to the last bit: the script ends with an error when one of those of CHECK.extxyz does not, and prints by how much
 * their uncertainties change.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { readExtxyz } from "../dist/io/extxyz.js";
import { multiplyTransposed } from "../dist/math/linear-algebra.js";
import { matrix, rowsAt } from "../dist/math/matrix.js";
import { blockKey, blocksOf, largestLambda } from "../dist/model/blocks.js";
import { loadModel, saveModel } from "../dist/model/file/model-file.js";
import { forEachBatch } from "../dist/model/prediction/environment-features.js";
import { equivariantKernel } from "../dist/model/prediction/kernel.js";
import { speciesColumns } from "../dist/model/prediction/kernel-columns.js";
import { kernelPivots } from "../dist/model/problem/kernel-pivots.js";
import { solveStoredInSingles, storeTriangle } from "../dist/model/problem/stored-triangle.js";

/** K between the columns of one block, [columns, columns]. */
function kernelsOfSpecies(model, blocks, species) {
  const columns = speciesColumns(model, blocks, species);
  const kernels = columns.blocks.map(({ rows }) => matrix(rows.length, rows.length));
  forEachBatch(model.environments[species], species, largestLambda(blocks, species), model.recipe, (features, from) => {
    const products = multiplyTransposed(false, true, features[0], columns.scalar);
    columns.blocks.forEach(({ block: { lambda }, rows, features: own, environmentOf }, b) => {
      const part = equivariantKernel(features[lambda], own, environmentOf, products, model.settings.zeta);
      const first = from * (2 * lambda + 1);
      rows.forEach((row, at) => {
        if (row < first || row >= first + part.rows) return;
        kernels[b].data.set(
          part.data.subarray((row - first) * part.columns, (row - first + 1) * part.columns),
          at * part.columns,
        );
      });
    });
  });
  return columns.blocks.map(({ block, rows }, b) => ({ block, rows, kernel: kernels[b] }));
}

/** b of single precision with the same Lᵀb, [rows of the sparse set, channels]. */
async function rounded(members, rows, kernel) {
  const n = rows.length;
  const diagonal = Float64Array.from(rows, (_, i) => kernel.data[i * n + i]);
  const columnsOf = (chosen) =>
    matrix(
      n,
      chosen.length,
      Float64Array.from(
        { length: n * chosen.length },
        (_, k) => kernel.data[Math.floor(k / chosen.length) * n + chosen[k % chosen.length]],
      ),
    );
  const { pivots, factor } = await kernelPivots(diagonal, columnsOf, 0, n);
  if (pivots.length < n) throw new Error(`${n - pivots.length} of ${n} columns depend on others`);
  const places = pivots.map((pivot) => rows[pivot]);
  const triangle = storeTriangle(factor, "double");
  return members.map((member) => {
    const x = multiplyTransposed(true, false, factor, rowsAt(member, places));
    solveStoredInSingles(triangle, x);
    const result = matrix(member.rows, member.columns);
    places.forEach((row, k) => result.data.set(x.data.subarray(k * x.columns, (k + 1) * x.columns), row * x.columns));
    return result;
  });
}

const [path, check] = process.argv.slice(2);
const bytes = readFileSync(path);
const model = loadModel(bytes, path);
const species = Object.keys(model.environments).map(Number);
const blocks = blocksOf(model.level.auxiliary, species);
const members = model.committee.members.map(() => new Map());
for (const z of species)
  for (const { block, rows, kernel } of kernelsOfSpecies(model, blocks, z)) {
    const key = blockKey(block);
    const own = await rounded(
      model.committee.members.map((member) => member.get(key)),
      rows,
      kernel,
    );
    own.forEach((member, s) => members[s].set(key, member));
    console.error(`${key}: ${rows.length} columns`);
  }
const file = saveModel({ ...model, committee: { ...model.committee, members } });
const after = loadModel(file);
let [largest, largestOfAtoms] = [0, 0];
const change = (one, two) => Math.abs(two / one - 1);
for (const structure of readExtxyz(readFileSync(check, "utf8"), check)) {
  const [one, two] = [await model.predict(structure), await after.predict(structure)];
  if (Buffer.compare(Buffer.from(one.density.coefficients.buffer), Buffer.from(two.density.coefficients.buffer)) !== 0)
    throw new Error("a density is not what it was");
  largest = Math.max(largest, change(one.uncertainty.error, two.uncertainty.error));
  one.uncertainty.atoms.forEach(
    (atom, i) => (largestOfAtoms = Math.max(largestOfAtoms, change(atom, two.uncertainty.atoms[i]))),
  );
}
writeFileSync(path, file);
console.log(
  `${path}: ${bytes.length} → ${file.length} bytes; uncertainties change by ${largest.toExponential(1)} at most, those of atoms by ${largestOfAtoms.toExponential(1)}`,
);
