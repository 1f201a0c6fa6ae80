/** Basis functions on the blocks of a grid, kept between uses as far as a memory limit allows. */
import type { PlacedBasis } from "../basis/basis.js";
import { functionsOnBlock, type BlockFunctions } from "../grid/block-functions.js";
import type { GridBlock } from "../grid/grid-block.js";

export interface GridFunctions {
  readonly blocks: readonly GridBlock[];
  /** The basis functions on block number `index`. */
  on(index: number): BlockFunctions;
}

/** `memory` in bytes; blocks beyond it are computed anew at each use. */
export function gridFunctions(
  basis: PlacedBasis,
  blocks: readonly GridBlock[],
  derivatives: 0 | 1,
  memory: number,
): GridFunctions {
  const kept: (BlockFunctions | undefined)[] = Array.from({ length: blocks.length });
  let bytes = 0;
  return {
    blocks,
    on(index) {
      const known = kept[index];
      if (known) return known;
      const functions = functionsOnBlock(basis, blocks[index], derivatives);
      const size = functions.values.data.byteLength * (1 + 3 * derivatives);
      if (bytes + size <= memory) {
        bytes += size;
        kept[index] = functions;
      }
      return functions;
    },
  };
}
