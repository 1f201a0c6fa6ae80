/**
 * A sum over a grid as the sum of a few parts, each a sum over every so many-th block. The parts do not depend on who
 * computes them, and they are added in order: threads change no bit of the result.
 */
import { axpy, matrix, type Matrix } from "../math/matrix.js";

/** Blocks of neighbours go to different parts, so that these take about the same time. */
export const GRID_PARTS = 8;

/** What a part adds. */
export interface GridPart {
  readonly energy: number;
  /** ∫v ρ̃ */
  readonly potentialEnergy?: number;
  readonly fock?: Matrix;
}

/** The numbers of the blocks of part 0 … GRID_PARTS − 1. */
export function blocksOfPart(blocks: number, part: number): number[] {
  return Array.from({ length: blocks }, (_, block) => block).filter((block) => block % GRID_PARTS === part);
}

/** All parts, computed one after the other. */
export async function eachPart<Part>(compute: (part: number) => Promise<Part>): Promise<Part[]> {
  const parts: Part[] = [];
  for (let part = 0; part < GRID_PARTS; part++) parts.push(await compute(part));
  return parts;
}

/** Their sum. */
export function addParts<Part extends GridPart>(parts: readonly Part[]): Part {
  const [first] = parts;
  const { fock } = first;
  const sum = fock && matrix(fock.rows, fock.columns);
  let energy = 0;
  let potentialEnergy = 0;
  for (const part of parts) {
    energy += part.energy;
    potentialEnergy += part.potentialEnergy ?? 0;
    if (sum && part.fock) axpy(1, part.fock.data, sum.data);
  }
  return {
    ...first,
    energy,
    ...(first.potentialEnergy === undefined ? {} : { potentialEnergy }),
    ...(sum ? { fock: sum } : {}),
  };
}
