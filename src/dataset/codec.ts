/**
 * Records as rows of plain values, and the keys that make contents comparable. Stores keep rows and know
 * nothing of their meaning; this file knows the meaning and nothing of the store.
 */
import { canonicalJson } from "../canonical-json.js";
import { basisSize } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import type { LevelOfTheory } from "../level.js";
import { matrix } from "../math/matrix.js";
import type { Info, Structure } from "../structure/structure.js";
import type { Failure, Reference } from "./record.js";
import { sha256 } from "./sha256.js";

export interface StructureRow {
  readonly species: Uint8Array;
  /** f64 little-endian: [atoms, 3], bohr. */
  readonly positions: Uint8Array;
  /** f64 little-endian: three vectors as rows; null for isolated structures. */
  readonly cell: Uint8Array | null;
  /** `TTF`: the directions that repeat. */
  readonly periodic: string | null;
  readonly charge: number;
  readonly unpaired: number;
  /** JSON. */
  readonly info: string;
}

export interface ReferenceRow {
  readonly state: "done" | "failed";
  readonly energy: number | null;
  /** Of a failure. */
  readonly reason: string | null;
  /** JSON of components, dipole, fit, iterations, seconds; "{}" for a failure. */
  readonly details: string;
  /** f64 little-endian; null for a failure. */
  readonly coefficients: Uint8Array | null;
  readonly nuclearCharges: Uint8Array | null;
  /** f64 little-endian: [orbitals, orbitals]; null when it was not kept. */
  readonly densityMatrix: Uint8Array | null;
}

/** What is the same for two structures when their numbers are: species, positions, cell, charge, unpaired electrons. */
export function structureKey(structure: Structure): string {
  const { species, positions, cell, charge, unpaired } = encodeStructure(structure);
  const head = new TextEncoder().encode(
    canonicalJson([structure.species.length, charge, unpaired, structure.cell?.periodic ?? null]),
  );
  return sha256(concatenate([head, species, positions, ...(cell ? [cell] : [])]));
}

/** What is the same for two levels that may mix: everything but their numerics. */
export function levelKey(level: LevelOfTheory): string {
  const known = levelKeys.get(level);
  if (known !== undefined) return known;
  const { numerics: _, ...physics } = level;
  const key = sha256(new TextEncoder().encode(canonicalJson(physics)));
  levelKeys.set(level, key);
  return key;
}

/** A level with its bases is a hundred kilobytes of text; it is hashed once. */
const levelKeys = new WeakMap<LevelOfTheory, string>();

/** A structure that repeats an earlier one. */
export interface Duplicate {
  /** Where it is. */
  readonly index: number;
  /** Where that one is. */
  readonly of: number;
}

/** Structures that repeat an earlier one. */
export function duplicateStructures(structures: readonly Structure[]): Duplicate[] {
  const seen = new Map<string, number>();
  const found: Duplicate[] = [];
  for (const [index, structure] of structures.entries()) {
    const key = structureKey(structure);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    else found.push({ index, of: first });
  }
  return found;
}

export function encodeStructure({ species, positions, cell, charge, unpaired, info }: Structure): StructureRow {
  return {
    species: Uint8Array.from(species),
    positions: toBytes(positions),
    cell: cell ? toBytes(cell.vectors) : null,
    periodic: cell ? cell.periodic.map((flag) => (flag ? "T" : "F")).join("") : null,
    charge,
    unpaired,
    info: canonicalJson(info),
  };
}

export function decodeStructure({
  species,
  positions,
  cell,
  periodic,
  charge,
  unpaired,
  info,
}: StructureRow): Structure {
  const flag = (axis: number): boolean => periodic?.[axis] === "T";
  return {
    species: Uint8Array.from(species),
    positions: fromBytes(positions, 3 * species.length, "positions"),
    ...(cell && { cell: { vectors: fromBytes(cell, 9, "cell vectors"), periodic: [flag(0), flag(1), flag(2)] } }),
    charge,
    unpaired,
    info: JSON.parse(info) as Info,
  };
}

/** Throws `mismatch` when the coefficients do not belong to the structure and level, `input` for NaN. */
export function encodeRecord(record: Reference | Failure): ReferenceRow {
  if ("reason" in record)
    return {
      state: "failed",
      energy: null,
      reason: record.reason,
      details: "{}",
      coefficients: null,
      nuclearCharges: null,
      densityMatrix: null,
    };
  const {
    structure,
    level,
    energy,
    components,
    dipole,
    density,
    fit,
    densityMatrix,
    iterations,
    seconds,
    spinSquared,
  } = record;
  const spinCoefficients = record.spinCoefficients && [...record.spinCoefficients];
  const expected = basisSize(level.auxiliary, structure);
  if (density.coefficients.length !== expected)
    throw new BrineError(
      "mismatch",
      `${density.coefficients.length} coefficients for a structure with ${expected} functions of ${level.auxiliary.name}`,
    );
  if (!density.coefficients.every(Number.isFinite))
    throw new BrineError("input", "a density has coefficients that are not numbers");
  return {
    state: "done",
    energy: energy ?? null,
    reason: null,
    details: canonicalJson({ components, dipole, fit, iterations, seconds, spinCoefficients, spinSquared }),
    coefficients: toBytes(density.coefficients),
    nuclearCharges: toBytes(density.nuclearCharges),
    densityMatrix: densityMatrix ? toBytes(densityMatrix.data) : null,
  };
}

/** Throws `corrupt` when the lengths do not fit the structure and level. */
export function decodeRecord(
  structure: Structure,
  level: LevelOfTheory,
  row: ReferenceRow,
): ({ state: "done" } & Reference) | ({ state: "failed" } & Failure) {
  if (row.state === "failed") return { state: "failed", structure, level, reason: row.reason ?? "unknown" };
  if (!row.coefficients || !row.nuclearCharges) throw new BrineError("corrupt", "a finished record has no density");
  const coefficients = fromBytes(row.coefficients, basisSize(level.auxiliary, structure), "coefficients");
  const nuclearCharges = fromBytes(row.nuclearCharges, structure.species.length, "nuclear charges");
  const { spinCoefficients, ...details } = JSON.parse(row.details) as Pick<
    Reference,
    "components" | "dipole" | "fit" | "iterations" | "seconds" | "spinSquared"
  > & { spinCoefficients?: number[] };
  const orbitals = row.densityMatrix ? Math.round(Math.sqrt(row.densityMatrix.length / 8)) : 0;
  return {
    state: "done",
    structure,
    level,
    ...(row.energy !== null && { energy: row.energy }),
    ...details,
    ...(spinCoefficients && { spinCoefficients: Float64Array.from(spinCoefficients) }),
    density: { structure, basis: level.auxiliary, quantity: "density", nuclearCharges, coefficients },
    ...(row.densityMatrix && {
      densityMatrix: matrix(
        orbitals,
        orbitals,
        fromBytes(row.densityMatrix, orbitals * orbitals, "elements of the density matrix"),
      ),
    }),
  };
}

/** f64 as they lie in memory; a little-endian machine is taken for granted, as WebAssembly does for its own. */
export function toBytes(values: Float64Array): Uint8Array {
  return new Uint8Array(values.slice().buffer);
}

function fromBytes(bytes: Uint8Array, count: number, what: string): Float64Array {
  if (bytes.length !== 8 * count)
    throw new BrineError("corrupt", `a record has ${bytes.length / 8} ${what}, not ${count}`);
  return new Float64Array(bytes.slice().buffer);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
