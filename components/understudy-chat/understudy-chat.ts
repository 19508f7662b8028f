import type { CSSResultGroup, PropertyDeclarations, PropertyValues, TemplateResult } from 'lit';
import { LitElement, html, nothing } from 'lit';
import type { ConnectOptions, Connection } from '../../src/client/connection.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import type { Calls, LeadConfig } from '../../src/contracts/protocol.ts';
import type { TurnSummary } from '../../src/contracts/turn.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { UnderstudyCloseEvent } from '../events/understudy-close-event.ts';
import { UnderstudyFaultEvent } from '../events/understudy-fault-event.ts';
import { UnderstudyOpenEvent } from '../events/understudy-open-event.ts';
import { contrastColor } from '../theme/contrast-color.ts';
import { launcherMessages } from './launcher-messages.ts';
import type { PanelModule } from './panel-module.ts';
import { loadPanelModule } from './panel-module.ts';
import { chatStyles } from './understudy-chat.styles.ts';
import { readVisitFlag, writeVisitFlag } from './visit-flag.ts';

/** Properties that make another connection when they change. */
const CONNECTION_OPTIONS = ['bundle', 'lead', 'outbox', 'assets', 'privacy', 'generator'] as const;

/**
 * @summary A chat that answers from the site's own pages when its online assistant cannot.
 *
 * The tag costs a button: script, worker and bundle are fetched when the visitor hovers, focuses or opens it, or when
 * a method is called. The properties are declared in `static properties` since decorators cost 500 bytes here.
 *
 * @slot - Other ways to reach the site, such as a contact link: shown without JavaScript and when nothing can be loaded.
 *
 * @fires {UnderstudyOpenEvent} understudy-open - Before the panel opens; cancelable.
 * @fires {UnderstudyCloseEvent} understudy-close - Before the panel closes; cancelable.
 * @fires {UnderstudyTurnStartEvent} understudy-turn-start - When a question is sent.
 * @fires {UnderstudyTurnEndEvent} understudy-turn-end - When a question has been answered.
 * @fires {UnderstudyHandoffEvent} understudy-handoff - When an answer hands over to people.
 * @fires {UnderstudyFaultEvent} understudy-fault - When something is wrong that the owner should know.
 * @fires {UnderstudyStatusEvent} understudy-status - When something the widget shows has changed.
 *
 * @csspart launcher - The button.
 * @csspart panel - The window.
 * @csspart header - Its head.
 * @csspart log - The conversation.
 * @csspart message - Each bubble; also `question` or `answer`.
 * @csspart citation - A numbered chip inside an answer.
 * @csspart source - An entry of a list of sources.
 * @csspart badge - The line that says who answered.
 * @csspart suggestion - A suggested question.
 * @csspart notice - A sentence the product says about itself.
 * @csspart composer - The frame of the field a visitor writes in; also `input`, `send` and `stop`.
 *
 * @cssprop [--understudy-accent] - Color of the launcher and of the visitor's bubbles. Default: the bundle's, else blue.
 * @cssprop [--understudy-accent-contrast] - Color of text on it. Default: black or white, whichever reads better.
 * @cssprop [--understudy-font=system-ui] - Font family.
 * @cssprop [--understudy-radius=16px] - Roundness of bubbles; the rest follows.
 * @cssprop [--understudy-z-index=2147483000] - Layer of launcher and window.
 * @cssprop [--understudy-inset-inline=20px] - Distance from the side of the screen.
 * @cssprop [--understudy-inset-block=20px] - Distance from the lower edge of the screen.
 */
export class UnderstudyChat extends LitElement {
  static override styles: CSSResultGroup = chatStyles;
  static override properties: PropertyDeclarations = {
    bundle: {},
    lead: {},
    outbox: {},
    assets: {},
    privacy: {},
    generator: {},
    label: {},
    lang: { reflect: true },
    position: { reflect: true },
    theme: { reflect: true },
    open: { type: Boolean, reflect: true },
    prefetch: { type: Boolean },
    phase: { state: true },
  };

  /** Loads the panel's script; replaced by tests. */
  static loadPanel: (attempt: number) => Promise<PanelModule> = loadPanelModule;

