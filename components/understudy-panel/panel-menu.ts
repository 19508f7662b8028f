import type { ReactiveController, ReactiveControllerHost, TemplateResult } from 'lit';
import { html } from 'lit';
import type { Messages } from '../messages/messages.ts';
import type { IconName } from '../theme/icon.ts';
import { icon } from '../theme/icon.ts';

/** One entry of the menu. */
export interface MenuEntry {
  readonly icon: IconName;
  readonly label: string;
  /** Sets it apart from the others. Default false. */
  readonly isDangerous?: boolean;
  readonly choose: () => void;
}

/** What a menu needs of its element. */
export type MenuHost = ReactiveControllerHost & { readonly shadowRoot: ShadowRoot | null };

/** A button that discloses a list of buttons; the focus goes in with it and comes back with Escape. */
export class PanelMenu implements ReactiveController {
  readonly #host: MenuHost;
  #isOpen = false;

  constructor(host: MenuHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#isOpen = false;
  }

  /** Whether the list is shown. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The button, null before the first render. */
  get button(): HTMLElement | null {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.menu-button') ?? null;
  }

  /** Hides the list; the focus stays where it is. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#host.requestUpdate();
  }

  renderButton(messages: Messages): TemplateResult {
    return html`<button
      class="icon-button menu-button"
      aria-label=${messages.menu}
      title=${messages.menu}
      aria-expanded=${this.#isOpen}
      aria-controls="menu"
      @click=${this.#toggle}
    >
      ${icon('menu')}
    </button>`;
  }

  renderList(entries: readonly MenuEntry[]): TemplateResult {
    return html`<ul id="menu" role="list" ?hidden=${!this.#isOpen} @focusout=${this.#onFocusout}>
      ${entries.map(
        (entry) =>
          html`<li>
            <button class=${entry.isDangerous === true ? 'erase' : ''} @click=${entry.choose}>
              ${icon(entry.icon)}${entry.label}
            </button>
          </li>`,
      )}
    </ul>`;
  }

  readonly #toggle = async (): Promise<void> => {
    this.#isOpen = !this.#isOpen;
    this.#host.requestUpdate();
    if (!this.#isOpen) return;
    await this.#host.updateComplete;
    this.#host.shadowRoot?.querySelector<HTMLElement>('#menu button')?.focus();
  };

  readonly #onFocusout = (event: FocusEvent): void => {
    const next = event.relatedTarget;
    const menu = event.currentTarget;
    if (!(menu instanceof Node) || (next instanceof Node && menu.contains(next))) return;
    // The button toggles by itself.
    if (next instanceof Element && next.classList.contains('menu-button')) return;
    this.close();
  };
}
