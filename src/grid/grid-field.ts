/** Fields on a ladder of grids: from the values on its steps to the finest grid, and back. */
import { coefficientCount, fourierCoefficients, valuesOnGrid } from "../math/fft.js";
import { addToFiner, restrictToCoarser, type GridStep } from "./grid-ladder.js";
import type { UniformGrid } from "./uniform-grid.js";

/** What a grid carries: its values, and their Fourier coefficients. */
export interface GridField {
  readonly values: Float64Array;
  readonly coefficients: Float64Array;
}

/** Values on all steps as one field on the finest. */
export function summed(ladder: readonly GridStep[], parts: readonly Float64Array[]): GridField {
  const { shape } = ladder[0].grid;
  const coefficients = fourierCoefficients(shape, parts[0]);
  if (parts.length === 1) return { values: parts[0], coefficients };
  const smooth = new Float64Array(coefficientCount(shape));
  for (let k = 1; k < parts.length; k++)
    addToFiner(ladder[k].grid.shape, fourierCoefficients(ladder[k].grid.shape, parts[k]), shape, smooth);
  for (let i = 0; i < smooth.length; i++) coefficients[i] += smooth[i];
  const values = valuesOnGrid(shape, smooth);
  for (let i = 0; i < values.length; i++) values[i] += parts[0][i];
  return { values, coefficients };
}

/** Values on a step of what is given by its coefficients on the finest grid. */
export function onStep(finest: UniformGrid, coefficients: Float64Array, grid: UniformGrid): Float64Array {
  return valuesOnGrid(
    grid.shape,
    grid === finest ? coefficients.slice() : restrictToCoarser(finest.shape, coefficients, grid.shape),
  );
}
