/** Times and thresholds of a route; tests and owners of slow leads may set others. */
export interface RouteLimits {
  /** After this long without a text of the lead the understudy joins in, in ms. */
  readonly hedgeAfterMs: number;
  /** After this long without a text of the lead whatever the understudy says is taken, in ms. */
  readonly leadTimeoutMs: number;
  /** Longest silence of a lead whose text is being shown, in ms. */
  readonly silenceMs: number;
  /** Longest time a responder may take in all, in ms. */
  readonly totalMs: number;
  /** An understudy below this confidence does not go before a lead that may still answer, in [0, 1]. */
  readonly leastConfidence: number;
}

/** The limits of a session. */
export const ROUTE_LIMITS: RouteLimits = {
  hedgeAfterMs: 1500,
  leadTimeoutMs: 15_000,
  silenceMs: 30_000,
  totalMs: 180_000,
  leastConfidence: 0.4,
};

/** Longest answer that is shown, in UTF-16 code units; what follows is cut off. */
export const MAX_ANSWER_LENGTH = 100_000;
