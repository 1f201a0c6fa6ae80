/**
 * Two-centre integrals of a basis with all periodic images of itself, A_PQ = Σ_T (χ_P(r)|A|χ_Q(r − T)) over the translations
 * T for which the atoms are closer than a radius.
 */
import type { PlacedBasis, PlacedShell } from "../basis/basis.js";
import { checkBoysOrder } from "../math/boys.js";
import { matrix, type Matrix } from "../math/matrix.js";
import type { LatticeImages } from "../structure/lattice-images.js";
import { batchColumns, gaussianBatches } from "./gaussian-batch.js";
import { expandShell, integralsWith, rowScratch } from "./hermite-expansion.js";
import type { Kernel } from "./hermite-rows.js";

/** Distance of the atoms up to which a shell `b` counts for a shell on another atom. */
export type ShellReach = (a: PlacedShell, b: PlacedShell) => number;

/** [functions, functions], exactly symmetric. `reach` of the shells of two atoms is taken at its largest. */
export function latticeTwoCenter(kernel: Kernel, basis: PlacedBasis, images: LatticeImages, reach: ShellReach): Matrix {
  const result = matrix(basis.size, basis.size);
  const lmax = Math.max(0, ...basis.shells.map((shell) => shell.l));
  checkBoysOrder(2 * lmax);
  const atoms = shellsByAtom(basis);
  const reaches = reachesOfKinds(atoms, reach);
  for (let atom = 0; atom < atoms.length; atom++) {
    const shells = atoms[atom];
    const { cluster, home } = imagesAround(atom, atoms, images, reaches);
    const batches = gaussianBatches(cluster);
    const columns = batchColumns(cluster).map((column) => home[column]);
    const rows = rowScratch(lmax, cluster.size);
    const block = new Float64Array((2 * lmax + 1) * cluster.size);
    for (const shell of shells) {
      integralsWith(kernel, expandShell(shell), batches, cluster.size, rows, block);
      for (let m = 0; m <= 2 * shell.l; m++) {
        const row = (shell.first + m) * basis.size;
        const from = m * cluster.size;
        for (let c = 0; c < cluster.size; c++) result.data[row + columns[c]] += block[from + c];
      }
    }
  }
  return mirrorLower(result, basis.atomFirst);
}

function shellsByAtom({ shells, atomFirst }: PlacedBasis): PlacedShell[][] {
  const atoms: PlacedShell[][] = Array.from({ length: atomFirst.length - 1 }, () => []);
  for (const shell of shells) atoms[shell.atom].push(shell);
  return atoms;
}

/** Of two atoms: the distance up to which each shell of the second counts, and the largest of them. */
interface AtomReach {
  readonly shells: Float64Array;
  readonly largest: number;
}

/** Worked out once for each pair of kinds of atoms, those with the same shells. */
function reachesOfKinds(
  atoms: readonly (readonly PlacedShell[])[],
  reach: ShellReach,
): (first: number, second: number) => AtomReach {
  const kinds = atoms.map((shells) => shells.map(({ l, exponents }) => `${l}:${exponents.join()}`).join(";"));
  const distinct = [...new Set(kinds)];
  const kindOf = kinds.map((kind) => distinct.indexOf(kind));
  const table = distinct.map((a) =>
    distinct.map((b) => {
      const [first, second] = [atoms[kinds.indexOf(a)], atoms[kinds.indexOf(b)]];
      const shells = Float64Array.from(second, (other) => Math.max(...first.map((shell) => reach(shell, other))));
      return { shells, largest: Math.max(...shells) };
    }),
  );
  return (first, second) => table[kindOf[first]][kindOf[second]];
}

/** The shells of the atoms up to `atom` and their images near it as a basis; `home[i]`: the function that i is an image of. */
function imagesAround(
  atom: number,
  atoms: readonly (readonly PlacedShell[])[],
  images: LatticeImages,
  reaches: (first: number, second: number) => AtomReach,
): { cluster: PlacedBasis; home: Int32Array } {
  const [centre] = atoms[atom];
  const found: PlacedShell[] = [];
  const home: number[] = [];
  for (let other = 0; other <= atom; other++) {
    const { shells: reachOf, largest } = reaches(atom, other);
    const [{ x, y, z }] = atoms[other];
    const near = images.within(x - centre.x, y - centre.y, z - centre.z, largest);
    for (let k = 0; k < near.length; k += 3) {
      const r = Math.hypot(near[k], near[k + 1], near[k + 2]);
      const moved = { x: centre.x + near[k], y: centre.y + near[k + 1], z: centre.z + near[k + 2] };
      atoms[other].forEach((shell, s) => {
        if (r >= reachOf[s]) return;
        found.push({ ...shell, ...moved, first: home.length });
        for (let m = 0; m <= 2 * shell.l; m++) home.push(shell.first + m);
      });
    }
  }
  return {
    cluster: { shells: found, size: home.length, atomFirst: Int32Array.of(0, home.length) },
    home: Int32Array.from(home),
  };
}

/** The blocks of atom pairs a > b are there: copies them to b < a and makes those of a = b symmetric. */
function mirrorLower(a: Matrix, atomFirst: Int32Array): Matrix {
  const { columns: n, data } = a;
  for (let atom = 0; atom + 1 < atomFirst.length; atom++)
    for (let i = atomFirst[atom]; i < atomFirst[atom + 1]; i++) {
      for (let j = 0; j < atomFirst[atom]; j++) data[j * n + i] = data[i * n + j];
      for (let j = atomFirst[atom]; j < i; j++) {
        const mean = 0.5 * (data[i * n + j] + data[j * n + i]);
        data[i * n + j] = mean;
        data[j * n + i] = mean;
      }
    }
  return a;
}
