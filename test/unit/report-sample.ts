/** A report's data without a calculation: invented numbers of the size that real ones have. */
import type { DensityView, PredictedStructure, ReportData } from "../../dist/report/report-data.js";
import { HARTREE_IN_MEV } from "../../dist/units.js";
import { equilibriumEthanol } from "../../dist/workflow/demo-structures.js";

function predicted(count: number): PredictedStructure[] {
  const wave = (i: number, k: number): number => Math.sin(12.9898 * i + 78.233 * k);
  const perAtom = (meV: number): number => (9 * meV) / HARTREE_IN_MEV;
  return Array.from({ length: count }, (_, i) => ({
    name: `${40 + i} ethanol`,
    structure: equilibriumEthanol(),
    maePercent: 0.9 + 0.3 * wave(i, 1),
    improvedMaePercent: 0.05 + 0.01 * wave(i, 9),
    energy: -154.8 + 0.02 * (1 + wave(i, 2)),
    errors: {
      superposedAtoms: perAtom(700 * (1 + 0.1 * wave(i, 3))),
      oneShot: perAtom(4 * (1 + 0.7 * wave(i, 4))),
      corrected: perAtom(0.05 * (1.2 + wave(i, 5)) * Math.sign(wave(i, 6))),
      fitFloor: perAtom(0.012 * (1.2 + wave(i, 7))),
    },
    scfSeconds: 1.9 + 0.2 * wave(i, 8),
    predictSeconds: 0.021,
    energySeconds: 0.38,
  }));
}

function view(name: string): DensityView {
  const structure = equilibriumEthanol();
  const { positions, species } = structure;
  const counts: [number, number, number] = [22, 20, 17];
  const origin: [number, number, number] = [-8.6, -7.4, -6.6];
  const spacing = 0.8;
  const values = new Float64Array(counts[0] * counts[1] * counts[2]);
  const error = new Float64Array(values.length);
  for (let p = 0; p < values.length; p++) {
    const at = [Math.floor(p / (counts[1] * counts[2])), Math.floor(p / counts[2]) % counts[1], p % counts[2]];
    for (let a = 0; a < species.length; a++) {
      const r = Math.hypot(...[0, 1, 2].map((d) => origin[d] + spacing * at[d] - positions[3 * a + d]));
      values[p] += (species[a] ** 1.5 / Math.PI) * Math.exp(-2 * r);
      error[p] += 0.002 * Math.sin(3 * a + 1) * Math.exp(-((r - 1.2) ** 2));
    }
  }
  const steps = Float64Array.of(spacing, 0, 0, 0, spacing, 0, 0, 0, spacing);
  return { name, structure, predicted: { origin, steps, counts, values }, error };
}

export function sampleReport(): ReportData {
  return {
    title: "Electron densities of ethanol, learned from 40 molecules",
    summary: [
      "brine computed 52 thermally distorted ethanol molecules, learned the electron density from 40 of them, and predicted the other 12, which it had never seen.",
      "One diagonalisation of the Hamiltonian that a predicted density makes gives the energy; a linear-response correction takes out most of what is left.",
    ],
    settings: [
      { name: "level of theory", value: "PBE/def2-SVP", note: "functional and orbital basis" },
      { name: "density basis", value: "def2-universal-jfit, fitted in the Coulomb metric" },
    ],
    density: { rmsePercent: 4.31, coulombRmsePercent: 2.2, maePercent: 0.92 },
    predicted: predicted(12),
    learningCurve: [5, 10, 20, 40].map((train) => ({
      train,
      rmsePercent: { mean: 34 * train ** -0.56, deviation: 3 * train ** -0.56 },
      correctedMeVPerAtom: { mean: 1.9 / train, deviation: 0.3 / train },
      oneShotMeVPerAtom: { mean: 130 * train ** -0.95, deviation: 20 * train ** -0.95 },
      trainSeconds: 0.5 * train,
    })),
    stages: [
      { name: "reference calculations", seconds: 58.2, note: "52 molecules" },
      { name: "training", seconds: 9.4, note: "4 models" },
      { name: "prediction", seconds: 0.25 },
      { name: "energies", seconds: 12.1 },
    ],
    views: [view("40 ethanol"), view("41 ethanol")],
    origin: { version: "0.1.0", command: "brine demo --seed 1" },
  };
}
