/**
 * Basis sets in the JSON format of the Basis Set Exchange (Pritchard, Altarawy, Didier, Gibson, Windus,
 * J. Chem. Inf. Model. 59, 4814 (2019)): numbers are strings, a shell may hold several contractions and,
 * as in Pople's sets, several angular momenta.
 */
import { normalisedShell, type Basis, type Shell } from "../basis/basis.js";
import { BrineError } from "../errors.js";
import { elementSymbol } from "../structure/elements.js";

/**
 * Reads a basis of any number of elements. Each contraction becomes one normalised shell, zero coefficients are
 * dropped, and shells are ordered by l with the order of the file kept inside each l. Elements whose functions belong
 * to an effective core potential are left out. Throws `corrupt` for text that is not such a basis and `unsupported`
 * for functions other than Gaussians and for bases of nothing but effective core potentials.
 */
export function readBasisSetExchange(text: string, name: string): Basis {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new BrineError("corrupt", `basis ${name} is not JSON`, { cause });
  }
  const elements = record(record(parsed, name)["elements"], name);
  const shells: Record<number, readonly Shell[]> = {};
  for (const [key, element] of Object.entries(elements)) {
    const z = Number(key);
    if (!Number.isInteger(z) || z < 1) throw new BrineError("corrupt", `basis ${name} has an element "${key}"`);
    const where = `basis ${name}, ${elementSymbol(z)}`;
    const data = record(element, where);
    if (data["ecp_potentials"] !== undefined) continue;
    shells[z] = list(data["electron_shells"], where)
      .flatMap((shell) => contractions(record(shell, where), where))
      .toSorted((a, b) => a.l - b.l);
  }
  if (Object.keys(elements).length === 0) throw new BrineError("corrupt", `basis ${name} has no elements`);
  if (Object.keys(shells).length === 0)
    throw new BrineError("unsupported", `basis ${name} belongs to effective core potentials, which are not treated`);
  return { name, shells };
}

function contractions(shell: Record<string, unknown>, where: string): Shell[] {
  const kind = shell["function_type"];
  if (typeof kind === "string" && !kind.startsWith("gto"))
    throw new BrineError("unsupported", `functions of type "${kind}"; only Gaussians (gto) are known`, { where });
  const momenta = list(shell["angular_momentum"], where).map((l) => number(l, where));
  const exponents = list(shell["exponents"], where).map((alpha) => number(alpha, where));
  const columns = list(shell["coefficients"], where).map((column) => list(column, where).map((d) => number(d, where)));
  if (momenta.length !== 1 && momenta.length !== columns.length)
    throw new BrineError("corrupt", `${momenta.length} angular momenta for ${columns.length} contractions`, { where });
  if (exponents.some((alpha) => !(alpha > 0)))
    throw new BrineError("corrupt", "an exponent is not positive", { where });
  if (momenta.some((l) => !Number.isInteger(l) || l < 0))
    throw new BrineError("corrupt", "an angular momentum is not a whole number", { where });
  return columns.map((column, i) => {
    if (column.length !== exponents.length)
      throw new BrineError("corrupt", `${column.length} coefficients for ${exponents.length} exponents`, { where });
    const kept = column.map((_, p) => p).filter((p) => column[p] !== 0);
    return normalisedShell({
      l: momenta.length === 1 ? momenta[0] : momenta[i],
      exponents: kept.map((p) => exponents[p]),
      coefficients: kept.map((p) => column[p]),
    });
  });
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new BrineError("corrupt", "not a basis in the JSON format of the Basis Set Exchange", { where });
  return value as Record<string, unknown>;
}

function list(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value))
    throw new BrineError("corrupt", "not a basis in the JSON format of the Basis Set Exchange", { where });
  return value;
}

function number(value: unknown, where: string): number {
  const result = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof result !== "number" || !Number.isFinite(result))
    throw new BrineError("corrupt", `"${String(value)}" is not a number`, { where });
  return result;
}
