/** Molden files: of other programs, written and read back, in all dialects, damaged. */
import { readFileSync } from "node:fs";
import { expect, describe, test } from "vitest";
import { normalisedShell, placeBasis, primitiveNorm, type Basis } from "../../dist/basis/basis.js";
import { functionsOnBlock } from "../../dist/grid/block-functions.js";
import { densityOfMatrix } from "../../dist/grid/collocate.js";
import { overlapMatrix } from "../../dist/integrals/index.js";
import { readMolden, writeMolden, type Molden } from "../../dist/io/molden.js";
import { inverseSquareRoot, gemv, multiplyTransposed } from "../../dist/math/linear-algebra.js";
import { matrix, type Matrix } from "../../dist/math/matrix.js";
import type { Structure } from "../../dist/structure/structure.js";

const read = (name: string): string => readFileSync(new URL(`../data/molden/${name}`, import.meta.url), "utf8");

/** Σ_i n_i c_i c_iᵀ. */
function densityMatrix({ orbitals, coefficients }: Molden): Matrix {
  const weighted = matrix(
    coefficients.rows,
    coefficients.columns,
    coefficients.data.map((c, k) => c * orbitals[k % coefficients.columns].occupation),
  );
  return multiplyTransposed(false, true, weighted, coefficients);
}

/** The largest element of |CᵀSC − 1|. */
function fromOrthonormal({ structure, basis, coefficients }: Molden): number {
  const overlap = overlapMatrix(placeBasis(basis, structure));
  const left = multiplyTransposed(true, false, coefficients, overlap);
  const product = multiplyTransposed(false, false, left, coefficients);
  return Math.max(...product.data.map((x, k) => Math.abs(x - (k % (product.columns + 1) === 0 ? 1 : 0))));
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i])));
}

describe("files of other programs", () => {
  // The tolerance is the digits of the file: ORCA writes 12, Molden 5.
  test.each([
    ["nh3_orca.molden", "bare", 1e-9],
    ["nh3_molden_pure.molden", "normalised", 1e-4],
    ["water-cc-pvqz.molden", "normalised", 1e-9],
  ] as const)("the orbitals of %s are orthonormal", (name, primitives, tolerance) => {
    const molden = readMolden(read(name));
    expect(molden.dialect.primitives).toBe(primitives);
    expect(molden.orthonormality).toBeLessThan(tolerance);
    expect(fromOrthonormal(molden)).toBeLessThan(tolerance);
    expect(molden.structure.charge).toBe(0);
    expect(molden.orbitals.reduce((sum, { occupation }) => sum + occupation, 0)).toBe(10);
  });

  test("two programs agree on ammonia", () => {
    const [orca, molden] = ["nh3_orca.molden", "nh3_molden_pure.molden"].map((name) => readMolden(read(name)));
    expect(largestDifference(orca.structure.positions, molden.structure.positions)).toBeLessThan(2e-6);
    expect(Math.abs(orca.orbitals[0].energy - molden.orbitals[0].energy)).toBeLessThan(1e-4);
    // Orbitals may differ in sign and, where degenerate, mix; their density does not. Five digits a coefficient.
    expect(largestDifference(densityMatrix(orca).data, densityMatrix(molden).data)).toBeLessThan(1e-4);
  });

  test("the density and an orbital of Psi4, with g functions", () => {
    const water = readMolden(read("water-cc-pvqz.molden"));
    const { points, density, orbital } = JSON.parse(read("psi4-water-cc-pvqz.json")) as {
      points: number[][];
      density: number[];
      orbital: number[];
    };
    const count = points.length;
    const block = {
      count,
      points: Float64Array.from({ length: 3 * count }, (_, k) => points[k % count][Math.floor(k / count)]),
      weights: new Float64Array(count),
    };
    const functions = functionsOnBlock(placeBasis(water.basis, water.structure), block, 0);
    const { rho } = densityOfMatrix(functions, densityMatrix(water));
    // The cube has six digits of values up to 3.2, and near the nucleus its points have too few.
    density.forEach((value, p) => expect(Math.abs(rho[p] - value)).toBeLessThan(1e-6 + 5e-6 * value));
    const column = Float64Array.from(functions.alive, (f) => water.coefficients.data[f * 5 + 4]);
    const psi = gemv(true, functions.values, column);
    const sign = Math.sign(psi[orbital.indexOf(Math.max(...orbital))]);
    orbital.forEach((value, p) => expect(Math.abs(sign * psi[p] - value)).toBeLessThan(1e-6));
  });
});

