import type { CSSResultGroup, PropertyValues, TemplateResult } from 'lit';
import { LitElement, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Citation } from '../../src/contracts/passage.ts';
import { localize } from '../../src/contracts/language.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { TurnView } from '../conversation/turn-view.ts';
import type { PanelAction } from '../events/panel-action.ts';
import { PanelActionEvent } from '../events/panel-action.ts';
import { parseMarkdown, plainText } from '../markdown/parse-markdown.ts';
import { safeLink } from '../markdown/safe-link.ts';
import { interfaceLanguage, messagesFor } from '../messages/messages-for.ts';
import type { Messages } from '../messages/messages.ts';
import { baseStyles } from '../theme/base.styles.ts';
import { icon } from '../theme/icon.ts';
import { suggestionStyles } from '../theme/suggestion.styles.ts';
import { UnderstudyAbout } from '../understudy-about/understudy-about.ts';
import { UnderstudyComposer } from '../understudy-composer/understudy-composer.ts';
import type { MessageOutcome } from '../understudy-leave-message/understudy-leave-message.ts';
import { UnderstudyLeaveMessage } from '../understudy-leave-message/understudy-leave-message.ts';
import type { PassageState } from '../understudy-passage/understudy-passage.ts';
import { PhoneViewport } from './phone-viewport.ts';
import { reachOf } from './reach-of.ts';
import { StickToEnd } from './stick-to-end.ts';
import { panelStyles } from './understudy-panel.styles.ts';
import { visibleNotices } from './visible-notices.ts';

/** What covers the conversation, if anything. */
type View =
  | { readonly name: 'chat' }
  | { readonly name: 'passage'; readonly citation: Citation }
  | { readonly name: 'message'; readonly text: string }
  | { readonly name: 'about' };

const CHAT: View = { name: 'chat' };

/**
 * @summary The window of the chat: a dialog at the side of the page, the whole screen on phones.
 *
 * It shows a {@link Conversation} and holds no state of it, so it can be taken away and put back. Over 400 lines, since
 * head, views and focus are one dialog: each moves the focus of the others.
 *
 * @slot - Other ways to reach the site; shown when the assistant cannot start.
 *
 * @fires {PanelActionEvent} understudy-action - `close` when the visitor closes the window.
 *
 * @csspart panel - The window.
 * @csspart header - Its head with title and buttons.
 * @csspart log - The conversation.
 * @csspart message - Each bubble; also `question` and `answer`.
 * @csspart composer - The frame of the field a visitor writes in; also `input`, `send` and `stop`.
 */
export class UnderstudyPanel extends LitElement {
  static override styles: CSSResultGroup = [baseStyles, suggestionStyles, panelStyles];

  /** The conversation to show. */
  @property({ attribute: false }) conversation: Conversation | null = null;
  /** Whether the window is open. */
  @property({ type: Boolean, reflect: true }) open = false;
  /** Whether opening moves the focus into the window. */
  @property({ attribute: false }) takesFocus = true;
  /** BCP 47 language of the texts. */
  @property() language = 'en';
  /** Name under which what is being typed is kept for a reload. */
  @property({ attribute: false }) draftKey = '';

  @state() private view: View = CHAT;
  @state() private isMenuOpen = false;
  @state() private passage: PassageState = { state: 'loading' };
  @state() private spoken = '';
  @state() private alarm = '';

