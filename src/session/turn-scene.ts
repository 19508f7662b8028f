import type { Responder } from '../contracts/responder.ts';
import type { RouteReason, TurnPart } from '../contracts/turn.ts';
import { ManualClock } from './manual-clock.ts';
import { ROUTE_LIMITS } from './route-limits.ts';
import type { LeadTurnOutcome, RouteOptions } from './route-turn.ts';
import { routeTurn } from './route-turn.ts';
import { ScriptedLead, ScriptedResponder } from './scripted-responder.ts';

/** One turn between two scripted responders under a clock of its own. */
export class TurnScene {
  readonly clock: ManualClock = new ManualClock();
  readonly lead: ScriptedLead = new ScriptedLead(this.clock);
  readonly understudy: ScriptedResponder = new ScriptedResponder('understudy', this.clock);
  readonly parts: TurnPart[] = [];
  readonly outcomes: LeadTurnOutcome[] = [];
  readonly faults: string[] = [];
  readonly abort: AbortController = new AbortController();
  isOver = false;

  start(options: Partial<RouteOptions> = {}): void {
    const run = async (): Promise<void> => {
      const parts = routeTurn({
        turn: { id: 'turn-1', text: 'How long?', language: 'en', pageUrl: null, inputs: {} },
        history: [],
        lead: this.lead,
        reasonWithoutLead: 'lead-unreachable',
        understudy: () => Promise.resolve<Responder | null>(this.understudy),
        clock: this.clock,
        limits: ROUTE_LIMITS,
        signal: this.abort.signal,
        onLead: (outcome) => this.outcomes.push(outcome),
        onFault: ({ code }) => this.faults.push(code),
        ...options,
      });
      for await (const part of parts) this.parts.push(part);
      this.isOver = true;
    };
    void run();
  }

  async play(options: Partial<RouteOptions> = {}, durationMs = 600_000): Promise<this> {
    this.start(options);
    await this.clock.advance(durationMs);
    return this;
  }

  get text(): string {
    return this.parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
  }

  get routes(): readonly [string, RouteReason][] {
    return this.parts.flatMap((part): [string, RouteReason][] =>
      part.type === 'route-decided' ? [[part.responder, part.reason]] : [],
    );
  }

  get last(): string {
    const part = this.parts.at(-1);
    return part?.type === 'error' ? part.error.code : (part?.type ?? 'nothing');
  }
}
