/** Files of atom-centred densities: cubes and coefficients. */
import { placeBasis } from "../basis/basis.js";
import type { AtomCentredDensity } from "../density/atom-centred.js";
import { DEFAULT_CUBE, sampleDensity } from "../density/cube-grid.js";
import { type FunctionOrder, reorder } from "../io/coefficients.js";
import { writeCube } from "../io/cube.js";
import { writeNpz } from "../io/npz.js";
import { writeAtomically } from "../node/files.js";
import type { RunOptions } from "../run.js";
import { formula } from "../structure/structure.js";

/** `what` names the density in the title. */
export async function writeDensityCube(
  path: string,
  density: AtomCentredDensity,
  what: string,
  { signal }: RunOptions,
): Promise<void> {
  const { structure } = density;
  const grid = await sampleDensity(density, DEFAULT_CUBE, signal ? { signal } : {});
  writeAtomically(path, writeCube(grid, structure, `${what} of ${formula(structure)} by brine, e/bohr^3`));
}

export function writeDensityNpz(path: string, density: AtomCentredDensity, order: FunctionOrder): void {
  const { species, positions } = density.structure;
  const coefficients = inOrder(density, order);
  writeAtomically(
    path,
    writeNpz({
      coefficients: { shape: [coefficients.length], data: coefficients },
      species: { shape: [species.length], data: Float64Array.from(species) },
      positions: { shape: [species.length, 3], data: positions },
    }),
  );
}

export function inOrder({ coefficients, basis, structure }: AtomCentredDensity, order: FunctionOrder): Float64Array {
  return order === "brine" ? coefficients : reorder(coefficients, placeBasis(basis, structure), "brine", order);
}
