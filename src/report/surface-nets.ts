/**
 * The surface on which a field on a uniform grid takes one value, as triangles: one vertex in each cell that the surface
 * crosses, at the mean of its crossings with the edges of the cell, and a quadrangle about each edge that it crosses.
 * S. F. F. Gibson, Constrained elastic surface nets, MICCAI 1998, LNCS 1496, 888, doi:10.1007/BFb0056277.
 */

export interface Surface {
  /** x, y, z of each vertex, in the unit of `origin` and `spacing`. */
  readonly vertices: number[];
  /** Unit vectors towards smaller values. */
  readonly normals: number[];
  /** Three vertices a triangle. */
  readonly faces: number[];
}

/**
 * The surface where `values` ([counts[0], counts[1], counts[2]], last index fastest) equal `level`, open where it leaves
 * the box. It also runs in the reader's browser, as the text of this function: nothing outside of it may be used in it.
 */
export function surfaceNets(
  values: ArrayLike<number>,
  counts: ArrayLike<number>,
  origin: ArrayLike<number>,
  spacing: number,
  level: number,
): Surface {
  const [nx, ny, nz] = [counts[0], counts[1], counts[2]];
  const strides = [ny * nz, nz, 1];
  const vertexOf = new Int32Array(nx * ny * nz).fill(-1);
  const vertices: number[] = [];
  const normals: number[] = [];
  const faces: number[] = [];

  const interpolate = (point: number[]): number => {
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
  };

  const cornerOf = (first: number, corner: number): number =>
    first + (corner & 1) * strides[0] + ((corner >> 1) & 1) * strides[1] + ((corner >> 2) & 1) * strides[2];

  const addVertex = (cell: number[], first: number): void => {
    let inside = 0;
    for (let corner = 0; corner < 8; corner++) if (values[cornerOf(first, corner)] > level) inside++;
    if (inside === 0 || inside === 8) return;
    const mean = [0, 0, 0];
    let crossings = 0;
    for (let corner = 0; corner < 8; corner++)
      for (let d = 0; d < 3; d++) {
        if ((corner >> d) & 1) continue;
        const from = cornerOf(first, corner);
        const [a, b] = [values[from] - level, values[from + strides[d]] - level];
        if (a > 0 === b > 0) continue;
        crossings++;
        for (let e = 0; e < 3; e++) mean[e] += ((corner >> e) & 1) + (e === d ? a / (a - b) : 0);
      }
    const point = cell.map((x, d) => x + mean[d] / crossings);
    const gradient = point.map((_, d) => {
      const shifted = (by: number): number => interpolate(point.map((x, e) => (e === d ? x + by : x)));
      return shifted(0.75) - shifted(-0.75);
    });
    const length = Math.hypot(gradient[0], gradient[1], gradient[2]) || 1;
    vertexOf[first] = vertices.length / 3;
    for (let d = 0; d < 3; d++) {
      vertices.push(origin[d] + spacing * point[d]);
      normals.push(-gradient[d] / length);
    }
  };

  for (let i = 0; i < nx - 1; i++)
    for (let j = 0; j < ny - 1; j++) for (let k = 0; k < nz - 1; k++) addVertex([i, j, k], i * strides[0] + j * nz + k);

  const addQuadrangle = (at: number[], here: number, d: number): void => {
    const [e, f] = [(d + 1) % 3, (d + 2) % 3];
    if (at[e] === 0 || at[f] === 0 || at[e] === counts[e] - 1 || at[f] === counts[f] - 1) return;
    const ring = [here, here - strides[e], here - strides[e] - strides[f], here - strides[f]].map(
      (cell) => vertexOf[cell],
    );
    const [p, q, r, s] = values[here] > level ? ring : ring.toReversed();
    faces.push(p, q, r, p, r, s);
  };

  for (let i = 0; i < nx; i++)
    for (let j = 0; j < ny; j++)
      for (let k = 0; k < nz; k++) {
        const here = i * strides[0] + j * nz + k;
        const inside = values[here] > level;
        if (i < nx - 1 && inside !== values[here + strides[0]] > level) addQuadrangle([i, j, k], here, 0);
        if (j < ny - 1 && inside !== values[here + nz] > level) addQuadrangle([i, j, k], here, 1);
        if (k < nz - 1 && inside !== values[here + 1] > level) addQuadrangle([i, j, k], here, 2);
      }
  return { vertices, normals, faces };
}
