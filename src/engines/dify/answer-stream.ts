import { UnderstudyError } from '../../contracts/errors.ts';
import type { TurnForm } from '../../contracts/form.ts';
import type { Citation } from '../../contracts/passage.ts';
import type { ResponderPart } from '../../contracts/responder.ts';
import { toLeadCodeInStream, toLeadError } from './dify-errors.ts';
import type { DifyAnswerFile, DifyEvent } from './dify-events.ts';
import type { DifyForm } from './dify-forms.ts';
import { wordOutputs } from './dify-outputs.ts';
import type { DifyAppKind } from './passport-store.ts';

/**
 * What is known of one answer while its events come in, in the orders of Dify 0.15 to 1.14.
 *
 * Text that was given out is never given out twice: after a cut, what comes is held until the whole answer is known.
 */
export class AnswerStream {
  taskId: string | null = null;
  conversationId: string | null = null;
  messageId: string | null = null;
  runId: string | null = null;
  citations: readonly Citation[] = [];
  /** True when the answer is whole. */
  isOver = false;
  /** True when the connection broke: there is nobody to tell to stop. */
  isBroken = false;
  /** True when a part of the answer came, or may have come, after a cut or a pause. */
  isResumed = false;
  /** The form that the run waits for. */
  openForm: DifyForm | null = null;
  readonly #appKind: DifyAppKind;
  readonly #files = new Map<string, DifyAnswerFile>();
  readonly #closedForms = new Set<string>();
  /** Label of the button with which the open form was accepted. */
  #accepted: string | null = null;
  #text = '';
  /** What came after a cut; null while text is given out as it comes. */
  #held: string | null = null;
  #isAgent = false;
  #run: 'none' | 'running' | 'paused' | 'finished' | 'failed' = 'none';
  #runError = '';
  #outputs: Readonly<Record<string, unknown>> | null = null;

  constructor(appKind: DifyAppKind) {
    this.#appKind = appKind;
  }

  /** True when nothing more of use can follow. */
  get isComplete(): boolean {
    return this.isOver && this.#run !== 'running';
  }

  /** True when the server said that the run waits, and nothing was heard of it since. */
  get isPaused(): boolean {
    return this.#run === 'paused';
  }

