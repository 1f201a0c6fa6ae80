/**
 * Cuts a cloud of points into blocks of neighbours: split across the longest side of the bounding box,
 * again and again (a k-d tree), so that every block is small in space and nearly full.
 */
import type { GridBlock } from "./grid-block.js";

/** Enough points for an efficient matrix product, few enough to stay small in space and in cache. */
const BLOCK_SIZE = 256;

/** The points and weights of a grid in blocks of at most 256 neighbouring points. */
export function compactBlocks(cloud: GridBlock): GridBlock[] {
  const order = new Int32Array(cloud.count);
  for (let p = 0; p < cloud.count; p++) order[p] = p;
  const blocks: GridBlock[] = [];
  split(cloud, order, blocks);
  return blocks;
}

function split(cloud: GridBlock, order: Int32Array, blocks: GridBlock[]): void {
  const size = order.length;
  if (size === 0) return;
  if (size <= BLOCK_SIZE) {
    blocks.push(take(cloud, order));
    return;
  }
  const along = cloud.points.subarray(longestSide(cloud, order) * cloud.count);
  const parts = Math.ceil(size / BLOCK_SIZE);
  const left = Math.round((size * (parts >> 1)) / parts);
  partitionAt(order, along, left);
  split(cloud, order.subarray(0, left), blocks);
  split(cloud, order.subarray(left), blocks);
}

function longestSide(cloud: GridBlock, order: Int32Array): number {
  let best = 0;
  let longest = -1;
  for (let axis = 0; axis < 3; axis++) {
    const start = axis * cloud.count;
    let low = Infinity;
    let high = -Infinity;
    for (let k = 0; k < order.length; k++) {
      const value = cloud.points[start + order[k]];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high - low > longest) {
      longest = high - low;
      best = axis;
    }
  }
  return best;
}

/** Reorders so that the first `k` entries have the smallest coordinates (Hoare's quickselect). */
function partitionAt(order: Int32Array, along: Float64Array, k: number): void {
  let low = 0;
  let high = order.length - 1;
  while (low < high) {
    const pivot = along[order[(low + high) >> 1]];
    let i = low;
    let j = high;
    while (i <= j) {
      while (along[order[i]] < pivot) i++;
      while (along[order[j]] > pivot) j--;
      if (i <= j) {
        const swap = order[i];
        order[i++] = order[j];
        order[j--] = swap;
      }
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else return;
  }
}

function take(cloud: GridBlock, order: Int32Array): GridBlock {
  const count = order.length;
  const points = new Float64Array(3 * count);
  const weights = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    for (let axis = 0; axis < 3; axis++) points[axis * count + k] = cloud.points[axis * cloud.count + order[k]];
    weights[k] = cloud.weights[order[k]];
  }
  const { owners } = cloud;
  return owners ? { count, points, weights, owners: order.map((p) => owners[p]) } : { count, points, weights };
}
