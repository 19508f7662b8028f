/** When a circuit opens and for how long. */
export interface CircuitPolicy {
  /** Failures are counted over this many latest outcomes (n). */
  readonly windowSize: number;
  /** Weight of failures within the window that opens the circuit (k). */
  readonly failureLimit: number;
  /** A first text that comes later than this counts as a failure, in ms. */
  readonly firstTextBudgetMs: number;
  /** Open times are drawn from 0 to min(cap, base · 2^n), in ms. */
  readonly baseOpenMs: number;
  readonly capOpenMs: number;
  /** Shortest open time, in ms. */
  readonly leastOpenMs: number;
}

/** The policy of a session. */
export const CIRCUIT_POLICY: CircuitPolicy = {
  windowSize: 5,
  failureLimit: 2,
  firstTextBudgetMs: 8000,
  baseOpenMs: 2000,
  capOpenMs: 60_000,
  leastOpenMs: 1000,
};

/** What came of a request to the lead. */
export type CircuitOutcome =
  /** The lead answered; null when no text was awaited, as for a probe. */
  | { readonly type: 'success'; readonly firstTextMs: number | null }
  /** No answer was awaited to its end; `waitedMs` without a text says that the lead is at least that slow. */
  | { readonly type: 'undecided'; readonly waitedMs: number }
  | {
      readonly type: 'failure';
      /** 2 for failures that leave no doubt, 1 otherwise. */
      readonly weight: 1 | 2;
      /** Wait the lead asked for, in ms; null when it named none. */
      readonly retryAfterMs: number | null;
    };

/** The state of a circuit; replaced, never changed in place. */
export interface Circuit {
  readonly state: 'closed' | 'open' | 'half-open';
  /** Weights of the latest outcomes, 0 for a success, newest last. */
  readonly weights: readonly number[];
  /** How often the circuit opened since the lead last answered a turn. */
  readonly openings: number;
  /** When a trial is allowed, in clock milliseconds; 0 while closed. */
  readonly openUntilMs: number;
  /** Until when the lead asked to be left alone, in clock milliseconds; 0 when it did not. */
  readonly heldUntilMs: number;
  /** True while the lead is there but slow. */
  readonly isSlow: boolean;
}

/** A circuit that knows nothing bad yet. */
export const CLOSED_CIRCUIT: Circuit = {
  state: 'closed',
  weights: [],
  openings: 0,
  openUntilMs: 0,
  heldUntilMs: 0,
  isSlow: false,
};

/** Says whether a request may go to the lead now; `trial` requests one at a time, see {@link beginTrial}. */
export function admits(circuit: Circuit, nowMs: number): 'yes' | 'trial' | 'no' {
  if (circuit.state === 'closed') return 'yes';
  return circuit.state === 'open' && nowMs >= circuit.openUntilMs ? 'trial' : 'no';
}

/** Goes half-open: the next outcome decides, and no other request is admitted before it. */
export function beginTrial(circuit: Circuit): Circuit {
  return { ...circuit, state: 'half-open' };
}

/**
 * Takes an outcome in.
 * @param random - A number in [0, 1) for the open time: full jitter, so that clients do not come back all at once.
 */
export function recordOutcome(
  circuit: Circuit,
  outcome: CircuitOutcome,
  context: { readonly nowMs: number; readonly random: number; readonly policy: CircuitPolicy },
): Circuit {
  const { nowMs, policy } = context;
  switch (outcome.type) {
    case 'success': {
      const { firstTextMs } = outcome;
      if (firstTextMs === null) {
        // A probe shows that the lead is there; only an answer shows that it answers.
        if (circuit.state === 'closed') return circuit;
        if (nowMs < circuit.heldUntilMs) return { ...circuit, state: 'open' };
        return { ...CLOSED_CIRCUIT, openings: circuit.openings, isSlow: circuit.isSlow };
      }
      if (firstTextMs > policy.firstTextBudgetMs) return fail(circuit, 1, null, true, context);
      return { ...CLOSED_CIRCUIT, weights: remember(circuit, 0, policy) };
    }
    case 'undecided': {
      if (outcome.waitedMs > policy.firstTextBudgetMs) return fail(circuit, 1, null, true, context);
      const isSlow = circuit.isSlow || outcome.waitedMs > 0;
      // A trial that nobody waited for is no verdict: the next one may begin at once.
      return circuit.state === 'half-open'
        ? { ...circuit, state: 'open', openUntilMs: nowMs, isSlow }
        : { ...circuit, isSlow };
    }
    case 'failure':
      return fail(circuit, outcome.weight, outcome.retryAfterMs, false, context);
  }
}

function fail(
  circuit: Circuit,
  weight: number,
  retryAfterMs: number | null,
  isSlow: boolean,
  context: { readonly nowMs: number; readonly random: number; readonly policy: CircuitPolicy },
): Circuit {
  const { nowMs, random, policy } = context;
  const weights = remember(circuit, weight, policy);
  const total = weights.reduce((sum, one) => sum + one, 0);
  const opens = circuit.state !== 'closed' || retryAfterMs !== null || total >= policy.failureLimit;
  if (!opens) return { ...circuit, weights, isSlow: circuit.isSlow || isSlow };
  const bound = Math.min(policy.capOpenMs, policy.baseOpenMs * 2 ** Math.min(circuit.openings, 30));
  const openMs = Math.max(policy.leastOpenMs, random * bound, retryAfterMs ?? 0);
  // Late outcomes of requests sent before it opened must not shorten what was already decided.
  const openUntilMs = Math.max(nowMs + openMs, circuit.state === 'open' ? circuit.openUntilMs : 0);
  const heldUntilMs = retryAfterMs === null ? circuit.heldUntilMs : nowMs + retryAfterMs;
  const openings = circuit.state === 'open' ? circuit.openings : circuit.openings + 1;
  return { state: 'open', weights, openings, openUntilMs, heldUntilMs, isSlow };
}

function remember(circuit: Circuit, weight: number, policy: CircuitPolicy): readonly number[] {
  return [...circuit.weights, weight].slice(-policy.windowSize);
}
