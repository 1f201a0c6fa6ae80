/** The molecule of `brine demo`, made by brine itself: no file, no download. */
import { atomicNumber } from "../structure/elements.js";
import type { Structure } from "../structure/structure.js";
import { BOHR_IN_ANGSTROM } from "../units.js";

/**
 * Ethanol, anti conformer, C_s symmetry, ångström, centre of mass at the origin. Built from bond lengths and angles usual
 * for PBE: C–C 1.513, C–O 1.424, O–H 0.972, C–H 1.103 (CH3) and 1.112 (CH2); C–C–O 107.6°, C–O–H 107.4°.
 */
const ETHANOL = `
C -1.1910  0.4777  0.0000
C  0.3220  0.4777  0.0000
O  0.7526 -0.8797  0.0000
H -1.5758  1.5124  0.0000
H -1.5773 -0.0373  0.8956
H -1.5773 -0.0373 -0.8956
H  0.7078  1.0086 -0.8977
H  0.7078  1.0086  0.8977
H  1.7246 -0.8763  0.0000`;

/** Near its minimum at PBE/def2-SVP. */
export function equilibriumEthanol(): Structure {
  const atoms = ETHANOL.trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  return {
    species: Uint8Array.from(atoms, ([symbol]) => atomicNumber(symbol)),
    positions: Float64Array.from(atoms.flatMap((fields) => fields.slice(1).map((x) => Number(x) / BOHR_IN_ANGSTROM))),
    charge: 0,
    unpaired: 0,
    info: { name: "ethanol" },
  };
}
