/**
 * The Harris–Foulkes energy of an input density ρ̃, from the orbital energies of its Hamiltonian:
 *
 *   E_HF = Σ_i f_i ε_i − ½∫∫ρ̃ρ̃'/|r − r'| + E_xc[ρ̃] − ∫v_xc ρ̃ + E_nn,
 *
 * where for a GGA ∫v_xc ρ̃ stands for ∫(v_ρ ρ̃ + 2 v_σ |∇ρ̃|²). Its error is of second order in ρ̃ − ρ_SCF, with
 * either sign (Harris, Phys. Rev. B 31, 1770 (1985); Foulkes & Haydock, Phys. Rev. B 39, 12520 (1989)).
 */
export interface HarrisFoulkesParts {
  /** Σ_i f_i ε_i. */
  readonly bandEnergy: number;
  /** ½∫∫ρ̃ρ̃'/|r − r'|. */
  readonly hartree: number;
  readonly exchangeCorrelation: number;
  /** ∫v_xc ρ̃. */
  readonly potentialEnergy: number;
  readonly nuclearRepulsion: number;
}

/** hartree */
export function harrisFoulkesEnergy(parts: HarrisFoulkesParts): number {
  return parts.bandEnergy - parts.hartree + parts.exchangeCorrelation - parts.potentialEnergy + parts.nuclearRepulsion;
}
