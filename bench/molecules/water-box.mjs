/** 4 n³ water molecules on the sites of a face-centred cubic lattice at 1 g/cm³, turned at random: for times, not for energies. */
import { randomGenerator } from "../../dist/math/random.js";

/** From the oxygen, bohr. */
const MOLECULE = [
  [0, 0, 0],
  [1.43, 1.11, 0],
  [-1.43, 1.11, 0],
];
const SITES = [
  [0, 0, 0],
  [0, 1, 1],
  [1, 0, 1],
  [1, 1, 0],
];
/** Of a cell with four molecules, bohr. */
const EDGE = 9.312;

/** A structure of brine: n = 2, 3, 4, 5 have 32, 108, 256 and 500 molecules. */
export function waterBox(n) {
  const random = randomGenerator(1);
  const positions = [];
  for (let cell = 0; cell < n ** 3; cell++)
    for (const site of SITES) {
      const corner = [cell % n, Math.floor(cell / n) % n, Math.floor(cell / n ** 2)];
      const centre = site.map((x, k) => EDGE * (corner[k] + x / 2));
      const turn = rotation(random);
      for (const atom of MOLECULE)
        positions.push(...centre.map((x, i) => x + atom.reduce((sum, y, j) => sum + turn[i][j] * y, 0)));
    }
  const edge = n * EDGE;
  return {
    species: Uint8Array.from({ length: positions.length / 3 }, (_, i) => (i % 3 === 0 ? 8 : 1)),
    positions: Float64Array.from(positions),
    cell: { vectors: Float64Array.of(edge, 0, 0, 0, edge, 0, 0, 0, edge), periodic: [true, true, true] },
    charge: 0,
    unpaired: 0,
    info: {},
  };
}

/** From a random quaternion. */
function rotation(random) {
  const q = Array.from({ length: 4 }, () => random.normal());
  const norm = Math.hypot(...q);
  const [w, x, y, z] = q.map((value) => value / norm);
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
}
