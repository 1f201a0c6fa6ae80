/**
 * The surface on which a field on a regular grid takes one value, as triangles: one vertex in each cell that the surface
 * crosses, at the mean of its crossings with the edges of the cell, and a quadrangle about each edge that it crosses.
 * S. F. F. Gibson, Constrained elastic surface nets, MICCAI 1998, LNCS 1496, 888, doi:10.1007/BFb0056277.
 *
 * It also runs in the reader's browser, as the text of the functions of this file: they use nothing else.
 */

export interface Surface {
  /** x, y, z of each vertex, in the unit of `origin` and `steps`. */
  readonly vertices: number[];
  /** Unit vectors towards smaller values. */
  readonly normals: number[];
  /** Three vertices a triangle, anticlockwise as seen from where values are smaller. */
  readonly faces: number[];
}

/** Where the points are: at origin + i·steps₀ + j·steps₁ + k·steps₂; the rows of `steps` are right-handed. */
export interface SurfaceGrid {
  readonly origin: ArrayLike<number>;
  readonly steps: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

/** Values with the distances of neighbours along the three axes in their array. */
interface Field {
  readonly values: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
  readonly strides: readonly number[];
  readonly level: number;
}

/** The surface where `values` (last index fastest) equal `level`, open where it leaves the grid. */
export function surfaceNets(values: ArrayLike<number>, grid: SurfaceGrid, level: number): Surface {
  const { counts } = grid;
  const field = { values, counts, level, strides: [counts[1] * counts[2], counts[2], 1] };
  const surface: Surface = { vertices: [], normals: [], faces: [] };
  const vertexOf = new Int32Array(counts[0] * counts[1] * counts[2]);
  eachPoint(counts, (at, here) => {
    const point = meanCrossing(field, at, here);
    if (!point) return;
    vertexOf[here] = surface.vertices.length / 3;
    addVertex(surface, grid, point, slope(field, point));
  });
  eachPoint(counts, (at, here) => addQuadrangles(field, vertexOf, at, here, surface.faces));
  return surface;
}

/** Calls `visit` with each point's position on the grid and in the array. */
function eachPoint(counts: ArrayLike<number>, visit: (at: readonly number[], here: number) => void): void {
  let here = 0;
  for (let i = 0; i < counts[0]; i++)
    for (let j = 0; j < counts[1]; j++) for (let k = 0; k < counts[2]; k++) visit([i, j, k], here++);
}

/** In grid coordinates, of the cell whose lowest corner is `at`; undefined where the surface does not cross it. */
function meanCrossing(
  { values, counts, strides, level }: Field,
  at: readonly number[],
  here: number,
): number[] | undefined {
  if (at.some((x, d) => x === counts[d] - 1)) return undefined;
  const sum = [0, 0, 0];
  let crossings = 0;
  for (let corner = 0; corner < 8; corner++) {
    const offset = [corner & 1, (corner >> 1) & 1, corner >> 2];
    const from = here + offset[0] * strides[0] + offset[1] * strides[1] + offset[2] * strides[2];
    for (let d = 0; d < 3; d++) {
      if (offset[d] === 1) continue;
      const [a, b] = [values[from] - level, values[from + strides[d]] - level];
      if (a > 0 === b > 0) continue;
      crossings++;
      for (let e = 0; e < 3; e++) sum[e] += offset[e] + (e === d ? a / (a - b) : 0);
    }
  }
  return crossings === 0 ? undefined : at.map((x, d) => x + sum[d] / crossings);
}

/** The gradient of the field along the three axes of the grid, over one and a half steps. */
function slope(field: Field, point: readonly number[]): number[] {
  return point.map((_, d) => {
    const shifted = (by: number): number =>
      interpolate(
        field,
        point.map((x, e) => (e === d ? x + by : x)),
      );
    return shifted(0.75) - shifted(-0.75);
  });
}

/** Trilinear; points outside take the nearest value. */
function interpolate({ values, counts, strides }: Field, point: readonly number[]): number {
  const base = point.map((x, d) => Math.max(0, Math.min(counts[d] - 2, Math.floor(x))));
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    let weight = 1;
    let index = 0;
    for (let d = 0; d < 3; d++) {
      const up = (corner >> d) & 1;
      const part = Math.max(0, Math.min(1, point[d] - base[d]));
      weight *= up ? part : 1 - part;
      index += (base[d] + up) * strides[d];
    }
    sum += weight * values[index];
  }
  return sum;
}

/** The normal is −Σ_d g_d b_d with b the rows reciprocal to the steps, b₀ ∝ steps₁ × steps₂. */
function addVertex(
  { vertices, normals }: Surface,
  { origin, steps }: SurfaceGrid,
  point: readonly number[],
  gradient: readonly number[],
): void {
  const along = (d: number, axis: number): number => steps[3 * (d % 3) + (axis % 3)];
  const normal = [0, 1, 2].map((axis) =>
    gradient.reduce(
      (sum, g, d) =>
        sum - g * (along(d + 1, axis + 1) * along(d + 2, axis + 2) - along(d + 1, axis + 2) * along(d + 2, axis + 1)),
      0,
    ),
  );
  const length = Math.hypot(normal[0], normal[1], normal[2]) || 1;
  for (let axis = 0; axis < 3; axis++) {
    vertices.push(point.reduce((sum, x, d) => sum + x * along(d, axis), origin[axis]));
    normals.push(normal[axis] / length);
  }
}

/** Two triangles about each edge from `here` upwards that the surface crosses inside of the grid. */
function addQuadrangles(
  { values, counts, strides, level }: Field,
  vertexOf: Int32Array,
  at: readonly number[],
  here: number,
  faces: number[],
): void {
  const inside = values[here] > level;
  for (let d = 0; d < 3; d++) {
    if (at[d] === counts[d] - 1 || inside === values[here + strides[d]] > level) continue;
    const [e, f] = [(d + 1) % 3, (d + 2) % 3];
    if (at[e] === 0 || at[f] === 0 || at[e] === counts[e] - 1 || at[f] === counts[f] - 1) continue;
    const cells = [here, here - strides[e], here - strides[e] - strides[f], here - strides[f]];
    const [p, q, r, s] = (inside ? cells : cells.toReversed()).map((cell) => vertexOf[cell]);
    faces.push(p, q, r, p, r, s);
  }
}

/** An expression of JavaScript whose value is `surfaceNets`. */
export const SURFACE_NETS_SOURCE = `(function () {
${[surfaceNets, eachPoint, meanCrossing, slope, interpolate, addVertex, addQuadrangles].map(String).join("\n")}
return ${surfaceNets.name};
})()`;
