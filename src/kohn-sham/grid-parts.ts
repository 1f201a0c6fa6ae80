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
  /** Matrices of the potential of each spin. */
  readonly potentials?: readonly Matrix[];
}

/** The numbers of the blocks of part 0 … GRID_PARTS − 1. */
export function blocksOfPart(blocks: number, part: number): number[] {
  return Array.from({ length: blocks }, (_, block) => block).filter((block) => block % GRID_PARTS === part);
}

/** All parts, computed one after the other. */
export async function eachPart<Part>(compute: (part: number) => Promise<Part>, count = GRID_PARTS): Promise<Part[]> {
  const parts: Part[] = [];
  for (let part = 0; part < count; part++) parts.push(await compute(part));
  return parts;
}

/** Their sum. */
export function addParts<Part extends GridPart>(parts: readonly Part[]): Part {
  const [first] = parts;
  const potentials = first.potentials?.map(({ rows, columns }) => matrix(rows, columns));
  let energy = 0;
  let potentialEnergy = 0;
  for (const part of parts) {
    energy += part.energy;
    potentialEnergy += part.potentialEnergy ?? 0;
    potentials?.forEach((sum, spin) => axpy(1, part.potentials![spin].data, sum.data));
  }
  return {
    ...first,
    energy,
    ...(first.potentialEnergy === undefined ? {} : { potentialEnergy }),
    ...(potentials ? { potentials } : {}),
  };
}
