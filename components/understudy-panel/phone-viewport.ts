import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Widest viewport that gets the full-screen panel, in CSS pixels; the style sheets use the same. */
const PHONE = '(max-width: 600px)';

/** Tells whether the panel fills the screen, and keeps it above the on-screen keyboard. */
export class PhoneViewport implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #find: () => HTMLElement | null;
  readonly #query: MediaQueryList = matchMedia(PHONE);

  /** @param find - Gives the element that fills the screen. */
  constructor(host: ReactiveControllerHost, find: () => HTMLElement | null) {
    this.#host = host;
    this.#find = find;
    host.addController(this);
  }

  /** True on screens as narrow as a phone's. */
  get isPhone(): boolean {
    return this.#query.matches;
  }

  hostConnected(): void {
    this.#query.addEventListener('change', this.#onChange);
    window.visualViewport?.addEventListener('resize', this.#fit);
    window.visualViewport?.addEventListener('scroll', this.#fit);
  }

  hostDisconnected(): void {
    this.#query.removeEventListener('change', this.#onChange);
    window.visualViewport?.removeEventListener('resize', this.#fit);
    window.visualViewport?.removeEventListener('scroll', this.#fit);
  }

  hostUpdated(): void {
    this.#fit();
  }

  readonly #onChange = (): void => this.#host.requestUpdate();

  /** iOS lays the keyboard over the page and moves the page under it: follow what can be seen. */
  readonly #fit = (): void => {
    const element = this.#find();
    const viewport = window.visualViewport;
    if (element === null || viewport === null) return;
    const isCovered = this.isPhone && viewport.scale === 1 && viewport.height < window.innerHeight - 1;
    element.style.setProperty('--_height', isCovered ? `${viewport.height}px` : '');
    element.style.setProperty('--_top', isCovered ? `${viewport.offsetTop}px` : '');
  };
}
