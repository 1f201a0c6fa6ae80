/** Numbers as a reader wants them. */
import { formula, type Structure } from "../structure/structure.js";

/** Stands for what is not a number. */
export const MISSING = "–";

/** `digits` significant figures without an exponent between 1e-5 and 1e6; a dash for what is not a number. */
export function significant(x: number | undefined, digits = 3): string {
  if (x === undefined || !Number.isFinite(x)) return MISSING;
  if (x === 0) return "0";
  const [mantissa, exponent] = x.toExponential(digits - 1).split("e");
  const size = Number(exponent);
  if (size < -5 || size > 5) return minus(`${mantissa} × 10${superscript(size)}`);
  return minus(x.toFixed(Math.max(0, digits - 1 - size)));
}

/** `0.35 ms`, `12.3 s`, `4 min 05 s`. */
export function duration(seconds: number | undefined): string {
  if (seconds === undefined || !Number.isFinite(seconds)) return MISSING;
  if (seconds < 0.9995) return `${significant(seconds * 1000, seconds < 0.1 ? 2 : 3)} ms`;
  if (seconds < 100) return `${significant(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** `C₂H₆O`. */
export function formulaText(structure: Structure): string {
  return formula(structure).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉".charAt(Number(digit)));
}

/** Mean of the finite numbers among `values`; undefined when there are none. */
export function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const finite = values.filter((x): x is number => x !== undefined && Number.isFinite(x));
  return finite.length === 0 ? undefined : finite.reduce((sum, x) => sum + x, 0) / finite.length;
}

export function isNumber(x: number | undefined): x is number {
  return x !== undefined && Number.isFinite(x);
}

function minus(text: string): string {
  return text.replace(/^-/, "−");
}

function superscript(exponent: number): string {
  return [...String(exponent)].map((character) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹".charAt("-0123456789".indexOf(character))).join("");
}
