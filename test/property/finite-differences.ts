/** Slopes by finite differences, for tests. */

/** ∂f/∂x_i by the symmetric five-point formula; its error is of fourth order in `step`. */
export async function fourthOrder(
  f: (x: Float64Array) => number | Promise<number>,
  x: Float64Array,
  i: number,
  step: number,
): Promise<number> {
  const at = async (shift: number): Promise<number> => {
    const moved = x.slice();
    moved[i] += shift;
    return f(moved);
  };
  const near = (await at(step)) - (await at(-step));
  const far = (await at(2 * step)) - (await at(-2 * step));
  return (8 * near - far) / (12 * step);
}
