// Between double and single precision.

/** `count` singles at `from` as doubles at `to`. */
export function widen(from: usize, to: usize, count: i32): void {
  for (; count >= 4; count -= 4, from += 16, to += 32) {
    v128.store(to, f64x2.promote_low_f32x4(v128.load64_zero(from)));
    v128.store(to, f64x2.promote_low_f32x4(v128.load64_zero(from, 8)), 16);
  }
  for (; count > 0; count--, from += 4, to += 8) store<f64>(to, load<f32>(from));
}

/** `count` doubles at `from` rounded to singles at `to`. */
export function narrow(from: usize, to: usize, count: i32): void {
  for (; count >= 2; count -= 2, from += 16, to += 8)
    v128.store64_lane(to, f32x4.demote_f64x2_zero(v128.load(from)), 0);
  if (count > 0) store<f32>(to, <f32>load<f64>(from));
}
