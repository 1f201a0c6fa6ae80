/** Levels by name: the bases and pseudopotentials that go with a functional, from files or from texts. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { isBrineError, levelByName, type NamedLevel, textLibrary } from "../../dist/index.js";
import { packageLibrary } from "../../dist/node/index.js";

const data = resolve(import.meta.dirname, "../../data");
const text = (path: string): string => readFileSync(join(data, path), "utf8");

const molecules = textLibrary({
  "def2-svp": text("basis/def2-svp.json"),
  "def2-universal-jfit": text("basis/def2-universal-jfit.json"),
  "def2-universal-jkfit": text("basis/def2-universal-jkfit.json"),
});
const cells = textLibrary({
  "dzvp-molopt-sr-gth": text("basis/dzvp-molopt-sr-gth.txt"),
  "def2-universal-jfit": text("basis/def2-universal-jfit.json"),
  "gth-pbe": text("pseudopotentials/gth-pbe.txt"),
  "gth-blyp": text("pseudopotentials/gth-blyp.txt"),
  "gth-pade": text("pseudopotentials/gth-pade.txt"),
});

describe("a level by name", () => {
  it.each([
    ["pbe", "def2-universal-jfit"],
    ["pbe0", "def2-universal-jkfit"],
  ])("of %s fits the Coulomb potential in %s", (functional, expected) => {
    const names = { functional, basis: "def2-svp", grid: 4 };
    const level = levelByName(names, molecules);
    expect(level).toEqual(levelByName(names, packageLibrary));
    expect(level.coulombFit?.name).toBe(expected);
    expect(level.auxiliary.name).toBe("def2-universal-jfit");
    expect(level.numerics.grid).toBe(4);
  });

  it.each([
    ["pbe", "gth-pbe"],
    ["blyp", "gth-blyp"],
    ["lda", "gth-pade"],
  ])("of %s takes the pseudopotentials %s with a basis for valence electrons", (functional, expected) => {
    const names: NamedLevel = { functional, basis: "dzvp-molopt-sr-gth", planewaveCutoff: 200 };
    const level = levelByName(names, cells);
    expect(level).toEqual(levelByName(names, packageLibrary));
    expect(level.pseudopotentials?.name).toBe(expected);
    expect(level.auxiliary.name).toBe("def2-universal-jfit:uncontracted:30");
    expect(level.numerics.planewaveCutoff).toBe(200);
  });

  it("can be fitted in an even-tempered set of its orbitals", () => {
    const { auxiliary } = levelByName({ functional: "pbe", basis: "def2-svp", fit: "etb:2" }, molecules);
    // The rule of PySCF's aug_etb gives carbon 121 functions and hydrogen 24.
    const functions = (z: number): number => auxiliary.shells[z].reduce((sum, { l }) => sum + 2 * l + 1, 0);
    expect([functions(6), functions(1)]).toEqual([121, 24]);
  });

  it("says what there is when a name is unknown", () => {
    try {
      levelByName({ functional: "pbe", basis: "sto-3g" }, molecules);
      expect.unreachable();
    } catch (error) {
      expect(isBrineError(error, "usage")).toBe(true);
      expect((error as Error).message).toContain("there are def2-svp, def2-universal-jfit, def2-universal-jkfit");
    }
  });
});