const structure: Structure = {
  species: Uint8Array.of(8, 1, 1),
  positions: Float64Array.of(0.1, -0.2, 0.3, 1.9, 0.4, -0.1, -0.6, 1.2, 1.5),
  charge: 0,
  unpaired: 0,
  info: {},
};

const shell = (l: number, exponents: number[], coefficients: number[]) =>
  normalisedShell({ l, exponents, coefficients });
const hydrogen = [shell(0, [3.2, 0.5], [0.4, 0.8]), shell(1, [0.8], [1])];
const basis: Basis = {
  name: "up to g",
  shells: {
    1: hydrogen,
    8: [
      shell(0, [20, 4, 0.9], [0.1, 0.4, 0.6]),
      shell(0, [0.3], [1]),
      shell(1, [5, 0.7], [0.3, 0.8]),
      shell(2, [1.1, 0.4], [0.6, 0.5]),
      shell(3, [1.3, 0.5], [0.5, 0.6]),
      shell(4, [1.7, 0.8], [0.5, 0.6]),
    ],
  },
};
const coefficients = inverseSquareRoot(overlapMatrix(placeBasis(basis, structure)));
const written: Molden = {
  structure,
  basis,
  orbitals: Array.from({ length: coefficients.columns }, (_, i) => ({
    energy: i - 5.25,
    occupation: i < 5 ? 2 : 0,
    spin: "alpha",
    symmetry: `${i + 1}a`,
  })),
  coefficients,
};
const text = writeMolden(written);

