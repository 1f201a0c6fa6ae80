/** Masses of the atoms: abridged standard atomic weights (IUPAC 2021, doi:10.1515/pac-2019-0603), H to Kr. */
import { BrineError } from "../errors.js";
import { DALTON_IN_ELECTRON_MASS } from "../units.js";
import { elementSymbol } from "./elements.js";

/** Dalton, by atomic number. Elements with an interval carry its conventional value. */
const WEIGHTS = [
  NaN,
  1.008,
  4.0026,
  6.94,
  9.0122,
  10.81,
  12.011,
  14.007,
  15.999,
  18.998,
  20.18,
  22.99,
  24.305,
  26.982,
  28.085,
  30.974,
  32.06,
  35.45,
  39.95,
  39.098,
  40.078,
  44.956,
  47.867,
  50.942,
  51.996,
  54.938,
  55.845,
  58.933,
  58.693,
  63.546,
  65.38,
  69.723,
  72.63,
  74.922,
  78.971,
  79.904,
  83.798,
];

/** Masses in electron masses, [atoms]. Throws `unsupported` beyond krypton. */
export function atomicMasses(species: ArrayLike<number>): Float64Array {
  return Float64Array.from(species, (z) => {
    const weight = WEIGHTS[z];
    if (!(weight > 0))
      throw new BrineError("unsupported", `no atomic mass for ${elementSymbol(z)}; masses are there for H to Kr`);
    return weight * DALTON_IN_ELECTRON_MASS;
  });
}
