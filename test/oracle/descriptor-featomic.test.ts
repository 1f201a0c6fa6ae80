/** Descriptors against featomic 0.6.7 (test/data/featomic). */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { expansionsOf } from "../../dist/descriptor/index.js";
import type { DescriptorSettings } from "../../dist/descriptor/settings.js";
import { sphericalExpansion } from "../../dist/descriptor/spherical-expansion.js";
import { lambdaSoap } from "../../dist/descriptor/lambda-soap.js";
import { squaredNorms } from "../../dist/descriptor/norms.js";
import { selectionByBlock } from "../../dist/descriptor/features.js";
import { neighbourhoods } from "../../dist/structure/neighbours.js";
import type { Structure } from "../../dist/structure/structure.js";

interface Case {
  readonly species: number[];
  readonly positions: number[][];
  readonly cell: number[][] | null;
  readonly settings: DescriptorSettings;
  readonly expansion: [number, number, number, number, number][];
  readonly lambdaSoap: [number, number, number, number, number, number, number, number][];
  readonly squaredNorms: number[][];
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, "../data/featomic", name), "utf8"));
const cases = read("descriptors.json") as Record<string, Case>;

function structureOf({
  species,
  positions,
  cell = null,
}: Pick<Case, "species" | "positions"> & { readonly cell?: Case["cell"] }): Structure {
  return {
    species: Uint8Array.from(species),
    positions: Float64Array.from(positions.flat()),
    ...(cell ? { cell: { vectors: Float64Array.from(cell.flat()), periodic: [true, true, true] as const } } : {}),
    charge: 0,
    unpaired: 0,
    info: {},
  };
}

// Measured deviations: 4e-12 (expansion), 3e-13 (products), 1.1e-11 relative (norms), all at nmax 8: the rounding
// of the orthonormalisation, whose overlap is the worst conditioned there. Without it (nmax 4, 6) 2e-14.
describe.each(Object.entries(cases))("%s", (_, data) => {
  const expansion = sphericalExpansion(neighbourhoods(structureOf(data), data.settings.cutoffRadius), data.settings);

  it("has featomic's expansion coefficients", () => {
    let worst = 0;
    for (const [atom, l, m, q, value] of data.expansion)
      worst = Math.max(
        worst,
        Math.abs(expansion.coefficients[l][(atom * (2 * l + 1) + m) * expansion.channels + q] - value),
      );
    expect(worst).toBeLessThan(2e-11);
  });

  it.each([0, 1, 2, 3, 4])("has featomic's features for λ = %i", (lambda) => {
    const { channels } = expansion;
    const features = lambdaSoap(expansion, lambda);
    const count = features.length / expansion.environments / (2 * lambda + 1);
    const numbers = new Map<string, readonly [number, number]>();
    for (const { l1, l2, q1, q2, columns, weights } of selectionByBlock(expansion.lmax, channels, lambda))
      columns.forEach((column, k) => numbers.set(`${l1} ${q1[k]} ${l2} ${q2[k]}`, [column, weights[k]]));
    let worst = 0;
    for (const [, atom, mu, l1, qa, l2, qb, value] of data.lambdaSoap.filter(([l]) => l === lambda)) {
      const [q1, q2] = l1 === l2 && qa > qb ? [qb, qa] : [qa, qb];
      const [column, weight] = numbers.get(`${l1} ${q1} ${l2} ${q2}`) ?? [NaN, NaN];
      worst = Math.max(worst, Math.abs(features[(atom * (2 * lambda + 1) + mu) * count + column] / weight - value));
      expect(column).not.toBeNaN();
    }
    expect(worst).toBeLessThan(2e-11);
  });

  it.each([0, 1, 2, 3, 4])("has featomic's norms for λ = %i", (lambda) => {
    squaredNorms(expansion, lambda).forEach((norm, atom) => {
      const reference = data.squaredNorms[lambda][atom];
      expect(Math.abs(norm - reference)).toBeLessThan(5e-11 * reference);
    });
  });
});

it("has featomic's expansions in spheres of other radii, by the species at the centre and further in", () => {
  const data = read("cutoffs.json") as Omit<Case, "expansion"> & {
    readonly expansion: [number, number, number, number, number, number][];
  };
  const around = neighbourhoods(structureOf(data), data.settings.cutoffRadius);
  const spheres = around.map((one) => expansionsOf([one], one.centre, data.settings));
  let worst = 0;
  for (const [sphere, atom, l, m, q, value] of data.expansion) {
    const { coefficients, channels } = spheres[atom][sphere];
    worst = Math.max(worst, Math.abs(coefficients[l][m * channels + q] - value));
  }
  expect(new Set(data.expansion.map(([sphere, atom]) => `${sphere} ${atom}`)).size).toBe(12);
  expect(worst).toBeLessThan(1e-12);
});
