import type { Clock } from '../contracts/clock.ts';
import type { Citation } from '../contracts/passage.ts';
import type { ResponderOutcome, ResponderPart } from '../contracts/responder.ts';
import type { ResponderKind, RouteReason, TurnPart } from '../contracts/turn.ts';
import { MAX_ANSWER_LENGTH } from './route-limits.ts';

/** Writes down what a turn has given out, and turns a responder's parts into parts of the turn. */
export class TurnRecord {
  readonly #clock: Clock;
  readonly #startedAtMs: number;
  readonly #citations: Citation[] = [];
  #text = '';
  #firstTextMs = 0;
  #hasHandoff = false;
  #hadForm = false;
  readonly #openForms = new Set<string>();
  #formClosedMs = 0;
  #responder: ResponderKind = 'understudy';
  #reason: RouteReason = 'no-lead';
  #hasLeadText = false;
  /** True while a segment that follows another has no text yet. */
  #isNewSegment = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAtMs = clock.monotonicMs();
  }

  /** All text given out so far. */
  get text(): string {
    return this.#text;
  }

  get hasText(): boolean {
    return this.#text !== '';
  }

  /** True when there is neither text nor a form nor a handoff. */
  get isEmpty(): boolean {
    return this.#text === '' && !this.#hasHandoff && !this.#hadForm;
  }

  /** True while the visitor is asked to fill in a form: as long as that takes. */
  get hasOpenForm(): boolean {
    return this.#openForms.size > 0;
  }

  /** When the last form was closed, in ms since the start; 0 when there was none. */
  get formClosedMs(): number {
    return this.#formClosedMs;
  }

  /** Closes forms that nobody waits for any more, because their responder is gone or has ended. */
  closeForms(): readonly TurnPart[] {
    const closed = [...this.#openForms];
    if (closed.length > 0) this.#formClosedMs = this.elapsedMs();
    this.#openForms.clear();
    return closed.map((formId) => ({ type: 'form-closed', formId, label: '' }));
  }

  /** True when no more text is taken. */
  get isFull(): boolean {
    return this.#text.length >= MAX_ANSWER_LENGTH;
  }

  /** From the start to the first text, in ms; 0 without a text. */
  get firstTextMs(): number {
    return this.#firstTextMs;
  }

  /** Since the start, in ms. */
  elapsedMs(): number {
    return this.#clock.monotonicMs() - this.#startedAtMs;
  }

  /** Begins a segment of the answer. */
  decide(responder: ResponderKind, reason: RouteReason): TurnPart {
    this.#responder = responder;
    this.#reason = reason;
    this.#isNewSegment = this.#text !== '';
    return { type: 'route-decided', responder, reason };
  }

  /** Takes a part of the responder that has the floor. */
  pass(part: Exclude<ResponderPart, { type: 'end' }>): readonly TurnPart[] {
    switch (part.type) {
      case 'text-delta':
        return this.#add(part.text);
      case 'text-replace':
        return this.#replace(part.text);
      case 'citation':
        if (this.#citations.some(({ index }) => index === part.citation.index)) return [];
        this.#citations.push(part.citation);
        return [part];
      case 'handoff':
        this.#hasHandoff = true;
        return [part];
      case 'form':
        this.#hadForm = true;
        this.#openForms.add(part.form.id);
        return [part];
      case 'form-closed':
        if (!this.#openForms.delete(part.formId)) return [];
        this.#formClosedMs = this.elapsedMs();
        return [part];
      case 'suggestion':
      case 'notice':
        return [part];
    }
  }

  /** Ends the turn; null for an answer that was cut off for its length. */
  end(outcome: ResponderOutcome | null): TurnPart {
    return {
      type: 'end',
      summary: {
        text: this.#text,
        responder: this.#responder,
        reason: this.#reason,
        isWorded: this.#hasLeadText || (outcome?.isWorded ?? true),
        isRefusal: outcome?.isRefusal ?? false,
        intent: outcome?.intent ?? 'none',
        confidence: outcome?.confidence ?? 0,
        citations: [...this.#citations],
        metrics: {
          firstTextMs: this.#firstTextMs,
          totalMs: this.elapsedMs(),
          tokensPerSecond: outcome?.tokensPerSecond ?? 0,
          memoryBytes: outcome?.memoryBytes ?? 0,
        },
      },
    };
  }

  #add(added: string): readonly TurnPart[] {
    // A text that was cut off may end in the middle of a word.
    const text = this.#isNewSegment && added !== '' ? `\n\n${added.trimStart()}` : added;
    if (added !== '') this.#isNewSegment = false;
    const taken = text.slice(0, Math.max(0, MAX_ANSWER_LENGTH - this.#text.length));
    if (taken === '') return [];
    if (this.#text === '') this.#firstTextMs = this.elapsedMs();
    this.#text += taken;
    if (this.#responder === 'lead') this.#hasLeadText = true;
    return [{ type: 'text-delta', text: taken }];
  }

  /** Shown text is not taken back: what replaces it follows as a paragraph of its own, unless it only goes on. */
  #replace(text: string): readonly TurnPart[] {
    if (text.startsWith(this.#text)) return this.#add(text.slice(this.#text.length));
    return this.#add(`\n\n${text}`);
  }
}
