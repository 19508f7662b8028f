import type { Clock } from '../contracts/clock.ts';
import { isUnderstudyError } from '../contracts/errors.ts';
import type { JsonObject } from '../contracts/json.ts';
import type { Reach } from '../contracts/protocol.ts';
import type { RouteReason } from '../contracts/turn.ts';
import type { Circuit, CircuitOutcome } from './circuit-breaker.ts';
import { admits, beginTrial, CIRCUIT_POLICY, CLOSED_CIRCUIT, recordOutcome } from './circuit-breaker.ts';
import { FirstTextTimes } from './first-text-times.ts';
import { toReach } from './reach.ts';
import type { LeadTurnOutcome } from './route-turn.ts';
import { toRouteReason } from './to-route-reason.ts';

/** What a {@link LeadCircuit} works with. */
export interface LeadCircuitOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly hasLead: boolean;
  /** Told when `reach` has changed. */
  readonly onChange: () => void;
}

/** Holds what is known of the lead: its circuit and how long it takes. */
export class LeadCircuit {
  readonly #options: LeadCircuitOptions;
  readonly #times = new FirstTextTimes();
  #circuit: Circuit = CLOSED_CIRCUIT;
  #reason: RouteReason = 'lead-unreachable';

  constructor(options: LeadCircuitOptions) {
    this.#options = options;
  }

  get reach(): Reach {
    return toReach(this.#circuit, this.#options.hasLead);
  }

  get isOpen(): boolean {
    return this.#circuit.state !== 'closed';
  }

  /** Why turns do not go to the lead while the circuit is open. */
  get reason(): RouteReason {
    return this.#reason;
  }

  /** True while the lead has asked to be left alone, also by probes. */
  get isHeld(): boolean {
    return this.isOpen && this.#options.clock.now() < this.#circuit.heldUntilMs;
  }

  /** Says whether a turn may go to the lead now; a trial, if it comes to that, has begun with it. */
  admit(): boolean {
    const answer = admits(this.#circuit, this.#options.clock.now());
    if (answer === 'trial') this.#circuit = beginTrial(this.#circuit);
    return answer !== 'no';
  }

  /** When the understudy joins in, in ms. */
  hedgeAfterMs(leastMs: number): number {
    return this.#times.hedgeAfterMs(leastMs);
  }

  /** Takes in what came of the lead in a turn. */
  takeTurn(outcome: LeadTurnOutcome): void {
    switch (outcome.type) {
      case 'answered':
        this.#times.add(outcome.firstTextMs);
        this.#record({ type: 'success', firstTextMs: outcome.firstTextMs });
        break;
      case 'undecided':
        this.#record({ type: 'undecided', waitedMs: outcome.waitedMs });
        break;
      case 'failed':
        // A file that the app does not take says nothing of the lead.
        if (isUnderstudyError(outcome.error, 'turn/file-refused'))
          this.#record({ type: 'undecided', waitedMs: 0 });
        else this.#fail(outcome.error);
        break;
    }
  }

  /** Takes in what came of a probe; null when the lead is there. */
  takeProbe(error: unknown): void {
    if (error === null) this.#record({ type: 'success', firstTextMs: null });
    else this.#fail(error);
  }

  /** Figures for the owner. */
  diagnostics(): JsonObject {
    const { state, openings, openUntilMs, isSlow } = this.#circuit;
    return { state, openings, openUntilMs, isSlow };
  }

  #fail(error: unknown): void {
    this.#reason = toRouteReason(error);
    this.#record(toFailure(error));
  }

  #record(outcome: CircuitOutcome): void {
    const before = this.reach;
    const { clock, random } = this.#options;
    const context = { nowMs: clock.now(), random: random(), policy: CIRCUIT_POLICY };
    this.#circuit = recordOutcome(this.#circuit, outcome, context);
    if (this.reach !== before) this.#options.onChange();
  }
}

function toFailure(error: unknown): CircuitOutcome {
  if (!isUnderstudyError(error)) return { type: 'failure', weight: 1, retryAfterMs: null };
  const { code, facts } = error;
  const retryAfterMs = facts['retryAfterMs'];
  // An app that cannot be reached, or that will refuse every question, need not be tried twice.
  const isCertain = code === 'lead/unreachable' || code === 'lead/auth' || code === 'lead/misconfigured';
  return {
    type: 'failure',
    weight: isCertain ? 2 : 1,
    retryAfterMs: typeof retryAfterMs === 'number' && retryAfterMs > 0 ? retryAfterMs : null,
  };
}
