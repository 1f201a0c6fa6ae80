/**
 * A field on a grid as text for a page: signed square roots relative to `cap`, which an isosurface needs finer where
 * values are small, as whole numbers of `STEPS` to 1, each less the one before it, in little-endian 16 bits; then gzip
 * and base64. Values whose surfaces are never drawn are cut off, and cost nothing.
 */
import { gzipSync } from "fflate";

export interface PackedField {
  /** √(|values| / cap) · sign is the sum of the numbers up to a point, over this. */
  readonly steps: number;
  readonly cap: number;
  readonly data: string;
}

/** 1 part in 500 of a value of a quarter of the cap, 1 in 50 of one of a 400th. */
const STEPS = 1000;

/** Values above `cap` become `cap`, those below `floor` zero; what is not a number is zero too. */
export function packField(values: Float64Array, cap: number, floor: number): PackedField {
  const bytes = new Uint8Array(2 * values.length);
  let before = 0;
  values.forEach((x, i) => {
    const size = Math.abs(x) >= floor ? Math.min(1, Math.abs(x) / cap) : 0;
    const rounded = Math.round(STEPS * Math.sign(x) * Math.sqrt(size)) || 0;
    // The two bytes apart: the upper ones hardly ever differ.
    bytes[i] = (rounded - before) & 255;
    bytes[values.length + i] = ((rounded - before) >> 8) & 255;
    before = rounded;
  });
  return { steps: STEPS, cap, data: base64(gzipSync(bytes, { level: 9, mtime: 0 })) };
}

/** Text for `DecompressionStream("gzip")` in the reader's browser. */
export function packText(text: string): string {
  return base64(gzipSync(new TextEncoder().encode(text), { level: 9, mtime: 0 }));
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return btoa(text);
}
