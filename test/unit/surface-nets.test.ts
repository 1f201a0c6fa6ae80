import { expect, test } from "vitest";
import { SURFACE_NETS_SOURCE, surfaceNets } from "../../dist/report/surface-nets.js";

const counts = [31, 33, 35];
const spacing = 0.2;
const origin = [-2.9, -3.3, -3.4];
const grid = { counts, origin, steps: [spacing, 0, 0, 0, spacing, 0, 0, 0, spacing] };
const radius = 2.03;

/** exp(−r²/4) about the origin. */
function gaussian(): Float64Array {
  const values = new Float64Array(counts[0] * counts[1] * counts[2]);
  for (let p = 0; p < values.length; p++) {
    const at = [Math.floor(p / (counts[1] * counts[2])), Math.floor(p / counts[2]) % counts[1], p % counts[2]];
    values[p] = Math.exp(-at.reduce((sum, x, d) => sum + (origin[d] + spacing * x) ** 2, 0) / 4);
  }
  return values;
}

test("the surface of a Gaussian is a sphere: closed, facing outwards, of the right radius and volume", () => {
  const { vertices, normals, faces } = surfaceNets(gaussian(), grid, Math.exp(-(radius ** 2) / 4));
  const vertex = (i: number): number[] => vertices.slice(3 * i, 3 * i + 3);
  let worstRadius = 0;
  let worstCosine = 1;
  for (let i = 0; i < vertices.length / 3; i++) {
    const r = Math.hypot(...vertex(i));
    worstRadius = Math.max(worstRadius, Math.abs(r - radius));
    worstCosine = Math.min(
      worstCosine,
      vertex(i).reduce((sum, x, d) => sum + (x * normals[3 * i + d]) / r, 0),
    );
  }
  // The mean of crossings lies inside of the sphere by some spacing²/(8 radius).
  expect(worstRadius).toBeLessThan(0.01);
  expect(worstCosine).toBeGreaterThan(0.995);
  const edges = new Map<string, number>();
  let volume = 0;
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = faces.slice(f, f + 3);
    for (const [from, to] of [
      [a, b],
      [b, c],
      [c, a],
    ])
      edges.set(`${from} ${to}`, (edges.get(`${from} ${to}`) ?? 0) + 1);
    const [p, q, r] = [vertex(a), vertex(b), vertex(c)];
    volume +=
      (p[0] * (q[1] * r[2] - q[2] * r[1]) + p[1] * (q[2] * r[0] - q[0] * r[2]) + p[2] * (q[0] * r[1] - q[1] * r[0])) /
      6;
  }
  const unpaired = [...edges].filter(
    ([edge, times]) => times !== 1 || edges.get(edge.split(" ").toReversed().join(" ")) !== 1,
  );
  expect(unpaired).toEqual([]);
  expect(volume / ((4 / 3) * Math.PI * radius ** 3)).toBeGreaterThan(0.98);
  expect(volume / ((4 / 3) * Math.PI * radius ** 3)).toBeLessThan(1);
});

test("a surface that leaves the box is open, one that is nowhere is empty", () => {
  const open = surfaceNets(gaussian(), grid, 1e-2);
  expect(open.faces.length).toBeGreaterThan(0);
  expect(open.faces.every((i) => i >= 0 && i < open.vertices.length / 3)).toBe(true);
  expect(surfaceNets(gaussian(), grid, 2)).toEqual({ vertices: [], normals: [], faces: [] });
});

test("on a skewed grid the vertices of a plane wave lie on planes, with their normals", () => {
  const steps = [0.5, 0, 0, 0.2, 0.4, 0, 0.1, -0.1, 0.6];
  const wave = [1, 2, -1];
  const along = (at: readonly number[]): number => at.reduce((sum, x, d) => sum + x * wave[d], 0);
  const points: number[] = [];
  for (let i = 0; i < 8; i++)
    for (let j = 0; j < 9; j++)
      for (let k = 0; k < 10; k++)
        points.push(-along([0, 1, 2].map((d) => i * steps[d] + j * steps[3 + d] + k * steps[6 + d])));
  const { vertices, normals } = surfaceNets(points, { counts: [8, 9, 10], origin: [0, 0, 0], steps }, -1.3);
  expect(vertices.length).toBeGreaterThan(30);
  const cosines: number[] = [];
  for (let v = 0; v < vertices.length; v += 3) {
    expect(along(vertices.slice(v, v + 3))).toBeCloseTo(1.3, 9);
    cosines.push(along(normals.slice(v, v + 3)) / Math.sqrt(6));
  }
  // Towards smaller values, that is along the wave, |wave|² = 6; at the faces of the grid differences are one-sided.
  expect(Math.min(...cosines)).toBeGreaterThan(0.8);
  expect(cosines.filter((x) => x > 1 - 1e-9).length).toBeGreaterThan(cosines.length / 4);
});

test("its text is a function of its own, as the page needs", () => {
  // oxlint-disable-next-line no-new-func
  const again = new Function(`return ${SURFACE_NETS_SOURCE}`)() as typeof surfaceNets;
  expect(again(gaussian(), grid, 0.5)).toEqual(surfaceNets(gaussian(), grid, 0.5));
});
