/** What speaks for the classes beside the linear model: the nearest examples where there are few, the embedding where there are many. */
export interface Likeness {
  /** How sure it is that the message is like an intent at all, in [0, 1]: cosine to the nearest example, or the greatest probability. */
  readonly nearest: number;
  /** Probability of each class, by this alone. */
  readonly shares: Float64Array;
}
