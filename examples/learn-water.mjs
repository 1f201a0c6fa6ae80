/**
 * The library in one page: reference calculations of a few distorted water molecules, a model, and the energy
 * of a molecule that it has not seen, beside the converged one. Run it with `node examples/learn-water.mjs`.
 */
import {
  buildLevel,
  computeReferences,
  createBuiltinEngine,
  memoryDataset,
  readExtxyz,
  thermalDistortions,
  train,
} from "brine";
import { basisByName } from "brine/node";

const [water] = readExtxyz("3\nwater\nO 0 0 0\nH 0 0.757 0.587\nH 0 -0.757 0.587\n");
const molecules = thermalDistortions(water, { temperature: [300, 500], count: 9, seed: 1 });

const fit = basisByName("def2-universal-jfit");
const level = buildLevel({ functional: "pbe", orbitals: basisByName("def2-svp"), coulombFit: fit, auxiliary: fit });

const dataset = memoryDataset();
const known = molecules.slice(0, 8).map((structure, index) => ({ index, structure }));
await computeReferences(known, level, dataset);

const { model, summary } = await train(dataset.ids().map((id) => dataset.get(id)));
console.log(`learned ${summary.structures} densities with ${summary.dimension} weights`);

const { density } = await model.predict(molecules[8]);
const engine = createBuiltinEngine(level);
const predicted = await engine.oneShot(density);
const converged = await engine.groundState(molecules[8]);
console.log(`one diagonalisation ${predicted.energy.toFixed(6)} Eh, converged ${converged.energy.toFixed(6)} Eh`);
