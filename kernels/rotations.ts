// Applies many sweeps of plane rotations to eight columns at once. The row that moves down stays in
// registers, so that a rotated element costs one load and one store.

/**
 * `z` holds rows of eight doubles. A sweep is three integers (top, bottom, start): for i = top − 1 … bottom
 * rows i and i + 1 become (c z_i − s z_{i+1}, s z_i + c z_{i+1}), with (c, s) from `rotations`, the pair
 * number `start` first.
 */
export function rotateColumns(z: usize, sweeps: usize, count: i32, rotations: usize): void {
  for (let k = 0; k < count; k++, sweeps += 12) {
    const top = load<i32>(sweeps);
    const bottom = load<i32>(sweeps, 4);
    let pair = rotations + (<usize>load<i32>(sweeps, 8) << 4);
    let at = z + (<usize>top << 6);
    let h0 = v128.load(at);
    let h1 = v128.load(at, 16);
    let h2 = v128.load(at, 32);
    let h3 = v128.load(at, 48);
    for (let i = top; i > bottom; i--) {
      const c = v128.load64_splat(pair);
      const s = v128.load64_splat(pair, 8);
      const z0 = v128.load(at - 64);
      const z1 = v128.load(at - 64, 16);
      const z2 = v128.load(at - 64, 32);
      const z3 = v128.load(at - 64, 48);
      v128.store(at, f64x2.add(f64x2.mul(s, z0), f64x2.mul(c, h0)));
      v128.store(at, f64x2.add(f64x2.mul(s, z1), f64x2.mul(c, h1)), 16);
      v128.store(at, f64x2.add(f64x2.mul(s, z2), f64x2.mul(c, h2)), 32);
      v128.store(at, f64x2.add(f64x2.mul(s, z3), f64x2.mul(c, h3)), 48);
      h0 = f64x2.sub(f64x2.mul(c, z0), f64x2.mul(s, h0));
      h1 = f64x2.sub(f64x2.mul(c, z1), f64x2.mul(s, h1));
      h2 = f64x2.sub(f64x2.mul(c, z2), f64x2.mul(s, h2));
      h3 = f64x2.sub(f64x2.mul(c, z3), f64x2.mul(s, h3));
      at -= 64;
      pair += 16;
    }
    v128.store(at, h0);
    v128.store(at, h1, 16);
    v128.store(at, h2, 32);
    v128.store(at, h3, 48);
  }
}
