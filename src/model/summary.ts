/** What a training run reports: the JSON of `brine train`, and part of the model file. */

/** One η that was tried. */
export interface PathPoint {
  /** η relative to the scale. */
  readonly relative: number;
  /** 100 √(loss of the held-out structures / their loss at w = 0). */
  readonly rmsePercent: number;
  /**
   * 100 × mean error of a structure / quadratic mean at w = 0: what η is judged by. The few structures that lie
   * outside of what was learnt make up most of the quadratic mean, and want a larger η than all others.
   */
  readonly typicalPercent: number;
  /** −log p of the fitted coefficients up to a constant: what would choose η without held-out structures. */
  readonly negativeLogLikelihood: number | null;
  /** Of conjugate gradients. */
  readonly iterations: number;
}

/** What a training reports. */
export interface TrainSummary {
  /** That were learnt. */
  readonly structures: number;
  /** Sparse environments by element symbol. */
  readonly environments: Readonly<Record<string, number>>;
  /** Features kept for each λ. */
  readonly features: readonly number[];
  /** Number of weights. */
  readonly dimension: number;
  /** What solved the linear problem. */
  readonly solver: "cg" | "direct";
  /** The η that was chosen. */
  readonly regularization: {
    /** η/scale. */
    readonly relative: number;
    /** η. */
    readonly absolute: number;
    /** Whether it was chosen on held-out structures. */
    readonly automatic: boolean;
    /** η/scale on the path with the largest marginal likelihood, for comparison; null without a path. */
    readonly likeliest: number | null;
    /** The values that were tried; empty where it was given. */
    readonly path: readonly PathPoint[];
  };
  /** Of the conjugate gradients, the path included. */
  readonly iterations: number;
  /** Of the final solution, in the norm of the preconditioner. */
  readonly residual: number;
  /** Whether the final solution reached its tolerance. */
  readonly converged: boolean;
  /** (1/N) Σ ΔcᵀMΔc + η|w|² of the final solution. */
  readonly loss: number;
  /** 100 √(Σ ΔcᵀMΔc / Σ δcᵀMδc) in the metric of the loss, electron counts not constrained. */
  readonly trainRmsePercent: number;
  /** The held-out structures at the chosen η, before the refit on all; null when none were held out. */
  readonly validation: {
    /** How many. */
    readonly structures: number;
    /** 100 √(Σ ΔcᵀMΔc / Σ δcᵀMδc) of them. */
    readonly rmsePercent: number;
  } | null;
  /** Error over spread on the held-out structures; null without a committee. */
  readonly committeeFactor: number | null;
  /** That the training took. */
  readonly seconds: number;
  /** Seconds by stage. */
  readonly stages: Readonly<Record<string, number>>;
}
