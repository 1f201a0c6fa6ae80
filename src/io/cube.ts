/**
 * Gaussian's cube files: a quantity on a regular grid around atoms, in atomic units.
 *
 * Two comment lines; atoms and origin; counts and steps of the three axes; atoms (Z, charge, x y z); then
 * the values, the third axis fastest. Source: https://gaussian.com/cubegen/
 */
import { BrineError } from "../errors.js";
import type { Structure } from "../structure/structure.js";
import { BOHR_IN_ANGSTROM } from "../units.js";

/** Values at origin + i·steps₀ + j·steps₁ + k·steps₂; k runs fastest. */
export interface CubeGrid {
  /** bohr */
  readonly origin: readonly [number, number, number];
  /** Rows are the steps along the three axes, bohr. */
  readonly steps: Float64Array;
  /** Numbers of points along the three axes. */
  readonly counts: readonly [number, number, number];
  /** [counts₀, counts₁, counts₂], the last index fastest. */
  readonly values: Float64Array;
}

/** What a cube file holds. */
export interface Cube {
  /** The first two lines of the file. */
  readonly title: string;
  /** The grid and its values. */
  readonly grid: CubeGrid;
  /** The atoms, with the cell where the grid spans one. */
  readonly structure: Structure;
}

const PER_LINE = 6;

/** Six digits a value, as other programs write it. */
export function writeCube(
  { origin, steps, counts, values }: CubeGrid,
  { species, positions }: Structure,
  title: string,
): string {
  const row = (count: number, numbers: ArrayLike<number>): string =>
    `${String(count).padStart(5)}${Array.from(numbers, (x) => x.toFixed(6).padStart(12)).join("")}\n`;
  const axes = counts.map((count, axis) => row(count, steps.subarray(3 * axis, 3 * axis + 3)));
  const atoms = Array.from(species, (z, atom) => row(z, [z, ...positions.subarray(3 * atom, 3 * atom + 3)]));
  const lines = [
    `${title.replace(/\s+/g, " ")}\natomic units; third axis fastest\n`,
    row(species.length, origin),
    ...axes,
    ...atoms,
  ];
  for (let first = 0; first < values.length; first += counts[2])
    for (let k = first; k < first + counts[2]; k += PER_LINE)
      lines.push(valueLine(values.subarray(k, Math.min(k + PER_LINE, first + counts[2]))));
  return lines.join("");
}

function valueLine(values: Float64Array): string {
  return `${Array.from(values, (value) =>
    value
      .toExponential(5)
      .replace(/e([+-])(\d)$/, "E$10$2")
      .replace("e", "E")
      .padStart(13),
  ).join("")}\n`;
}

/** Throws `corrupt` with `source:line` for what is not a cube file or is cut off, `unsupported` for several values a point. */
export function readCube(text: string, source = "cube"): Cube {
  const lines = text.split(/\r?\n/);
  const row = (line: number, least: number): number[] => {
    const numbers = ((lines[line] ?? "").match(/\S+/g) ?? []).map(Number);
    if (numbers.length < least || !numbers.every(Number.isFinite))
      throw new BrineError(
        "corrupt",
        `expected ${least} numbers, found "${(lines[line] ?? "").trim().slice(0, 40)}"; the file is not a cube file or is cut off`,
        { where: `${source}:${line + 1}` },
      );
    return numbers;
  };
  const [atoms, ...origin] = row(2, 4);
  if (atoms < 0) throw new BrineError("unsupported", "cube files of orbitals are not read", { where: `${source}:3` });
  const axes = [row(3, 4), row(4, 4), row(5, 4)];
  const unit = axes[0][0] < 0 ? 1 / BOHR_IN_ANGSTROM : 1; // negative counts: ångström
  const counts = axes.map(([count]) => Math.abs(count));
  const steps = Float64Array.from(
    axes.flatMap(([, ...step]) => step.slice(0, 3)),
    (x) => x * unit,
  );
  const nuclei = Array.from({ length: atoms }, (_, atom) => row(6 + atom, 5));
  const values = Float64Array.from({ length: counts[0] * counts[1] * counts[2] });
  let found = 0;
  for (let line = 6 + atoms; found < values.length; line++) for (const value of row(line, 1)) values[found++] = value;
  return {
    title: lines[0].trim(),
    grid: {
      origin: [origin[0] * unit, origin[1] * unit, origin[2] * unit],
      steps,
      counts: [counts[0], counts[1], counts[2]],
      values,
    },
    structure: {
      species: Uint8Array.from(nuclei, ([z]) => z),
      positions: Float64Array.from(
        nuclei.flatMap(([, , ...position]) => position.slice(0, 3)),
        (x) => x * unit,
      ),
      charge: 0,
      unpaired: 0,
      info: {},
    },
  };
}
