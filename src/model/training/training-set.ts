/** What a model learns from: references of one level, checked. */
import { basisSize } from "../../basis/basis.js";
import type { Reference } from "../../dataset/record.js";
import { BrineError } from "../../errors.js";
import { locate } from "../../errors.js";
import { levelContrast } from "../../level.js";
import { elementSymbol } from "../../structure/elements.js";
import { checkStructure } from "../../structure/structure.js";

/** What training needs of a reference. */
export type TrainingReference = Pick<Reference, "structure" | "level" | "density">;

/**
 * Throws `input` for no references, broken structures and coefficients that are not numbers, `mismatch`
 * when level, number of coefficients or nuclear charges disagree. `what` names the references in messages.
 */
export function checkReferences(references: readonly TrainingReference[], what = "training structure"): void {
  if (references.length === 0) throw new BrineError("input", `there is no ${what}`);
  const charges = new Map<number, number>();
  references.forEach((reference, index) => {
    const where = `${what} ${index}`;
    const { structure, level, density } = reference;
    const contrast = levelContrast(level, references[0].level);
    if (contrast !== "") throw new BrineError("mismatch", `its level is not that of the first: ${contrast}`, { where });
    try {
      checkStructure(structure);
    } catch (error) {
      throw locate(error, where);
    }
    checkCoefficients(reference, where);
    structure.species.forEach((z, atom) => {
      const charge = density.nuclearCharges[atom];
      if ((charges.get(z) ?? charge) !== charge)
        throw new BrineError(
          "mismatch",
          `${elementSymbol(z)} has the nuclear charge ${charge}, elsewhere ${charges.get(z)}`,
          { where },
        );
      charges.set(z, charge);
    });
  });
}

function checkCoefficients({ structure, level, density }: TrainingReference, where: string): void {
  const { coefficients } = density;
  const functions = basisSize(level.auxiliary, structure);
  if (coefficients.length !== functions)
    throw new BrineError(
      "mismatch",
      `${coefficients.length} coefficients, but ${level.auxiliary.name} has ${functions} functions on this structure`,
      { where },
    );
  const wrong = coefficients.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new BrineError("input", `coefficient ${wrong} is not a number; make this reference again`, { where });
}

/** Z less core of each species. */
export function nuclearChargesOf(references: readonly TrainingReference[]): Record<number, number> {
  const charges: Record<number, number> = {};
  for (const { structure, density } of references)
    structure.species.forEach((z, atom) => (charges[z] = density.nuclearCharges[atom]));
  return charges;
}
