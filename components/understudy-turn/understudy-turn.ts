import type { CSSResultGroup, PropertyValues, TemplateResult } from 'lit';
import { LitElement, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Rating } from '../../src/contracts/responder.ts';
import type { Citation } from '../../src/contracts/passage.ts';
import type { FormView, Segment, TurnView } from '../conversation/turn-view.ts';
import { hasOpenForm, isOpen } from '../conversation/turn-view.ts';
import type { PanelAction } from '../events/panel-action.ts';
import { PanelActionEvent } from '../events/panel-action.ts';
import { markdownStyles } from '../markdown/markdown.styles.ts';
import { parseMarkdown } from '../markdown/parse-markdown.ts';
import { renderMarkdown } from '../markdown/render-markdown.ts';
import { en } from '../messages/en.ts';
import type { Messages } from '../messages/messages.ts';
import { baseStyles } from '../theme/base.styles.ts';
import { icon } from '../theme/icon.ts';
import { suggestionStyles } from '../theme/suggestion.styles.ts';
import type { UploadFile } from '../understudy-form/understudy-form.ts';
import { turnStyles } from './understudy-turn.styles.ts';

/**
 * @summary One question and its answer, with who answered, the sources and what can be done next.
 *
 * @fires {PanelActionEvent} understudy-action - `open-citation`, `ask-again`, `remove-queued`, `leave-message`,
 *   `submit-form`, `rate` or `send`.
 *
 * @csspart message - Each bubble; with `question` or `answer`.
 * @csspart question - The visitor's bubble.
 * @csspart answer - A bubble of an answer.
 * @csspart citation - A numbered chip inside the text.
 * @csspart source - An entry of the list of sources.
 * @csspart badge - The line that says who answered.
 * @csspart suggestion - A suggested question.
 * @csspart notice - A sentence the product says about itself.
 * @csspart form - The frame of a form that the answer asks to fill in.
 * @csspart rating - The buttons that rate the answer.
 */
export class UnderstudyTurn extends LitElement {
  static override styles: CSSResultGroup = [baseStyles, markdownStyles, suggestionStyles, turnStyles];

  /** The turn to show. */
  @property({ attribute: false }) turn: TurnView | null = null;
  /** The texts of the interface. */
  @property({ attribute: false }) messages: Messages = en;
  /** Name under which the online assistant answers. */
  @property() site = '';
  /** Whether suggestions are offered; only the last turn does. */
  @property({ type: Boolean, attribute: 'is-last' }) isLast = false;

  /** Whether an answer of the online assistant can be rated. */
  @property({ type: Boolean, attribute: 'can-rate' }) canRate = false;
  /** Sends files of forms. Null: files are not asked for. */
  @property({ attribute: false }) uploadFile: UploadFile | null = null;

