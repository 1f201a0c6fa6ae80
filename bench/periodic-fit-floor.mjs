/**
 * What one diagonalisation loses to the fit of a periodic valence density, by auxiliary basis and metric:
 *
 *   node bench/periodic-fit-floor.mjs FRAMES.extxyz [indices 0,1,…] [Ry]
 *
 * Converges each frame (PBE/DZVP-MOLOPT-SR-GTH), fits its density, and prints E_KS of the density matrix that comes out
 * and Harris-Foulkes less the converged energy in meV/atom, and ∫|ρ − ρ̃|/N in percent.
 */
import { readFileSync } from "node:fs";
import { functionCount } from "../dist/basis/basis.js";
import { buildLevel } from "../dist/engine/level.js";
import { readExtxyz } from "../dist/io/extxyz.js";
import { oneDiagonalisation } from "../dist/kohn-sham/one-shot.js";
import { selfConsistentField } from "../dist/kohn-sham/scf.js";
import { chooseBackend } from "../dist/node/openblas.js";
import { basisByName, pseudopotentialsByName } from "../dist/node/library.js";
import { fitPeriodicDensity } from "../dist/periodic/fit-density.js";
import { inputHamiltonian } from "../dist/kohn-sham/term.js";
import { preparePeriodic } from "../dist/periodic/prepare-periodic.js";
import { superposedAtoms } from "../dist/atoms/superposed-atoms.js";
import { HARTREE_IN_MEV } from "../dist/units.js";

const [file, indices = "0", cutoff = "300"] = process.argv.slice(2);
const sets = [
  ...[12, 20, 30, 60].map((largest) => `def2-universal-jfit:uncontracted:${largest}`),
  "def2-universal-jkfit:uncontracted:30",
];

await chooseBackend();
const frames = readExtxyz(readFileSync(file, "utf8"), file);
const level = buildLevel({
  functional: "pbe",
  orbitals: basisByName("dzvp-molopt-sr-gth"),
  pseudopotentials: pseudopotentialsByName("gth-pbe"),
  planewaveCutoff: Number(cutoff) / 2,
  auxiliary: basisByName("def2-universal-jfit:uncontracted:30"),
});
for (const index of indices.split(",").map(Number)) {
  const structure = frames[index];
  const system = await preparePeriodic(level, structure);
  const start = await inputHamiltonian(system.terms, await superposedAtoms(level, structure));
  const settings = { tolerance: 1e-8, maxIterations: 60 };
  const time = process.cpuUsage();
  const state = await selfConsistentField(system, start.fock, settings);
  const seconds = process.cpuUsage(time).user / 1e6;
  console.log(`frame ${index}: ${state.energy.toFixed(8)} Eh, ${state.iterations} steps, ${seconds.toFixed(0)} CPU s`);
  console.log("| auxiliary set | functions | metric | KS meV/atom | HF meV/atom | MAE % | electrons before |");
  const perAtom = HARTREE_IN_MEV / structure.species.length;
  for (const name of sets)
    for (const fitMetric of ["overlap", "coulomb"]) {
      const auxiliary = basisByName(name);
      const other = { ...system, level: { ...level, auxiliary, fitMetric } };
      const { density, quality } = await fitPeriodicDensity(other, state.occupation);
      const one = await oneDiagonalisation(system, await inputHamiltonian(system.terms, density));
      const cells = [
        name,
        structure.species.reduce((sum, z) => sum + functionCount(auxiliary.shells[z]), 0),
        fitMetric,
        ((one.energy - state.energy) * perAtom).toFixed(4),
        ((one.harrisFoulkes - state.energy) * perAtom).toFixed(3),
        (100 * quality.absoluteErrorPerElectron).toFixed(3),
        quality.electrons.toFixed(6),
      ];
      console.log(`| ${cells.join(" | ")} |`);
    }
}
