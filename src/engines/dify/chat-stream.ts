import { UnderstudyError } from '../../contracts/errors.ts';
import type { Citation } from '../../contracts/passage.ts';
import type { ResponderPart } from '../../contracts/responder.ts';
import { toLeadCodeInStream, toLeadError } from './dify-errors.ts';
import type { DifyEvent } from './dify-events.ts';

/** Path of the chat endpoint below the base address. */
export const CHAT_PATH = '/chat-messages';

/** What is known of one chat stream; its events come in the orders of Dify 0.15 to 1.14. */
export class ChatStream {
  taskId: string | null = null;
  conversationId: string | null = null;
  messageId: string | null = null;
  citations: readonly Citation[] = [];
  /** True when the message is whole. */
  isOver = false;
  /** True when the connection broke: there is nobody to tell to stop. */
  isBroken = false;
  #text = '';
  #isAgent = false;
  #run: 'none' | 'running' | 'finished' | 'failed' = 'none';
  #runError = '';

  /** True when nothing more of use can follow. */
  get isComplete(): boolean {
    return this.isOver && this.#run !== 'running';
  }

  /** Takes an event in. @throws UnderstudyError `lead/refused`, `lead/auth` for a failure told in the stream. */
  take(event: DifyEvent): readonly ResponderPart[] {
    this.taskId = event.taskId ?? this.taskId;
    this.conversationId = event.conversationId ?? this.conversationId;
    this.messageId = event.messageId ?? this.messageId;
    if (event.kind === 'run-started') this.#run = 'running';
    if (event.kind === 'run-finished') {
      this.#run = event.isFailed ? 'failed' : 'finished';
      this.#runError = event.error;
    }
    if (this.isOver) return [];
    switch (event.kind) {
      case 'text':
        return this.#takeText(event.text, event.isAgent);
      case 'replace':
        this.#text = event.text;
        return [{ type: 'text-replace', text: event.text }];
      case 'message-end':
        this.isOver = true;
        this.citations = event.citations;
        return [];
      case 'failure':
        throw toLeadError(event.failure, toLeadCodeInStream(event.failure), CHAT_PATH);
      case 'run-started':
      case 'run-finished':
      case 'other':
        return [];
    }
  }

  /** @throws UnderstudyError `lead/refused` for a failed run, `lead/interrupted` when the message was cut off. */
  assertComplete(): void {
    if (this.isOver) return;
    if (this.#run === 'failed') {
      this.isBroken = true;
      throw new UnderstudyError(
        'lead/refused',
        `The run of the lead failed: ${this.#runError.slice(0, 300)}.`,
      );
    }
    this.isBroken = true;
    throw new UnderstudyError('lead/interrupted', 'The stream of the lead ended before its message did.');
  }

  #takeText(text: string, isAgent: boolean): readonly ResponderPart[] {
    if (isAgent) this.#isAgent = true;
    // Newer agents repeat the whole answer in a closing `message`.
    if (!isAgent && this.#isAgent) {
      if (text === this.#text || text === '') return [];
      this.#text = text;
      return [{ type: 'text-replace', text }];
    }
    if (text === '') return [];
    this.#text += text;
    return [{ type: 'text-delta', text }];
  }
}
