import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Distance from the end, in CSS pixels, that still counts as being there. */
const NEAR_PX = 48;

/** Keeps a scroller at its end while its content grows, unless the visitor has scrolled up to read. */
export class StickToEnd implements ReactiveController {
  /** Whether the newest message is in sight. */
  isAtEnd = true;

  readonly #host: ReactiveControllerHost;
  readonly #find: () => HTMLElement | null;
  #scroller: HTMLElement | null = null;
  #observer: ResizeObserver | null = null;
  #lastTop = 0;

  /** @param find - Gives the scroller, whose first child holds the content; null before the first render. */
  constructor(host: ReactiveControllerHost, find: () => HTMLElement | null) {
    this.#host = host;
    this.#find = find;
    host.addController(this);
  }

  hostUpdated(): void {
    const scroller = this.#find();
    if (scroller === null || scroller === this.#scroller) return;
    this.hostDisconnected();
    this.#scroller = scroller;
    this.#observer = new ResizeObserver(() => this.#follow());
    for (const element of [scroller, ...scroller.children]) this.#observer.observe(element);
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observer = null;
    this.#scroller?.removeEventListener('scroll', this.#onScroll);
    this.#scroller = null;
  }

  /** Goes to the end and stays there. */
  scrollToEnd(): void {
    this.isAtEnd = true;
    this.#follow();
    this.#host.requestUpdate();
  }

  #follow(): void {
    const scroller = this.#scroller;
    if (scroller !== null && this.isAtEnd) scroller.scrollTop = scroller.scrollHeight;
  }

  readonly #onScroll = (): void => {
    const scroller = this.#scroller;
    if (scroller === null || scroller.clientHeight === 0) return;
    const isNearEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_PX;
    // Only going up leaves the end: an event of our own scrolling may come after the content has grown once more.
    const isAtEnd = isNearEnd || (this.isAtEnd && scroller.scrollTop >= this.#lastTop);
    this.#lastTop = scroller.scrollTop;
    if (isAtEnd === this.isAtEnd) return;
    this.isAtEnd = isAtEnd;
    this.#host.requestUpdate();
  };
}
