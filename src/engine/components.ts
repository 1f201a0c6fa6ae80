/** The energies of terms under the names that datasets and results have for them. */
import type { EnergyComponents } from "../dataset/record.js";

/** Of a molecule or of a crystal, by the terms that are there; they add up to the energy. */
export function energyComponents(terms: Readonly<Record<string, number>>): EnergyComponents {
  const { hartree, exactExchange = 0, entropy } = terms;
  const shared = { hartree, exchangeCorrelation: terms["exchangeCorrelation"] + exactExchange };
  const smeared = entropy === undefined ? {} : { entropy };
  if ("coreHamiltonian" in terms) {
    const { coreHamiltonian, coreOverlap, coreSelf } = terms;
    return { coreHamiltonian, ...shared, coreOverlap, coreSelf, ...smeared };
  }
  const { kinetic, external, nuclearRepulsion } = terms;
  return { kinetic, external, ...shared, nuclearRepulsion, ...smeared };
}
