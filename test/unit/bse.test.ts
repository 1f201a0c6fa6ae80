import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { functionCount, shellsOf } from "../../dist/basis/basis.js";
import { isBrineError } from "../../dist/errors.js";
import { readBasisSetExchange } from "../../dist/io/bse.js";

const bundled = (name: string): string =>
  readFileSync(new URL(`../../data/basis/${name}.json`, import.meta.url), "utf8");
const shell = (extra: object): string =>
  JSON.stringify({
    elements: {
      6: {
        electron_shells: [
          {
            function_type: "gto",
            angular_momentum: [0],
            exponents: ["2.0", "0.5"],
            coefficients: [["0.3", "0.7"]],
            ...extra,
          },
        ],
      },
    },
  });

describe("readBasisSetExchange", () => {
  it("reads the bundled sets", () => {
    const svp = readBasisSetExchange(bundled("def2-svp"), "def2-svp");
    expect(svp.name).toBe("def2-svp");
    expect([1, 6, 8].map((z) => functionCount(svp.shells[z]))).toEqual([5, 14, 14]);
    const fit = readBasisSetExchange(bundled("def2-universal-jfit"), "def2-universal-jfit");
    for (const shells of Object.values(fit.shells))
      expect(shells.map(({ l }) => l)).toEqual(shells.map(({ l }) => l).toSorted((a, b) => a - b));
  });

  // Function counts of the published sets, by l.
  it.each([
    ["def2-tzvp", { 1: "3s1p", 6: "5s3p2d1f", 16: "5s5p2d1f" }],
    ["cc-pvdz", { 1: "2s1p", 6: "3s2p1d", 17: "4s3p1d" }],
    ["cc-pvtz", { 1: "3s2p1d", 6: "4s3p2d1f", 17: "5s4p2d1f" }],
    ["def2-universal-jkfit", { 1: "2s2p2d", 8: "10s8p4d2f1g" }],
  ] as const)("reads %s", (name, expected) => {
    const { shells } = readBasisSetExchange(bundled(name), name);
    for (const [z, names] of Object.entries(expected)) {
      const counts = [..."spdfg"].map(
        (letter, l) => [shells[Number(z)].filter((one) => one.l === l).length, letter] as const,
      );
      expect(counts.flatMap(([n, letter]) => (n > 0 ? `${n}${letter}` : [])).join("")).toBe(names);
    }
  });

  it("leaves out elements with effective core potentials and says so when they are needed", () => {
    const one = { angular_momentum: [0], exponents: ["1.0"], coefficients: [["1.0"]] };
    const text = JSON.stringify({
      elements: { 1: { electron_shells: [one] }, 53: { electron_shells: [one], ecp_potentials: [{}] } },
    });
    const basis = readBasisSetExchange(text, "mixed");
    expect(shellsOf(basis, 1)).toHaveLength(1);
    expect(() => shellsOf(basis, 53)).toThrow(/mixed has no functions for I without an effective core potential/);
  });

  it("gives each contraction its own shell, drops zeros and normalises", () => {
    const { shells } = readBasisSetExchange(
      shell({
        coefficients: [
          ["0.3", "0.7"],
          ["0.0", "5.0"],
        ],
      }),
      "test",
    );
    expect(shells[6]).toHaveLength(2);
    expect(shells[6][1]).toEqual({ l: 0, exponents: [0.5], coefficients: [1] });
    const [a, b] = shells[6][0].coefficients;
    const overlap = ((2 * Math.sqrt(2 * 0.5)) / 2.5) ** 1.5;
    expect(a * a + b * b + 2 * a * b * overlap).toBeCloseTo(1, 14);
    expect(a / b).toBeCloseTo(3 / 7, 14);
  });

  it("splits shells of several angular momenta and orders by l", () => {
    const text = JSON.stringify({
      elements: {
        3: {
          electron_shells: [
            { angular_momentum: [0, 1], exponents: ["1.0"], coefficients: [["1.0"], ["1.0"]] },
            { angular_momentum: [0], exponents: ["0.2E+00"], coefficients: [["1.0"]] },
          ],
        },
      },
    });
    expect(readBasisSetExchange(text, "sp").shells[3].map(({ l, exponents }) => [l, exponents[0]])).toEqual([
      [0, 1],
      [0, 0.2],
      [1, 1],
    ]);
  });

  it.each([
    ["not JSON", "{", "corrupt"],
    ["no elements", "{}", "corrupt"],
    ["an empty list", '{"elements":{}}', "corrupt"],
    ["a coefficient too few", shell({ coefficients: [["0.3"]] }), "corrupt"],
    ["a word for a number", shell({ exponents: ["2.0", "x"] }), "corrupt"],
    ["an empty string for a number", shell({ exponents: ["2.0", ""] }), "corrupt"],
    ["a negative exponent", shell({ exponents: ["2.0", "-1"] }), "corrupt"],
    ["half a quantum of angular momentum", shell({ angular_momentum: [0.5] }), "corrupt"],
    ["Slater functions", shell({ function_type: "sto" }), "unsupported"],
    [
      "a core potential",
      JSON.stringify({ elements: { 79: { electron_shells: [], ecp_potentials: [{}] } } }),
      "unsupported",
    ],
  ] as const)("refuses %s", (_, text, tag) => {
    let caught: unknown;
    try {
      readBasisSetExchange(text, "bad");
    } catch (error) {
      caught = error;
    }
    expect(isBrineError(caught, tag)).toBe(true);
    expect(String(caught)).toContain("bad");
  });
});