  readonly #end = new StickToEnd(this, () => this.shadowRoot?.querySelector<HTMLElement>('.log') ?? null);
  readonly #viewport = new PhoneViewport(this, () => this.#dialog);
  /** What was left to go to the view; the focus returns there. */
  #opener: HTMLElement | null = null;
  #unsubscribe: readonly (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#subscribe();
    // A dialog that was moved with its page is no longer modal.
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#unsubscribe) stop();
    this.#unsubscribe = [];
  }

  /** Moves the focus to the field a visitor writes in. */
  override focus(options?: FocusOptions): void {
    this.#composer?.focus(options);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('conversation')) {
      this.#subscribe();
      this.view = CHAT;
    }
    if (changed.has('open') && !this.open) this.isMenuOpen = false;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const isOpening = this.open && changed.has('open');
    this.#showDialog();
    if (!isOpening) return;
    this.#end.scrollToEnd();
    if (this.takesFocus) void this.#focusView();
  }

  override render(): TemplateResult {
    const messages = this.#messages;
    const isChat = this.view.name === 'chat';
    return html`<dialog
      part="panel"
      lang=${interfaceLanguage(this.language)}
      aria-labelledby="title"
      @keydown=${this.#onKeydown}
      @cancel=${this.#onCancel}
      @understudy-action=${this.#onAction}
    >
      ${this.#renderHeader(messages, isChat)}
      <div class="body">
        <section
          class="log"
          part="log"
          tabindex="0"
          aria-label=${messages.conversation}
          aria-busy=${this.conversation?.isAnswering ?? false}
          ?inert=${!isChat}
        >
          <div class="turns">
            ${this.#renderGreeting(messages)}${this.#renderTurns(messages)}${this.#renderFault(messages)}
          </div>
        </section>
        ${
          this.#end.isAtEnd || !isChat
            ? nothing
            : html`<button
                class="icon-button to-end"
                aria-label=${messages.scrollDown}
                @click=${() => this.#end.scrollToEnd()}
              >
                ${icon('down')}
              </button>`
        }
        ${isChat ? nothing : html`<div class="view">${this.#renderView(messages)}</div>`}
      </div>
      ${this.#renderNotices(messages)}
      <understudy-composer
        exportparts="composer, input, send, stop"
        ?inert=${!isChat}
        ?hidden=${!isChat}
        .messages=${messages}
        .draftKey=${this.draftKey}
        .isAnswering=${this.conversation?.isAnswering ?? false}
      ></understudy-composer>
      <div class="visually-hidden" role="status">${this.spoken}</div>
      <div class="visually-hidden" role="alert">${this.alarm}</div>
    </dialog>`;
  }

  get #messages(): Messages {
    return messagesFor(this.language);
  }

  /** Name of the site as the owner wrote it, else its host. */
  get #site(): string {
    const title = this.conversation?.status?.branding?.title;
    const site = title === undefined ? '' : localize(title, this.language);
    return site === '' ? location.hostname : site;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.shadowRoot?.querySelector('dialog') ?? null;
  }

  get #composer(): UnderstudyComposer | null {
    const composer = this.shadowRoot?.querySelector('understudy-composer');
    return composer instanceof UnderstudyComposer ? composer : null;
  }

  #renderHeader(messages: Messages, isChat: boolean): TemplateResult {
    const reach = reachOf(this.conversation?.status ?? null, this.conversation?.phase ?? 'connecting');
    const branding = this.conversation?.status?.branding ?? null;
    const title = branding === null ? '' : localize(branding.title, this.language);
    const viewTitles = {
      chat: '',
      passage: messages.sources,
      message: messages.leaveMessage,
      about: messages.about,
    };
    return html`<header part="header">
      ${
        isChat
          ? html`<span class="brand">${icon('chat')}</span>`
          : html`<button
              class="icon-button back"
              aria-label=${messages.back}
              title=${messages.back}
              @click=${this.#back}
            >
              ${icon('back')}
            </button>`
      }
      <div class="heading">
        <h2 id="title">
          <bdi>${isChat ? (title === '' ? messages.assistant : title) : viewTitles[this.view.name]}</bdi>
        </h2>
        ${isChat ? html`<p class="reach ${reach}">${messages[reach]}</p>` : nothing}
      </div>
      <button
        class="icon-button menu-button"
        aria-label=${messages.menu}
        title=${messages.menu}
        aria-expanded=${this.isMenuOpen}
        aria-controls="menu"
        @click=${this.#toggleMenu}
      >
        ${icon('menu')}
      </button>
      <button
        class="icon-button close"
        aria-label=${messages.close}
        title=${messages.close}
        @click=${this.#close}
      >
        ${icon('close')}
      </button>
      <ul id="menu" role="list" ?hidden=${!this.isMenuOpen} @focusout=${this.#onMenuFocusout}>
        <li>
          <button @click=${() => this.#choose({ name: 'message', text: '' })}>
            ${icon('mail')}${messages.leaveMessage}
          </button>
        </li>
        <li>
          <button @click=${() => this.#choose({ name: 'about' })}>${icon('info')}${messages.about}</button>
        </li>
        <li>
          <button class="erase" @click=${this.#askToErase}>${icon('erase')}${messages.erase}</button>
        </li>
      </ul>
    </header>`;
  }

  #renderGreeting(messages: Messages): TemplateResult {
    const branding = this.conversation?.status?.branding ?? null;
    const owners = branding === null ? '' : localize(branding.greeting, this.language);
    const primary = this.language.toLowerCase().split('-')[0] ?? 'en';
    const suggestions = branding?.suggestions[primary] ?? branding?.suggestions['en'] ?? [];
    const isEmpty = this.conversation?.phase === 'ready' && this.conversation.turns.length === 0;
    return html`<p class="greeting" part="message answer" dir="auto">
        ${owners === '' ? messages.greeting : owners}
      </p>
      ${
        isEmpty && suggestions.length > 0
          ? html`<ul class="suggestions" role="list" aria-label=${messages.suggestions}>
              ${suggestions.map(
                (text) =>
                  html`<li>
                    <button class="suggestion" part="suggestion" dir="auto" @click=${() => this.#ask(text)}>
                      ${text}
                    </button>
                  </li>`,
              )}
            </ul>`
          : nothing
      }`;
  }

  #renderTurns(messages: Messages): TemplateResult {
    const turns = this.conversation?.turns ?? [];
    return html`<ol role="list">
      ${repeat(
        turns,
        (turn) => turn.id,
        (turn, index) =>
          html`<li>
            <understudy-turn
              exportparts="message, question, answer, citation, source, badge, suggestion, notice"
              .turn=${turn}
              .messages=${messages}
              .site=${this.#site}
              .isLast=${index === turns.length - 1}
            ></understudy-turn>
          </li>`,
      )}
    </ol>`;
  }

  #renderFault(messages: Messages): TemplateResult | typeof nothing {
    if (this.conversation?.phase !== 'failed') {
      // Connected, but neither the online assistant nor the device can answer.
      const isMute = reachOf(this.conversation?.status ?? null, 'ready') === 'notReady';
      return isMute ? html`<p class="contact"><slot></slot></p>` : nothing;
    }
    const contactUrl = this.conversation.status?.branding?.contactUrl ?? null;
    const href = contactUrl === null ? null : safeLink(contactUrl, document.baseURI);
    return html`<div class="fault" part="fault" role="alert">
      ${icon('alert')}
      <h3>${messages.faultTitle}</h3>
      <p>${messages.faultText}</p>
      <button class="button" @click=${() => this.conversation?.retry()}>
        ${icon('retry')}${messages.retry}
      </button>
      ${href === null ? nothing : html`<p><a href=${href}>${messages.otherWays}</a></p>`}
      <slot></slot>
    </div>`;
  }

  #renderView(messages: Messages): TemplateResult | typeof nothing {
    const { view } = this;
    switch (view.name) {
      case 'chat':
        return nothing;
      case 'passage':
        return html`<understudy-passage
          exportparts="passage, page-link"
          .messages=${messages}
          .citation=${view.citation}
          .passage=${this.passage}
        ></understudy-passage>`;
      case 'message':
        return html`<understudy-leave-message
          exportparts="form, result"
          .messages=${messages}
          .text=${view.text}
          .submitMessage=${this.#submitMessage}
        ></understudy-leave-message>`;
      case 'about':
        return html`<understudy-about
          exportparts="about"
          .messages=${messages}
          .status=${this.conversation?.status ?? null}
        ></understudy-about>`;
    }
  }

  #renderNotices(messages: Messages): TemplateResult | typeof nothing {
    const codes = this.conversation === null ? [] : visibleNotices(this.conversation);
    if (codes.length === 0 || this.view.name !== 'chat') return nothing;
    return html`<div class="notices" role="status">
      ${codes.map((code) => html`<p part="notice">${messages.notices[code]}</p>`)}
    </div>`;
  }

  #subscribe(): void {
    for (const stop of this.#unsubscribe) stop();
    const { conversation } = this;
    this.#unsubscribe =
      conversation === null || !this.isConnected
        ? []
        : [
            conversation.on('change', () => this.requestUpdate()),
            conversation.on('settled', (turn) => this.#announce(turn)),
          ];
  }

  /** Speaks the finished answer once; a live region on the stream itself would read every token. */
  #announce(turn: TurnView): void {
    if (!this.open) return;
    const messages = this.#messages;
    const text = turn.segments.map((segment) => plainText(parseMarkdown(segment.text))).join('\n');
    this.spoken = turn.state === 'answered' ? messages.answerAnnounced(text) : '';
    this.alarm = turn.state === 'failed' ? messages.failed : '';
  }

  #ask(text: string): void {
    // An answer may be the same as the one before: an emptied region speaks it again.
    this.spoken = '';
    this.alarm = '';
    this.#end.scrollToEnd();
    void this.conversation?.ask(text);
    this.focus();
  }

  readonly #onAction = (event: PanelActionEvent): void => {
    event.stopPropagation();
    this.#perform(event.action);
  };

  #perform(action: PanelAction): void {
    const { conversation } = this;
    switch (action.type) {
      case 'send':
        this.#ask(action.text);
        break;
      case 'stop':
        conversation?.stop();
        break;
      case 'ask-again':
        this.#askAgain(action.id);
        break;
      case 'remove-queued':
        conversation?.remove(action.id);
        this.focus();
        break;
      case 'open-citation':
        void this.#openPassage(action.citation, action.opener);
        break;
      case 'leave-message':
        this.#go({ name: 'message', text: action.text }, action.opener);
        break;
      case 'erase':
        void this.#erase();
        break;
      case 'back':
        this.#back();
        break;
      case 'close':
        this.#close();
    }
  }

  #askAgain(id: string): void {
    const turn = this.conversation?.turns.find((candidate) => candidate.id === id);
    if (turn === undefined) return;
    void this.conversation?.ask(turn.question, id);
    this.#end.scrollToEnd();
    this.focus();
  }

  #go(view: View, opener: HTMLElement | null): void {
    this.#opener = opener;
    this.isMenuOpen = false;
    this.view = view;
    void this.#focusView();
  }

  readonly #back = (): void => {
    const opener = this.#opener;
    this.#opener = null;
    this.view = CHAT;
    void this.updateComplete.then(() => {
      if (opener?.isConnected === true && opener.checkVisibility()) opener.focus();
      else this.focus();
    });
  };

  async #focusView(): Promise<void> {
    await this.updateComplete;
    const form = this.shadowRoot?.querySelector('understudy-leave-message');
    if (form instanceof UnderstudyLeaveMessage) {
      await form.updateComplete;
      form.focus();
    } else if (this.view.name === 'chat') {
      await this.#composer?.updateComplete;
      this.focus();
    } else this.shadowRoot?.querySelector<HTMLElement>('.back')?.focus();
  }

  async #openPassage(citation: Citation, opener: HTMLElement): Promise<void> {
    this.passage = citation.passageId === null ? { state: 'absent' } : { state: 'loading' };
    this.#go({ name: 'passage', citation }, opener);
    if (citation.passageId === null || this.conversation === null) return;
    const passage = await this.conversation.connection
      .then((connection) => connection.passage(citation.passageId ?? ''))
      // The worker is gone; the citation still holds what supports the answer.
      .catch(() => null);
    // The visitor may have gone on to another source meanwhile.
    if (this.view.name !== 'passage' || this.view.citation !== citation) return;
    this.passage = passage === null ? { state: 'absent' } : { state: 'found', passage };
  }

  readonly #submitMessage = async (message: {
    readonly text: string;
    readonly contact: string;
  }): Promise<MessageOutcome> => {
    if (this.conversation === null) throw new TypeError('The panel has no conversation.');
    const connection = await this.conversation.connection;
    const { state } = await connection.leaveMessage(message);
    return state;
  };

  readonly #askToErase = async (): Promise<void> => {
    this.#choose({ name: 'about' });
    await this.updateComplete;
    const about = this.shadowRoot?.querySelector('understudy-about');
    if (about instanceof UnderstudyAbout) await about.askToErase();
  };

  async #erase(): Promise<void> {
    const { conversation } = this;
    const messages = this.#messages;
    if (conversation === null) return;
    try {
      await conversation.erase();
      if (this.#composer !== null) this.#composer.value = '';
      this.spoken = messages.erased;
      // The menu belongs to what was erased: the visitor begins anew.
      this.#opener = null;
    } catch {
      // The cause was told to the owner as a fault; the visitor must know that data may be left.
      this.alarm = messages.eraseFailed;
    }
    this.#back();
  }

  readonly #toggleMenu = async (): Promise<void> => {
    this.isMenuOpen = !this.isMenuOpen;
    if (!this.isMenuOpen) return;
    await this.updateComplete;
    this.shadowRoot?.querySelector<HTMLElement>('#menu button')?.focus();
  };

  #choose(view: View): void {
    this.#go(view, this.shadowRoot?.querySelector<HTMLElement>('.menu-button') ?? null);
  }

  readonly #onMenuFocusout = (event: FocusEvent): void => {
    const next = event.relatedTarget;
    const menu = event.currentTarget;
    if (!(menu instanceof Node) || (next instanceof Node && menu.contains(next))) return;
    // The button toggles by itself.
    if (next instanceof Element && next.classList.contains('menu-button')) return;
    this.isMenuOpen = false;
  };

  readonly #close = (): void => {
    this.dispatchEvent(new PanelActionEvent({ type: 'close' }));
  };

  /** A modal dialog would close by itself on Escape or the back gesture; the launcher decides. */
  readonly #onCancel = (event: Event): void => {
    event.preventDefault();
    this.#escape();
  };

  readonly #onKeydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    this.#escape();
  };

  #escape(): void {
    if (this.isMenuOpen) {
      this.isMenuOpen = false;
      this.shadowRoot?.querySelector<HTMLElement>('.menu-button')?.focus();
    } else if (this.view.name === 'chat') this.#close();
    else this.#back();
  }

  /** Modal on phones, where nothing else can be seen; beside the page otherwise. */
  #showDialog(): void {
    const dialog = this.#dialog;
    if (dialog === null) return;
    const isModal = dialog.matches(':modal');
    const wantsModal = this.open && this.#viewport.isPhone;
    if (dialog.open && (!this.open || isModal !== wantsModal)) dialog.close();
    if (!this.open || dialog.open) return;
    const focused = this.shadowRoot?.activeElement;
    if (wantsModal) dialog.showModal();
    // `show()` would move the focus also when the page opens the window by itself.
    else dialog.open = true;
    if (focused instanceof HTMLElement) focused.focus();
  }
}