/** Applies `change` to the number lines of [GTO] (exponent, coefficient, l) or to the lines of [MO] (function, coefficient). */
function changed(change: {
  contraction?: (alpha: number, d: number, l: number) => number;
  orbital?: (index: number, c: number) => number;
}): string {
  let section = "";
  let l = 0;
  return text
    .split("\n")
    .map((line) => {
      section = /^\[(\w+)/.exec(line)?.[1] ?? section;
      l = /^ [spdfg] /.test(line) ? "spdfg".indexOf(line[1]) : l;
      const words = line.trim().split(/\s+/);
      if (words.length !== 2 || words.some((word) => !Number.isFinite(Number(word)))) return line;
      const [a, b] = words.map(Number);
      if (section === "GTO" && change.contraction && line.includes("e"))
        return `${words[0]} ${change.contraction(a, b, l)}`;
      if (section === "MO" && change.orbital) return `${a} ${change.orbital(a - 1, b)}`;
      return line;
    })
    .join("\n");
}

/** l and m of each function as the file orders them. */
const places = [...structure.species].flatMap((z) =>
  basis.shells[z].flatMap(({ l }) =>
    (l === 1 ? [1, -1, 0] : Array.from({ length: 2 * l + 1 }, (_, k) => (k % 2 ? (k + 1) / 2 : -k / 2))).map((m) => ({
      l,
      m,
    })),
  ),
);

describe("written and read back", () => {
  test("gives the same", () => {
    const again = readMolden(text);
    expect(again.dialect).toEqual({ primitives: "normalised", functions: "unit", signs: "molden" });
    expect(again.orbitals).toEqual(written.orbitals);
    expect([...again.structure.species]).toEqual([...structure.species]);
    // Twelve digits in the file.
    expect(largestDifference(again.structure.positions, structure.positions)).toBeLessThan(1e-11);
    expect(largestDifference(again.coefficients.data, coefficients.data)).toBeLessThan(1e-11);
    expect(again.orthonormality).toBeLessThan(1e-10);
    expect(writeMolden(again)).toBe(text);
  });

  test("each dialect is recognised and undone", () => {
    const { l, m } = { l: (index: number) => places[index].l, m: (index: number) => Math.abs(places[index].m) };
    const cases = [
      [
        changed({ contraction: (alpha, d, angular) => 0.7 ** angular * d * primitiveNorm(angular, alpha) }),
        { primitives: "bare", functions: "unit", signs: "molden" },
      ],
      [
        changed({ orbital: (index, c) => (m(index) >= 3 ? -c : c) }),
        { primitives: "normalised", functions: "unit", signs: "orca" },
      ],
      [
        changed({ contraction: (_, d, angular) => 0.9 ** angular * d, orbital: (index, c) => c / 0.9 ** l(index) }),
        { primitives: "normalised", functions: "as written", signs: "molden" },
      ],
    ] as const;
    for (const [file, dialect] of cases) {
      const molden = readMolden(file);
      expect(molden.dialect).toEqual(dialect);
      expect(largestDifference(molden.coefficients.data, coefficients.data)).toBeLessThan(1e-10);
    }
  });

  test("shells in any order, ångström, left-out zeros, D exponents", () => {
    const water =
      "[Molden Format]\n[Atoms] Angs\nH 1 1 0 0 0\n[GTO]\n1 0\np 1 1.0\n0.8D+00 1\ns 1\n1.2 1.0\n\n[MO]\nEne=-1\nSpin=Alpha\nOccup=1\n4 1.0\nEne=0.5\nSpin= Beta\nOccup= 0\n 1 -.1D+01\n";
    const molden = readMolden(water);
    expect(molden.basis.shells[1].map(({ l }) => l)).toEqual([0, 1]);
    // The s function comes first; x of the file is the last of y, z, x.
    expect([...molden.coefficients.data]).toEqual([1, 0, 0, 0, 0, 0, 0, -1]);
    expect(molden.orbitals.map(({ spin }) => spin)).toEqual(["alpha", "beta"]);
    expect(molden.structure).toMatchObject({ charge: 0, unpaired: 1 });
  });
});

describe("what cannot be read says why", () => {
  const cartesian = text.replace(/\[5D7F\]\n\[9G\]\n/, "");
  const cases: [string, string, RegExp][] = [
    ["nothing", "", /begins with \[Molden Format\]/],
    ["Cartesian shells", cartesian, /m.molden:\d+: the d functions are Cartesian/],
    ["Slater functions", "[Molden Format]\n[STO]\n", /m.molden:2: .*Slater/],
    ["effective cores", "[Molden Format]\n[Core]\n1: 2\n", /m.molden:2: .*cores/],
    ["no orbitals", text.slice(0, text.indexOf("[MO]")), /no section \[MO\]/],
    ["two documents", text + text, /holds 2 molden documents/],
    ["a word for a number", text.replace(/Ene= .*/, "Ene= low"), /"low" is not a number/],
    ["a missing shell line", text.replace(/ s 3 1.00/, " s 4 1.00"), /m.molden:\d+: /],
    ["too many functions", `${text}  900 1.0\n`, /coefficient 900, but the basis has \d+ functions/],
    ["orbitals of another basis", changed({ orbital: (index, c) => c * (1 + 0.1 * index) }), /not orthonormal/],
    ["one element, two bases", text.replace(/(3 0\n s 2 1.00\n\s*)3.2000/, "$13.3000"), /the atoms 1 and 2 \(H\) have/],
    ["an unknown shell", text.replace(" p 1 1.00", " x 1 1.00"), /expected an atom or a shell/],
  ];
  test.each(cases)("%s", (_, file, message) => {
    expect(() => readMolden(file, "m.molden")).toThrow(message);
  });
});
