/** Conversion factors between atomic units and the units of files and reports. CODATA 2022. */

/** Length of 1 bohr in ångström. */
export const BOHR_IN_ANGSTROM = 0.529177210544;
/** Energy of 1 hartree in electronvolt. */
export const HARTREE_IN_EV = 27.211386245981;
/** Energy of 1 hartree in kcal/mol (thermochemical calorie). */
export const HARTREE_IN_KCAL_PER_MOL = 627.5094740631;
/** Energy of 1 hartree in meV. */
export const HARTREE_IN_MEV = HARTREE_IN_EV * 1000;
/** Boltzmann's constant in hartree per kelvin. */
export const BOLTZMANN = 3.1668115634564e-6;
/** Mass of 1 dalton in electron masses. */
export const DALTON_IN_ELECTRON_MASS = 1822.8884862781;