  /** Address of the bundle folder. Default null: the online assistant only. */
  bundle: string | null = null;
  /** The online assistant: `dify:<api base>#<app code>` or `openai:<api base>#<model>`. Default none. */
  lead: string | LeadConfig | null = null;
  /** Address that takes left messages. Default: the online assistant takes them. */
  outbox: string | null = null;
  /** Folder with the product's own files. Default: the folder of the script. */
  assets: string | null = null;
  /** `device-only` never lets a question leave the device; so does every value that is not `hybrid`. */
  privacy: 'hybrid' | 'device-only' = 'hybrid';
  /** Whether the language model may be fetched. */
  generator: 'auto' | 'off' = 'auto';
  /** Name of the launcher. Default: "Ask a question" in the page's language. */
  label: string | null = null;
  /** Side of the screen; mirrors in right-to-left pages. */
  position: 'end' | 'start' = 'end';
  /** Light or dark; `auto` follows the visitor's setting. */
  theme: 'auto' | 'light' | 'dark' = 'auto';
  /** Values of the app's form that the page knows: sent with every question, and not asked for. Read by the panel. */
  declare inputs?: JsonObject | null;
  /** What the other fields of the app's form begin with. Read by the panel. */
  declare prefill?: JsonObject | null;
  /** Whether the panel is open. */
  open = false;
  /** Whether visitors who opened the chat before get it loaded at idle on later visits. */
  prefetch = false;

  /** How far the panel's script is. */
  private phase: 'idle' | 'loading' | 'ready' | 'failed' = 'idle';

  #attempt = 0;
  #loading: Promise<PanelModule> | null = null;
  #module: PanelModule | null = null;
  #conversation: Conversation | null = null;
  #takesFocus = false;
  #frame = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    // Put back into a page, an open panel needs a new connection.
    this.requestUpdate();
    if (!readVisitFlag(this.#flagKey)) return;
    const start = (): void => {
      // A flag of an earlier visit: a waiting message is delivered, or the owner wants the chat to be at hand.
      if (this.isConnected) this.#start().catch(() => undefined);
    };
    if ('requestIdleCallback' in window) requestIdleCallback(start);
    else setTimeout(start, 2000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // An element that is only moved is connected again within the same task.
    setTimeout(() => {
      if (!this.isConnected) this.#disconnect();
    });
  }

  /** The connection of this element, opened by the first use; the same as of `connect()`. */
  get connection(): Promise<Connection> {
    return this.#start().then((conversation) => conversation.connection);
  }

  /** Opens the panel, unless a listener of `understudy-open` objects. */
  show(): void {
    if (this.open || !this.dispatchEvent(new UnderstudyOpenEvent())) return;
    this.#takesFocus = true;
    // Opening again is the way to try again.
    if (this.phase === 'failed') this.phase = 'idle';
    this.open = true;
  }

  /** Closes the panel, unless a listener of `understudy-close` objects; the focus returns to the launcher. */
  hide(): void {
    if (!this.open || !this.dispatchEvent(new UnderstudyCloseEvent())) return;
    const isInside = this.shadowRoot?.activeElement != null;
    this.open = false;
    if (isInside) void this.#focusLauncher();
  }

  /** Opens a closed panel and closes an open one. */
  toggle(): void {
    if (this.open) this.hide();
    else this.show();
  }

  /**
   * Asks a question as if the visitor had typed it; opens nothing.
   * @returns What the turn amounts to; null when it was stopped, failed or was empty.
   */
  async ask(text: string): Promise<TurnSummary | null> {
    return (await this.#start()).ask(text);
  }

  /** Leaves a message for people; kept on the device until it is delivered. */
  async leaveMessage(message: {
    readonly text: string;
    readonly contact: string;
  }): Promise<Calls['leaveMessage']['reply']> {
    return (await this.connection).leaveMessage(message);
  }

  /** Figures and states for the owner; holds no text of the visitor. */
  async diagnostics(): Promise<JsonObject> {
    return (await this.connection).diagnostics();
  }

  /** Deletes the conversation and everything kept on this device for the bundle. */
  async erase(): Promise<void> {
    await (await this.#start()).erase();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Another bundle or lead is another connection.
    if (this.hasUpdated && CONNECTION_OPTIONS.some((name) => changed.has(name))) this.#disconnect();
    if (this.open && this.#conversation === null && (this.phase === 'idle' || this.phase === 'ready'))
      // What goes wrong is shown in place of the panel.
      this.#start().catch(() => undefined);
    if (changed.has('open') && this.open && this.prefetch) writeVisitFlag(this.#flagKey, true);
  }

  protected override updated(): void {
    const root = this.shadowRoot?.querySelector<HTMLElement>('.root');
    const launcher = this.#launcher;
    if (root == null || launcher === null) return;
    const accent = this.#conversation?.status?.branding?.accent ?? null;
    if (accent === null) root.style.removeProperty('--_brand');
    else root.style.setProperty('--_brand', accent);
    // Reading a color in the middle of an update would lay the page out once more.
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const contrast = contrastColor(getComputedStyle(launcher).backgroundColor);
      if (contrast !== null) root.style.setProperty('--_contrast', contrast);
    });
  }

  override render(): TemplateResult {
    const messages = launcherMessages(this.#language);
    const label = this.label ?? messages.open;
    const isFailed = this.open && this.phase === 'failed';
    return html`<section class="root" aria-label=${label}>
      ${
        isFailed
          ? html`<div class="fallback" part="fallback" role="alert">
              ${messages.failed}
              <p><slot></slot></p>
            </div>`
          : nothing
      }
      ${
        this.#module === null || this.#conversation === null
          ? nothing
          : html`<understudy-panel
              exportparts="panel, header, log, message, question, answer, citation, source, badge, suggestion, notice, composer, input, send, stop"
              position=${this.position}
              .conversation=${this.#conversation}
              .takesFocus=${this.#takesFocus}
              .language=${this.#language}
              .draftKey=${this.#flagKey}
              .open=${this.open}
              @understudy-action=${() => this.hide()}
              ><slot></slot
            ></understudy-panel>`
      }
      <button
        class="launcher"
        part="launcher"
        aria-haspopup="dialog"
        aria-expanded=${this.open}
        aria-busy=${this.phase === 'loading'}
        aria-label=${this.open ? messages.close : label}
        @pointerenter=${this.#preload}
        @focus=${this.#preload}
        @click=${() => this.toggle()}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path
            d=${
              this.open
                ? 'm6 9 6 6 6-6'
                : 'M5 4h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Zm3 5h8m-8 3.5h5'
            }
          ></path>
        </svg>
      </button>
    </section>`;
  }

  get #launcher(): HTMLElement | null {
    return this.shadowRoot?.querySelector<HTMLElement>('.launcher') ?? null;
  }

  /** Language of the texts: this element's, else the nearest around it, else the browser's. */
  get #language(): string {
    return this.lang || this.closest<HTMLElement>('[lang]')?.lang || navigator.language;
  }

  get #flagKey(): string {
    const address = this.bundle ?? (typeof this.lead === 'string' ? this.lead : '');
    return `understudy:${URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI).href : address}`;
  }

  get #options(): ConnectOptions {
    return {
      bundle: this.bundle,
      lead: this.lead,
      outbox: this.outbox,
      ...(this.assets === null ? {} : { assets: this.assets }),
      // A misspelled value must not let a question out.
      privacy: this.privacy === 'hybrid' ? 'hybrid' : 'device-only',
      generator: this.generator,
      language: this.#language,
    };
  }

  readonly #preload = (): void => {
    // A hover loads the script only; what goes wrong is told when the visitor opens the panel.
    this.#load().catch(() => undefined);
  };

  /** Waits for the panel to close: while it is modal, nothing else takes the focus. */
  async #focusLauncher(): Promise<void> {
    await this.updateComplete;
    await this.shadowRoot?.querySelector<LitElement>('understudy-panel')?.updateComplete;
    this.#launcher?.focus();
  }

  /** Loads the panel's script, once. */
  #load(): Promise<PanelModule> {
    const { loadPanel } = UnderstudyChat;
    this.#loading ??= loadPanel(this.#attempt).catch((error: unknown) => {
      this.#loading = null;
      this.#attempt += 1;
      throw error;
    });
    return this.#loading;
  }

