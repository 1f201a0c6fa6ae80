/** Lattice sums against CP2K and PySCF (test/data/cp2k-water, test/data/pyscf-periodic). */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { basisByName, pseudopotentialsByName } from "../../dist/node/library.js";
import { coreOverlapEnergy, coreSelfEnergy } from "../../dist/periodic/core-energies.js";
import { latticeImages } from "../../dist/structure/lattice-images.js";
import { latticeMatrices, type LatticeMatrices } from "../../dist/periodic/lattice-matrices.js";
import { largestDifference, type PeriodicData, periodicStructure } from "./periodic-structures.js";

interface Reference extends PeriodicData {
  readonly name: string;
  readonly overlap: number[];
  readonly kinetic: number[];
  readonly localShortRange: number[];
  readonly nonlocal: number[];
  readonly coreHamiltonian: number[];
  readonly density: number[];
  readonly energies: Readonly<Record<"kinetic" | "localShortRange" | "nonlocal", number>>;
  readonly coreSelf: number;
  readonly coreOverlap: number;
}

const read = (path: string): { readonly bohr: number; readonly structures: Reference[] } =>
  JSON.parse(readFileSync(new URL(`../data/${path}`, import.meta.url), "utf8"));
const level = { orbitals: basisByName("dzvp-molopt-sr-gth"), pseudopotentials: pseudopotentialsByName("gth-pbe") };

describe.each(read("cp2k-water/core-matrices.json").structures)("$name by CP2K", (reference) => {
  const { bohr } = read("cp2k-water/core-matrices.json");
  let matrices: LatticeMatrices;
  beforeAll(async () => {
    matrices = await latticeMatrices(periodicStructure(reference, 1 / bohr), level);
  });

  it("has its matrices, to CP2K's own truncation of 5e-8", () => {
    const { overlap, kinetic, localShortRange, nonlocal } = matrices;
    const core = kinetic.data.map((t, i) => t + localShortRange.data[i] + nonlocal.data[i]);
    expect(largestDifference(overlap, reference.overlap)).toBeLessThan(2e-8);
    expect(largestDifference(kinetic, reference.kinetic)).toBeLessThan(5e-8);
    expect(largestDifference({ columns: overlap.columns, data: core }, reference.coreHamiltonian)).toBeLessThan(1e-7);
  });

  it("has its energies", () => {
    for (const part of ["kinetic", "localShortRange", "nonlocal"] as const) {
      let energy = 0;
      const { columns: n, data } = matrices[part];
      for (let i = 0, at = 0; i < n; i++)
        for (let j = 0; j <= i; j++, at++) energy += (i === j ? 1 : 2) * reference.density[at] * data[i * n + j];
      expect(Math.abs(energy - reference.energies[part]), part).toBeLessThan(5e-8);
    }
  });
});

it.each(read("cp2k-water/core-energies.json").structures)("core energies of $name are CP2K's", (reference) => {
  const { bohr } = read("cp2k-water/core-energies.json");
  const structure = periodicStructure(reference, 1 / bohr);
  const images = latticeImages(structure.cell!.vectors);
  const self = coreSelfEnergy(structure, level.pseudopotentials);
  expect(Math.abs(self - reference.coreSelf)).toBeLessThan(1e-12);
  const overlap = coreOverlapEnergy(structure, level.pseudopotentials, images);
  expect(Math.abs(overlap - reference.coreOverlap)).toBeLessThan(1e-13);
});

describe.each(read("pyscf-periodic/core-matrices.json").structures)("triclinic $species by PySCF", (reference) => {
  it("has its matrices, written to ten digits", async () => {
    const matrices = await latticeMatrices(periodicStructure(reference), level);
    for (const part of ["overlap", "kinetic", "localShortRange", "nonlocal"] as const)
      expect(largestDifference(matrices[part], reference[part]), part).toBeLessThan(1e-9);
  });
});
