/** Names and radii of the elements. */
import { BrineError } from "../errors.js";

const SYMBOLS = (
  "X H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr " +
  "Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu " +
  "Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn"
).split(" ");

/** `8` → `O`. */
export function elementSymbol(z: number): string {
  return SYMBOLS[z] ?? `Z${z}`;
}

/** `O`, `o` or `8` → 8. Throws `input` for anything that is not an element. */
export function atomicNumber(symbol: string): number {
  const direct = Number(symbol);
  const z = Number.isInteger(direct)
    ? direct
    : SYMBOLS.indexOf(symbol.charAt(0).toUpperCase() + symbol.slice(1).toLowerCase());
  if (!(z >= 1 && z < SYMBOLS.length)) throw new BrineError("input", `unknown element "${symbol}"`);
  return z;
}
