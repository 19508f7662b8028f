import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Citation } from '../../src/contracts/passage.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { PassageState } from '../understudy-passage/understudy-passage.ts';

/** Fetches the passage behind the citation that was opened last. */
export class PassageLoader implements ReactiveController {
  passage: PassageState = { state: 'loading' };

  readonly #host: ReactiveControllerHost;
  #wanted: Citation | null = null;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#wanted = null;
  }

  /** Fetches it; what was wanted before is forgotten. */
  async load(citation: Citation, conversation: Conversation | null): Promise<void> {
    const { passageId } = citation;
    this.#wanted = citation;
    this.#set(passageId === null ? { state: 'absent' } : { state: 'loading' });
    if (passageId === null || conversation === null) return;
    const passage = await conversation.connection
      .then((connection) => connection.passage(passageId))
      // The worker is gone; the citation still holds what supports the answer.
      .catch(() => null);
    // The visitor may have gone on to another source meanwhile.
    if (this.#wanted === citation)
      this.#set(passage === null ? { state: 'absent' } : { state: 'found', passage });
  }

  #set(passage: PassageState): void {
    this.passage = passage;
    this.#host.requestUpdate();
  }
}
