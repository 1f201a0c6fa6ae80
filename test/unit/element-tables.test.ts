/** Masses, radii and electronegativities of all elements against the tables of mendeleev and ase (test/data/elements). */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { braggRadius } from "../../dist/grid/bragg-radii.js";
import { bondCharges, covalentRadius } from "../../dist/descriptor/bond-charges.js";
import { atomicNumber, elementSymbol } from "../../dist/structure/elements.js";
import { atomicMasses } from "../../dist/structure/masses.js";
import { BOHR_IN_ANGSTROM, DALTON_IN_ELECTRON_MASS } from "../../dist/units.js";
import { structureOf } from "../structure-of.js";

interface Element {
  readonly z: number;
  readonly symbol: string;
  readonly weight: number;
  readonly slater: number | null;
  readonly electronegativity: number | null;
  readonly cordero: number;
}

const elements = (
  JSON.parse(readFileSync(new URL("../data/elements/elements.json", import.meta.url), "utf8")) as [
    string,
    number,
    number | null,
    number | null,
    number,
  ][]
).map(([symbol, weight, slater, electronegativity, cordero], i): Element => ({
  z: i + 1,
  symbol,
  weight,
  slater,
  electronegativity,
  cordero,
}));
const KRYPTON = 36;
const XENON = 54;

/** Elements up to `last` whose numbers differ by more than the tolerance, with both. */
function wrong(
  last: number,
  found: (element: Element) => number,
  expected: (element: Element) => number | null,
  tolerance: number,
): string[] {
  return elements.slice(0, last).flatMap((element) => {
    const [one, two] = [found(element), expected(element)];
    return two !== null && !(Math.abs(one - two) <= tolerance) ? [`${element.symbol}: ${one}, not ${two}`] : [];
  });
}

test("symbols", () => {
  expect(elements.map(({ z }) => elementSymbol(z))).toEqual(elements.map(({ symbol }) => symbol));
  expect(elements.map(({ symbol }) => atomicNumber(symbol))).toEqual(elements.map(({ z }) => z));
});

test("atomic weights", () => {
  // Five digits; what varies in nature has a conventional value, argon the farthest from the mean: 5e-5.
  const ratio = ({ z, weight }: Element): number => atomicMasses([z])[0] / DALTON_IN_ELECTRON_MASS / weight;
  expect(wrong(KRYPTON, ratio, () => 1, 6e-5)).toEqual([]);
});

test("Bragg–Slater radii", () => {
  // Hydrogen has Becke's 0.35 Å instead of Slater's 0.25 Å; Slater has neither noble gases nor astatine.
  const slater = ({ z, symbol, slater }: Element): number | null =>
    z === 1 ? 0.35 : ["He", "Ne", "Ar"].includes(symbol) || slater === null ? null : slater / 100;
  expect(wrong(elements.length, ({ z }) => braggRadius(z) * BOHR_IN_ANGSTROM, slater, 1e-12)).toEqual([]);
});

test("covalent radii", () => {
  const radius = ({ z }: Element): number => covalentRadius(z) * BOHR_IN_ANGSTROM;
  expect(wrong(XENON, radius, ({ cordero }) => cordero, 1e-12)).toEqual([]);
});

test("electronegativities", () => {
  // A bond at its usual length passes the whole difference, here to fluorine.
  const charge = (z: number): number =>
    bondCharges(structureOf([z, 9], [0, 0, 0, 0, 0, covalentRadius(z) + covalentRadius(9)]))[0];
  const { electronegativity: ofFluorine } = elements[8];
  const found = ({ z }: Element): number => ofFluorine! - (z === 9 ? 0 : charge(z));
  expect(wrong(XENON, found, ({ electronegativity }) => electronegativity, 1e-12)).toEqual([]);
});
