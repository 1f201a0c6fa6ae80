/** The geometries, levels and numbers of this folder for tests. */
import { readFileSync } from "node:fs";
import { readBasisSetExchange } from "../../../dist/io/bse.js";
import { buildLevel, type LevelChoice } from "../../../dist/engine/level.js";
import type { EnergyComponents } from "../../../dist/dataset/record.js";
import type { Basis } from "../../../dist/basis/basis.js";
import type { LevelOfTheory } from "../../../dist/level.js";
import type { Structure } from "../../../dist/structure/structure.js";

export interface ScfNumbers {
  readonly energy: number;
  readonly components: EnergyComponents;
  readonly dipole?: readonly number[];
  readonly orbitalEnergies?: readonly number[];
}

export interface OneShotNumbers {
  readonly oneShot: number;
  readonly harrisFoulkes: number;
  readonly absoluteErrorPercent: number;
  readonly homo: number;
  readonly lumo: number;
  readonly electronsBeforeMending: number;
}

export interface MoleculeNumbers {
  readonly species: readonly number[];
  readonly positions: readonly (readonly number[])[];
  readonly scf: Readonly<Record<string, ScfNumbers>>;
  readonly oneShot: { readonly energyScf: number; readonly coulomb: OneShotNumbers; readonly overlap: OneShotNumbers; readonly "etb1.6": Pick<OneShotNumbers, "oneShot" | "harrisFoulkes" | "absoluteErrorPercent"> };
}

export interface FitNumbers {
  /** Packed lower triangle, PySCF's order. */
  readonly densityMatrix: readonly number[];
  readonly points: readonly (readonly number[])[];
  readonly espPoints: readonly (readonly number[])[];
  readonly espNuclear: readonly number[];
  readonly density: readonly number[];
  readonly fits: Readonly<Record<string, { readonly coefficients: readonly number[]; readonly density: readonly number[]; readonly esp_electron: readonly number[]; readonly dipole: readonly number[] }>>;
}

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

export const molecules = JSON.parse(read("molecules.json")) as Record<string, MoleculeNumbers>;
export const fits = JSON.parse(read("fits.json")) as Record<string, FitNumbers>;

export const basis = (name: string): Basis => readBasisSetExchange(read(`../../../data/basis/${name}.json`), name);
export const orbitals = basis("def2-svp");
export const jfit = basis("def2-universal-jfit");

/** PBE/def2-SVP unless told otherwise. */
export function level(choice: Partial<LevelChoice> = {}): LevelOfTheory {
  return buildLevel({ functional: "pbe", orbitals, coulombFit: jfit, auxiliary: jfit, ...choice });
}

export function molecule(name: string): Structure {
  const { species, positions } = molecules[name];
  return { species: Uint8Array.from(species), positions: Float64Array.from(positions.flat()), charge: 0, unpaired: 0, info: {} };
}
