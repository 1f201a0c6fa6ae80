/**
 * What an SCF of PySCF starts from: the density matrix as npy in PySCF's order of functions (p as x, y, z), and a
 * JSON document with the arguments of `pyscf.gto.M`, so that geometry and basis are the same to the last digit.
 * Source: https://pyscf.org/user/gto.html.
 */
import { placeBasis, shellsOf, type Basis } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import type { Matrix } from "../math/matrix.js";
import { elementSymbol } from "../structure/elements.js";
import { speciesOf, type Structure } from "../structure/structure.js";
import { reorder } from "./coefficients.js";
import { writeNpy } from "./npy.js";

/** npy of [functions, functions], or [2, functions, functions] for the two spins. Throws `mismatch` for other sizes. */
export function pyscfDensityMatrix(basis: Basis, structure: Structure, densities: readonly Matrix[]): Uint8Array {
  const placed = placeBasis(basis, structure);
  const n = placed.size;
  const places = reorder(
    Float64Array.from({ length: n }, (_, i) => i),
    placed,
    "brine",
    "pyscf",
  );
  const data = new Float64Array(densities.length * n * n);
  densities.forEach(({ rows, columns, stride = columns, data: from }, spin) => {
    if (rows !== n || columns !== n)
      throw new BrineError("mismatch", `a density matrix of ${rows} × ${columns} for ${n} functions`);
    for (let i = 0, at = spin * n * n; i < n; i++)
      for (let j = 0; j < n; j++, at++) data[at] = from[places[i] * stride + places[j]];
  });
  return writeNpy({ shape: densities.length === 1 ? [n, n] : [densities.length, n, n], data });
}

/** The arguments of `pyscf.gto.M`: atoms in bohr, charge, unpaired electrons, and the basis by value. */
export function pyscfMolecule(basis: Basis, structure: Structure): object {
  const { species, positions, charge, unpaired } = structure;
  const shells = speciesOf([structure]).map((z) => [
    elementSymbol(z),
    shellsOf(basis, z).map(({ l, exponents, coefficients }) => [
      l,
      ...exponents.map((alpha, p) => [alpha, coefficients[p]]),
    ]),
  ]);
  return {
    atom: Array.from(species, (z, i) => [elementSymbol(z), [...positions.subarray(3 * i, 3 * i + 3)]]),
    unit: "bohr",
    charge,
    spin: unpaired,
    basis: Object.fromEntries(shells),
  };
}