  /** Index of the segment whose reason is shown, -1 for none. */
  @state() private openReason = -1;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const previous = changed.get('turn');
    if (previous !== undefined && previous?.id !== this.turn?.id) this.openReason = -1;
  }

  override render(): TemplateResult | typeof nothing {
    const { turn, messages } = this;
    if (turn === null) return nothing;
    return html`
      <div class="question" part="message question">
        <span class="visually-hidden">${messages.youSaid}</span>
        <div dir="auto" class="text">${turn.question}</div>
      </div>
      ${turn.state === 'queued' ? this.#renderQueued(turn) : nothing}
      ${turn.segments.map((segment, index) => this.#renderSegment(turn, segment, index))}
      ${this.#renderNotices(turn)} ${this.#renderWriting(turn)} ${this.#renderOutcome(turn)}
      ${this.#renderRating(turn)} ${this.#renderHandoff(turn)} ${this.#renderSuggestions(turn)}
    `;
  }

  #act(action: PanelAction): void {
    this.dispatchEvent(new PanelActionEvent(action));
  }

  #renderQueued(turn: TurnView): TemplateResult {
    return html`<p class="aside end">
      ${this.messages.queued}
      <button class="link" @click=${() => this.#act({ type: 'remove-queued', id: turn.id })}>
        ${this.messages.removeQueued}
      </button>
    </p>`;
  }

  #renderSegment(turn: TurnView, segment: Segment, index: number): TemplateResult | typeof nothing {
    if (segment.text === '' && segment.forms.length === 0) return nothing;
    const { messages } = this;
    const isLast = index === turn.segments.length - 1;
    return html`
      ${
        index > 0 && segment.reason === 'lead-interrupted'
          ? html`<p class="divider" part="notice">${messages.notices['lead-interrupted']}</p>`
          : nothing
      }
      ${this.#renderPieces(segment, isLast && isOpen(turn))} ${this.#renderSources(segment, index)}
      ${(isLast && isOpen(turn)) || segment.text === '' ? nothing : this.#renderBadge(segment, index)}
    `;
  }

  /** The text of a segment, with its forms where they came. */
  #renderPieces(segment: Segment, isGrowing: boolean): readonly (TemplateResult | typeof nothing)[] {
    const starts = [0, ...segment.forms.map(({ at }) => at)];
    return starts.flatMap((start, index) => {
      const form = segment.forms[index];
      const text = segment.text.slice(start, form?.at);
      return [
        text.trim() === '' ? nothing : this.#renderText(text, segment, isGrowing && form === undefined),
        form === undefined ? nothing : this.#renderForm(form),
      ];
    });
  }

  #renderText(text: string, segment: Segment, isGrowing: boolean): TemplateResult {
    const { messages } = this;
    const blocks = parseMarkdown(text, { hasHardBreaks: true });
    const cite = (number: number): TemplateResult | null => {
      const citation = segment.citations.find((candidate) => candidate.index === number);
      return citation === undefined ? null : this.#renderChip(citation);
    };
    return html`<div class="answer" part="message answer" aria-busy=${isGrowing}>
      <span class="visually-hidden">${messages.assistantSaid}</span>
      <div class="markdown">${renderMarkdown(blocks, { messages, cite })}</div>
    </div>`;
  }

  #renderForm(view: FormView): TemplateResult {
    const { form } = view;
    return html`<div class="form" part="form">
      <understudy-form
        exportparts="field, action"
        .messages=${this.messages}
        .formId=${form.id}
        .formTitle=${form.title}
        .content=${form.content}
        .fields=${form.fields}
        .actions=${form.actions}
        .expiresAtMs=${form.expiresAtMs}
        .formState=${view.state}
        .closedLabel=${view.label}
        .uploadFile=${this.uploadFile}
        @understudy-action=${this.#onFormAction}
      ></understudy-form>
    </div>`;
  }

  /** Actions end at the shadow root they come from: that of a form is told on as the turn's own. */
  readonly #onFormAction = (event: PanelActionEvent): void => {
    event.stopPropagation();
    this.#act(event.action);
  };

  #renderChip(citation: Citation): TemplateResult {
    return html`<button
      class="chip"
      part="citation"
      aria-label=${this.messages.source(citation.index, citation.title)}
      title=${citation.title}
      @click=${(event: Event) => this.#openCitation(citation, event)}
    >
      ${citation.index}
    </button>`;
  }

  #openCitation(citation: Citation, event: Event): void {
    const opener = event.currentTarget;
    if (opener instanceof HTMLElement) this.#act({ type: 'open-citation', citation, opener });
  }

  #renderSources(segment: Segment, index: number): TemplateResult | typeof nothing {
    if (segment.citations.length === 0) return nothing;
    return html`<div class="sources">
      <p class="aside" id="sources-${index}">${this.messages.sources}</p>
      <ul role="list" aria-labelledby="sources-${index}">
        ${segment.citations.map(
          (citation) =>
            html`<li>
              <button
                class="source"
                part="source"
                @click=${(event: Event) => this.#openCitation(citation, event)}
              >
                <span class="number">${citation.index}</span>
                <span class="title" dir="auto">${placeOf(citation, segment.citations)}</span>
              </button>
            </li>`,
        )}
      </ul>
    </div>`;
  }

  #renderBadge(segment: Segment, index: number): TemplateResult {
    const { messages } = this;
    const isDevice = segment.responder === 'understudy';
    const isReasonOpen = this.openReason === index;
    const toggle = (): void => {
      this.openReason = isReasonOpen ? -1 : index;
    };
    const hide = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || !isReasonOpen) return;
      // Escape closes the innermost thing first.
      event.stopPropagation();
      event.preventDefault();
      this.openReason = -1;
    };
    return html`<div class="badge" part="badge" @keydown=${hide}>
      ${icon(isDevice ? 'device' : 'cloud')}
      <span>${isDevice ? messages.answeredOnDevice : messages.answeredBySite(this.site)}</span>
      <button class="link" aria-expanded=${isReasonOpen} aria-controls="reason-${index}" @click=${toggle}>
        ${messages.why}
      </button>
      <p class="reason" id="reason-${index}" ?hidden=${!isReasonOpen}>${messages.reasons[segment.reason]}</p>
    </div>`;
  }

  /** What the product says about this answer; that it broke off is said where it did. */
  #renderNotices(turn: TurnView): readonly TemplateResult[] {
    return turn.notices
      .filter((code) => code !== 'lead-interrupted')
      .map((code) => html`<p class="divider" part="notice">${this.messages.notices[code]}</p>`);
  }

  #renderWriting(turn: TurnView): TemplateResult | typeof nothing {
    const isWaiting =
      turn.state === 'asking' || (turn.state === 'answering' && turn.segments.at(-1)?.text === '');
    if (!isWaiting || hasOpenForm(turn)) return nothing;
    return html`<div class="answer writing" part="message answer">
      <span class="visually-hidden">${this.messages.writing}</span>
      <span class="dot"></span><span class="dot"></span><span class="dot"></span>
    </div>`;
  }

  #renderOutcome(turn: TurnView): TemplateResult | typeof nothing {
    const { messages } = this;
    const texts: { readonly [State in TurnView['state']]?: string } = {
      failed: messages.failed,
      stopped: messages.stopped,
      cut: messages.cut,
    };
    const text = texts[turn.state];
    if (text === undefined) return nothing;
    return html`<div class="outcome ${turn.state}" part="notice">
      ${icon(turn.state === 'failed' ? 'alert' : 'info')}
      <p>${text}</p>
      <button class="button" @click=${() => this.#act({ type: 'ask-again', id: turn.id })}>
        ${icon('retry')}${messages.askAgain}
      </button>
    </div>`;
  }

  #renderHandoff(turn: TurnView): TemplateResult | typeof nothing {
    const isFailed = turn.state === 'failed';
    if ((turn.handoff === null || isOpen(turn)) && !isFailed) return nothing;
    const { messages } = this;
    const open = (event: Event): void => {
      const opener = event.currentTarget;
      if (opener instanceof HTMLElement) this.#act({ type: 'leave-message', text: turn.question, opener });
    };
    return html`<div class="handoff">
      ${turn.handoff === null ? nothing : html`<p>${messages.handoffs[turn.handoff]}</p>`}
      ${
        turn.handoff === 'needs-connection' && !isFailed
          ? html`<button class="button" @click=${() => this.#act({ type: 'ask-again', id: turn.id })}>
              ${icon('retry')}${messages.askAgain}
            </button>`
          : nothing
      }
      <button class="button" @click=${open}>${icon('mail')}${messages.leaveMessage}</button>
    </div>`;
  }

  /** Only the online assistant takes ratings, and only of what it answered to the end. */
  #renderRating(turn: TurnView): TemplateResult | typeof nothing {
    if (!this.canRate || turn.state !== 'answered' || turn.summary?.responder !== 'lead') return nothing;
    const { messages } = this;
    const button = (rating: Rating): TemplateResult => {
      const isChosen = turn.rating === rating;
      return html`<button
        class="rate"
        aria-pressed=${isChosen}
        aria-label=${messages.ratings[rating]}
        title=${messages.ratings[rating]}
        @click=${() => this.#act({ type: 'rate', id: turn.id, rating: isChosen ? null : rating })}
      >
        ${icon(rating)}
      </button>`;
    };
    return html`<div class="rating" part="rating" role="group" aria-label=${messages.rate}>
      ${button('like')}${button('dislike')}
      <span role="status">${turn.rating === null ? '' : messages.rated}</span>
    </div>`;
  }

  #renderSuggestions(turn: TurnView): TemplateResult | typeof nothing {
    if (!this.isLast || isOpen(turn) || turn.suggestions.length === 0) return nothing;
    return html`<ul class="suggestions" role="list" aria-label=${this.messages.suggestions}>
      ${turn.suggestions.map(
        (text) =>
          html`<li>
            <button
              class="suggestion"
              part="suggestion"
              dir="auto"
              @click=${() => this.#act({ type: 'send', text })}
            >
              ${text}
            </button>
          </li>`,
      )}
    </ul>`;
  }
}

/** Title of a source; with its heading where two sources of the answer have the same title. */
function placeOf(citation: Citation, all: readonly Citation[]): string {
  const heading = citation.headings.at(-1);
  const isAlone = all.filter(({ title }) => title === citation.title).length === 1;
  return isAlone || heading === undefined ? citation.title : `${citation.title} › ${heading}`;
}
