/** ∫|ρ₁ − ρ₂| dr on the molecular grid. */
import { placeBasis, type Basis } from "../basis/basis.js";
import { sameContent } from "../canonical-json.js";
import { functionsOnBlock } from "../grid/block-functions.js";
import { densityOfMatrix } from "../grid/collocate.js";
import type { GridBlock } from "../grid/grid-block.js";
import { molecularGrid } from "../grid/molecular-grid.js";
import type { Matrix } from "../math/matrix.js";
import { checkpoint, type RunOptions } from "../run.js";
import type { Structure } from "../structure/structure.js";
import type { AtomCentredDensity } from "./atom-centred.js";
import { densityOnBlock } from "./density-on-block.js";

/** A density of orbitals: D in the basis given, on the structure it is compared on. */
export interface OrbitalDensity {
  readonly matrix: Matrix;
  readonly basis: Basis;
}

/** Values of ρ on any block of points. */
type Sampler = (block: GridBlock) => Float64Array;

function sampler(density: AtomCentredDensity | OrbitalDensity, structure: Structure): Sampler {
  const placed = placeBasis(density.basis, structure);
  return "matrix" in density
    ? (block) => densityOfMatrix(functionsOnBlock(placed, block, 0), density.matrix).rho
    : (block) => densityOnBlock(placed, density.coefficients, block, 0).rho;
}

/** ρ − ρ', of two expansions in the same functions from the difference of their coefficients. */
function differenceSampler(density: AtomCentredDensity, other: AtomCentredDensity | OrbitalDensity): Sampler {
  const { structure, basis, coefficients } = density;
  if (!("matrix" in other) && sameContent(basis, other.basis)) {
    const difference = coefficients.map((c, p) => c - other.coefficients[p]);
    return sampler({ ...density, coefficients: difference }, structure);
  }
  const one = sampler(density, structure);
  const two = sampler(other, structure);
  return (block) => {
    const [a, b] = [one(block), two(block)];
    for (let i = 0; i < block.count; i++) a[i] -= b[i];
    return a;
  };
}

/** ∫|ρ − ρ'| in electrons; `gridLevel` 1 … 9. Both densities belong to the structure of the first. */
export async function absoluteError(
  density: AtomCentredDensity,
  other: AtomCentredDensity | OrbitalDensity,
  gridLevel: number,
  options?: RunOptions,
): Promise<number> {
  const difference = differenceSampler(density, other);
  let sum = 0;
  for (const block of molecularGrid(density.structure, gridLevel)) {
    const values = difference(block);
    for (let i = 0; i < block.count; i++) sum += block.weights[i] * Math.abs(values[i]);
    await checkpoint(options);
  }
  return sum;
}
