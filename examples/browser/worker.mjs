/**
 * The worker of page.mjs: densities and energies of structures, one answer each as it comes. It gets a model (the bytes
 * of a .safetensors file) and structures (the text of an extxyz file).
 */
import { createBuiltinEngine, formula, loadModel, moments, readExtxyz } from "brine";

addEventListener("message", async ({ data: { model: bytes, structures } }) => {
  try {
    const model = loadModel(new Uint8Array(bytes));
    const engine = createBuiltinEngine(model.level);
    for (const structure of readExtxyz(structures)) {
      const { density, uncertainty } = await model.predict(structure);
      const { energy } = await engine.oneShot(density);
      postMessage({
        name: formula(structure),
        energy,
        dipole: Math.hypot(...moments(density).dipole),
        percent: uncertainty?.percent,
      });
    }
    postMessage({ done: true });
  } catch (error) {
    postMessage({ error: error.message });
  }
});
