/** The unit of work on a grid: some hundred neighbouring points. */
export interface GridBlock {
  readonly count: number;
  /** [3, count], bohr: all x, then all y, then all z. */
  readonly points: Float64Array;
  /** [count], bohr³: ∫ f d³r ≈ Σ w f. */
  readonly weights: Float64Array;
  /** [count]: the atom whose grid each point is part of and moves with. */
  readonly owners?: Int32Array;
}