  /** Files that the app made. */
  get files(): readonly DifyAnswerFile[] {
    return [...this.#files.values()];
  }

  /** The whole answer as the end of the run told it; null when it did not. */
  get toldAnswer(): string | null {
    if (this.#outputs === null) return null;
    if (this.#appKind === 'workflow') return wordOutputs(this.#outputs);
    const { answer } = this.#outputs;
    return typeof answer === 'string' ? answer : null;
  }

  /** Takes an event in. @throws UnderstudyError `lead/refused`, `lead/auth` for a failure told in the stream. */
  take(event: DifyEvent): readonly ResponderPart[] {
    this.taskId = event.taskId ?? this.taskId;
    this.conversationId = event.conversationId ?? this.conversationId;
    this.messageId = event.messageId ?? this.messageId;
    this.runId = event.runId ?? this.runId;
    if (event.kind === 'run-started') this.#run = 'running';
    if (event.kind === 'run-paused') this.#run = 'paused';
    if (event.kind === 'run-finished') {
      this.#run = event.isFailed ? 'failed' : 'finished';
      this.#runError = event.error;
    }
    if (this.isOver) return [];
    const closing = this.#accepted === null ? [] : this.#closeForm(this.#accepted);
    return [...closing, ...this.#takeOpen(event)];
  }

  #takeOpen(event: DifyEvent): readonly ResponderPart[] {
    switch (event.kind) {
      case 'text':
        return this.#takeText(event.text, event.isAgent);
      case 'replace':
        return this.#takeReplacement(event.text);
      case 'file':
        this.#addFiles([event.file]);
        return [];
      case 'message-end':
        this.isOver = true;
        this.citations = event.citations;
        this.#addFiles(event.files);
        return this.#closeForm('');
      case 'run-finished':
        return this.#takeEndOfRun(event.outputs, event.files);
      case 'form-asked':
        return this.#takeForm(event.asked);
      case 'form-closed':
        return this.openForm?.nodeId === event.nodeId ? this.#closeForm(event.label) : [];
      case 'failure':
        throw toLeadError(event.failure, toLeadCodeInStream(event.failure), '/');
      case 'run-started':
      case 'run-paused':
      case 'other':
        return [];
    }
  }

  /** Goes on with another stream of the same run. @param isHeld - True when events may have been lost in between. */
  resume(isHeld: boolean): void {
    this.isResumed = true;
    this.isBroken = false;
    if (isHeld) this.#held ??= '';
  }

  /**
   * The visitor's form was accepted: whatever the stream says next comes after it.
   * @returns False when the stream has told of it already, and may be further on.
   */
  acceptForm(formId: string, label: string): boolean {
    this.#closedForms.add(formId);
    if (this.openForm?.form.id !== formId) return false;
    this.#accepted = label;
    if (this.#run === 'paused') this.#run = 'running';
    return true;
  }

  /** Takes the answer from the server's memory: it is whole. */
  recall(answer: string, citations: readonly Citation[]): readonly ResponderPart[] {
    this.isOver = true;
    this.citations = citations;
    this.#run = 'finished';
    const parts = [...this.#closeForm(''), ...this.complete(answer)];
    this.isResumed = false;
    return parts;
  }

  /**
   * Gives out what is missing of an answer that did not come in one piece.
   * @param whole - The answer as the server remembers it; null when it cannot be asked.
   * @throws UnderstudyError `lead/interrupted` when the missing piece is nowhere to be found.
   */
  complete(whole: string | null): readonly ResponderPart[] {
    const held = this.#held;
    this.#held = null;
    const answer = whole ?? (held?.startsWith(this.#text) === true ? held : null);
    if (answer === null) {
      if (held === null) return [];
      this.isBroken = true;
      throw new UnderstudyError('lead/interrupted', 'A piece of the answer of the lead was lost.');
    }
    if (answer.startsWith(this.#text)) return this.#give(answer.slice(this.#text.length));
    // Without a cut only a message can tell of a gap; servers may remember no more than what came after a pause.
    const isDoubted = held !== null || (this.#appKind === 'chat' && whole !== null);
    if (!isDoubted || this.#text.includes(answer)) return [];
    this.#text = answer;
    return [{ type: 'text-replace', text: answer }];
  }

  /** @throws UnderstudyError `lead/refused` for a failed run, `lead/interrupted` when the message was cut off. */
  assertComplete(): void {
    if (this.isOver) return;
    this.isBroken = true;
    if (this.#run === 'failed') {
      throw new UnderstudyError(
        'lead/refused',
        `The run of the lead failed: ${this.#runError.slice(0, 300)}.`,
      );
    }
    throw new UnderstudyError('lead/interrupted', 'The stream of the lead ended before its message did.');
  }

  /** True when the run came to its end, whether or not its message did. */
  get hasFinishedRun(): boolean {
    return this.#run === 'finished';
  }

  get hasFailedRun(): boolean {
    return this.#run === 'failed';
  }

  #takeText(text: string, isAgent: boolean): readonly ResponderPart[] {
    if (this.#held !== null) {
      this.#held += text;
      return [];
    }
    if (isAgent) this.#isAgent = true;
    // Newer agents repeat the whole answer in a closing `message`.
    if (!isAgent && this.#isAgent) {
      if (text === this.#text || text === '') return [];
      this.#text = text;
      return [{ type: 'text-replace', text }];
    }
    return this.#give(text);
  }

  #takeReplacement(text: string): readonly ResponderPart[] {
    if (this.#held !== null) {
      this.#held = text;
      return [];
    }
    // What a resumed stream begins with is the answer as it was kept last, which may be older than what was shown.
    if (this.isResumed && this.#text.startsWith(text)) return [];
    this.#text = text;
    return [{ type: 'text-replace', text }];
  }

  #takeEndOfRun(
    outputs: Readonly<Record<string, unknown>> | null,
    files: readonly DifyAnswerFile[],
  ): readonly ResponderPart[] {
    this.#outputs = outputs;
    this.#addFiles(files);
    if (this.#run === 'failed' || this.#appKind !== 'workflow') return [];
    this.isOver = true;
    const closing = this.#closeForm('');
    if (this.#held !== null || this.#text !== '') return closing;
    return [...closing, ...this.#give(wordOutputs(outputs))];
  }

  #takeForm(asked: DifyForm): readonly ResponderPart[] {
    const { id } = asked.form;
    // Resumed streams tell again of forms that are open or closed already.
    if (this.openForm?.form.id === id || this.#closedForms.has(id)) return [];
    const closing = this.#closeForm('');
    this.openForm = asked;
    if (asked.token === null) return closing;
    return [...closing, { type: 'form', form: asked.form }];
  }

  #closeForm(label: string): readonly ResponderPart[] {
    const closed = this.openForm;
    if (closed === null) return [];
    this.openForm = null;
    this.#accepted = null;
    this.#closedForms.add(closed.form.id);
    if (this.#run === 'paused') this.#run = 'running';
    return closed.token === null ? [] : [{ type: 'form-closed', formId: closed.form.id, label }];
  }

  #give(text: string): readonly ResponderPart[] {
    if (text === '') return [];
    this.#text += text;
    return [{ type: 'text-delta', text }];
  }

  #addFiles(files: readonly DifyAnswerFile[]): void {
    for (const file of files) if (this.#files.size < 20) this.#files.set(file.url, file);
  }

  /** The text that was given out. */
  get text(): string {
    return this.#text;
  }
}

/** The button of a form, by its id; undefined when the form has no such button. */
export function actionOf(form: TurnForm, id: string): TurnForm['actions'][number] | undefined {
  return form.actions.find((action) => action.id === id);
}
