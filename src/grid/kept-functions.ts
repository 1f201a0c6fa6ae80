/**
 * Functions on the blocks of a uniform grid, kept between uses as far as memory allows, in single precision. They are
 * rounded to it whether they are kept or not, so that results do not depend on the memory: 6e-8 of a value, at random,
 * changes energies of 32 water molecules by less than 1e-8 hartree.
 */
import { machine } from "../machine.js";
import { packed, unpacked, type CubeFunctions, type OrderedFunctions, type Packed } from "./cube-functions.js";

declare module "../machine.js" {
  interface Machine {
    /** Bytes that functions on periodic grids may take (4e9); 32 water molecules take some 3.5 GB at 300 Ry. */
    readonly functionMemory?: number;
  }
}

const DEFAULT_MEMORY = 4e9;
/** Memory is asked for in such pieces. */
const PIECE = 1 << 24;

/** Room for packed functions that can be used again for the next structure: fresh memory is slow at first touch. */
export interface FunctionMemory {
  /** Room for so many numbers; undefined where there is no more. */
  take(length: number): Float32Array | undefined;
  /** Room that lasts until the next call. */
  spare(length: number): Float32Array;
  /** Takes all room back; what was put there is lost. */
  clear(): void;
}

/** `bytes` at most. */
export function functionMemory(bytes = machine().functionMemory ?? DEFAULT_MEMORY): FunctionMemory {
  const pieces: Float32Array[] = [];
  const most = Math.floor(bytes / (4 * PIECE));
  let unkept = new Float32Array(0);
  let piece = 0;
  let used = 0;
  return {
    take(length) {
      if (used + length > PIECE) {
        piece++;
        used = 0;
      }
      if (piece >= most || length > PIECE) return undefined;
      pieces[piece] ??= new Float32Array(PIECE);
      used += length;
      return pieces[piece].subarray(used - length, used);
    },
    spare(length) {
      if (unkept.length < length) unkept = new Float32Array(length);
      return unkept;
    },
    clear() {
      piece = 0;
      used = 0;
    },
  };
}

export interface KeptFunctions {
  /**
   * The functions of block number `index`, valid until the next block: from memory when they are there, or else as
   * `make` says, which passes what it makes through `keep`.
   */
  on(
    index: number,
    make: (keep: (functions: CubeFunctions) => OrderedFunctions) => readonly OrderedFunctions[],
  ): readonly OrderedFunctions[];
}

export function keptFunctions(memory: FunctionMemory): KeptFunctions {
  const kept: (readonly Packed[] | undefined)[] = [];
  return {
    on(index, make) {
      const known = kept[index];
      if (known) return known.map(unpacked);
      const parts: Packed[] = [];
      let fits = true;
      const made = make((functions) => {
        const { length } = functions.values.data;
        const room = memory.take(length);
        if (!room) fits = false;
        parts.push(packed(functions, room ?? memory.spare(length)));
        return unpacked(parts[parts.length - 1]);
      });
      if (fits) kept[index] = parts;
      return made;
    },
  };
}
