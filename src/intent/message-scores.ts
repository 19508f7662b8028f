/** What a model makes of a message. */
export interface MessageScores {
  /** Calibrated probability of every class of the model; they add up to 1. */
  readonly probabilities: Float64Array;
  /** How sure it is that the message is like an intent at all, in [0, 1]; 0 where the model has nothing but its weights. */
  readonly nearest: number;
}
