/**
 * The restart file of CP2K's Quickstep (`PROJECT-RESTART.wfn`): the orbitals in full precision. Records of Fortran,
 * each between two counts of its bytes, little-endian:
 *
 *   atoms, spins, functions, most sets, most shells of an atom;  three records on these;  then for each spin
 *   orbitals, the highest occupied, the lowest fractional, electrons;  energies, then occupations;  each orbital
 *
 * Functions are in CP2K's order: atom by atom, set by set, shell by shell, m = −l … l.
 */
import { BrineError } from "../errors.js";
import { matrix, type Matrix } from "../math/matrix.js";

export interface Cp2kOrbitals {
  /** hartree, ascending: [orbitals]. */
  readonly energies: Float64Array;
  readonly occupations: Float64Array;
  /** [functions, orbitals] */
  readonly coefficients: Matrix;
}

/** Of a closed shell. Throws `corrupt` for what is not such a file and `unsupported` for two spins. */
export function readCp2kOrbitals(bytes: Uint8Array): Cp2kOrbitals {
  const records = fortranRecords(bytes);
  const [, spins, functions] = integers(records[0]);
  if (!(functions > 0) || records.length < 6) throw damaged();
  if (spins !== 1) throw new BrineError("unsupported", "the orbitals of CP2K are of an open shell");
  const [count] = integers(records[4]);
  const values = doubles(records[5]);
  if (values.length !== 2 * count || records.length < 6 + count) throw damaged();
  const coefficients = matrix(functions, count);
  for (let i = 0; i < count; i++) {
    const orbital = doubles(records[6 + i]);
    if (orbital.length !== functions) throw damaged();
    for (let mu = 0; mu < functions; mu++) coefficients.data[mu * count + i] = orbital[mu];
  }
  return { energies: values.slice(0, count), occupations: values.slice(count), coefficients };
}

function fortranRecords(bytes: Uint8Array): DataView[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: DataView[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = at + 8 <= bytes.length ? view.getInt32(at, true) : -1;
    if (length < 0 || at + 8 + length > bytes.length || view.getInt32(at + 4 + length, true) !== length)
      throw damaged();
    records.push(new DataView(bytes.buffer, bytes.byteOffset + at + 4, length));
    at += 8 + length;
  }
  return records;
}

function integers(record: DataView | undefined): number[] {
  return Array.from({ length: (record?.byteLength ?? 0) >> 2 }, (_, i) => record!.getInt32(4 * i, true));
}

function doubles(record: DataView): Float64Array {
  return Float64Array.from({ length: record.byteLength >> 3 }, (_, i) => record.getFloat64(8 * i, true));
}

function damaged(): BrineError {
  return new BrineError("corrupt", "the file of the orbitals is not one of CP2K, or it is cut off");
}