  /** Loads the script and opens the connection, once. */
  async #start(): Promise<Conversation> {
    if (this.phase !== 'ready') this.phase = 'loading';
    try {
      const module = await this.#load();
      module.definePanel();
      this.#module = module;
      this.phase = 'ready';
      this.requestUpdate();
      return (this.#conversation ??= this.#converse(module));
    } catch (error) {
      this.phase = 'failed';
      this.dispatchEvent(
        new UnderstudyFaultEvent({
          code: 'client/panel-unreachable',
          message: `${String(error)} Host all files of dist together.`,
          facts: {},
        }),
      );
      throw error;
    }
  }

  #converse(module: PanelModule): Conversation {
    const conversation = module.converse(this, () => module.connect(this.#options));
    conversation.on('erased', () => writeVisitFlag(this.#flagKey, false));
    conversation.on('status', ({ outboxCount }) => {
      // A waiting message makes the next visit start by itself, to deliver it.
      if (outboxCount > 0 || !this.prefetch) writeVisitFlag(this.#flagKey, outboxCount > 0);
      this.requestUpdate();
    });
    return conversation;
  }

  #disconnect(): void {
    this.#conversation?.dispose();
    this.#conversation = null;
    if (this.isConnected) this.requestUpdate();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'understudy-chat': UnderstudyChat;
  }
}
