import { BOHR_IN_ANGSTROM } from "../../dist/units.js";

/** All-trans, 1.53 and 1.09 Å, 112° and 109.5°. */
export function alkane(carbons) {
  const half = (56 * Math.PI) / 180;
  const [dx, dy] = [1.53 * Math.sin(half), 1.53 * Math.cos(half)];
  const [hy, hz] = [1.09 * Math.cos((54.75 * Math.PI) / 180), 1.09 * Math.sin((54.75 * Math.PI) / 180)];
  const atoms = [];
  for (let i = 0; i < carbons; i++) {
    const side = i % 2 ? 1 : -1;
    const [x, y] = [i * dx, (side * dy) / 2];
    atoms.push([6, x, y, 0], [1, x, y + side * hy, hz], [1, x, y + side * hy, -hz]);
    const end = (sign) => [1, x + sign * 1.09 * Math.sin(half), y - side * 1.09 * Math.cos(half), 0];
    if (i === 0) atoms.push(end(-1));
    if (i === carbons - 1) atoms.push(end(1));
  }
  return {
    species: Uint8Array.from(atoms, ([z]) => z),
    positions: Float64Array.from(atoms.flatMap(([, ...r]) => r.map((x) => x / BOHR_IN_ANGSTROM))),
    charge: 0,
    unpaired: 0,
    info: {},
  };
}
