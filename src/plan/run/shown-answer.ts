import type { Citation } from '../../contracts/passage.ts';
import type { Plan } from '../../contracts/plan.ts';
import type { ResponderPart } from '../../contracts/responder.ts';
import type { StepPart } from '../step-handler.ts';
import { ModeratedText } from './moderated-text.ts';

/** What the visitor sees of a turn: text that passed moderation, citations that do not clash, and whatever else steps gave. */
export class ShownAnswer {
  readonly #plan: Plan;
  readonly #moderated: ModeratedText | null;
  readonly #citations = new Map<number, Citation>();
  /** True once a keyword was found: the owner's words were shown, and nothing may follow. */
  isStopped = false;
  /** All that was shown. */
  text = '';

  constructor(plan: Plan) {
    this.#plan = plan;
    const { moderation } = plan;
    this.#moderated = moderation?.onOutput == null ? null : new ModeratedText(moderation.keywords);
  }

  get hasText(): boolean {
    return this.text !== '';
  }

  /** Takes what a step gave. */
  *take(part: StepPart): Generator<ResponderPart> {
    switch (part.type) {
      case 'value-delta':
        return;
      case 'text-delta':
        yield* this.#say(part.text);
        return;
      case 'citation':
        yield* this.#cite(part.citation);
        return;
      case 'form':
        // Whoever fills it in must see what it is about.
        yield* this.#flush();
        yield part;
        return;
      default:
        yield part;
    }
  }

  /** Shows what was held back. */
  *finish(): Generator<ResponderPart> {
    yield* this.#flush();
  }

  *#flush(): Generator<ResponderPart> {
    if (!this.isStopped && this.#moderated !== null) yield* this.#show(this.#moderated.rest());
  }

  *#say(text: string): Generator<ResponderPart> {
    const free = this.#moderated === null ? text : this.#moderated.take(text);
    if (free !== null) {
      yield* this.#show(free);
      return;
    }
    this.isStopped = true;
    yield* this.#show(`${this.hasText ? '\n\n' : ''}${this.#plan.moderation?.onOutput ?? ''}`);
  }

  *#show(text: string): Generator<ResponderPart> {
    if (text === '') return;
    this.text += text;
    yield { type: 'text-delta', text };
  }

  /** Steps number their passages each for themselves: one that comes later gets the next free number. */
  *#cite(citation: Citation): Generator<ResponderPart> {
    if (!this.#plan.showsCitations) return;
    const isSame = (known: Citation): boolean =>
      citation.passageId !== null && known.passageId === citation.passageId;
    if ([...this.#citations.values()].some(isSame)) return;
    const index = this.#citations.has(citation.index)
      ? Math.max(...this.#citations.keys()) + 1
      : citation.index;
    const numbered = { ...citation, index };
    this.#citations.set(index, numbered);
    yield { type: 'citation', citation: numbered };
  }
}
