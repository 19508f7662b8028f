import type { Clock } from '../../contracts/clock.ts';
import { isUnderstudyError, UnderstudyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { FormSubmission, ResponderPart } from '../../contracts/responder.ts';
import { AnswerMemory } from './answer-memory.ts';
import { actionOf, AnswerStream } from './answer-stream.ts';
import type { DifyConnection } from './dify-connection.ts';
import { eventsPath, formPath, stopPath } from './dify-endpoints.ts';
import type { DifyForm } from './dify-forms.ts';
import { fillForm } from './dify-forms.ts';
import type { DifyAppKind } from './passport-store.ts';
import { announceBody, assertStream, readDifyEvents } from './read-dify-events.ts';

/** What a {@link DifyTurn} works with. */
export interface DifyTurnOptions {
  readonly connection: DifyConnection;
  readonly clock: Clock;
  readonly appKind: DifyAppKind;
  readonly signal?: AbortSignal;
  /** Prepares what was filled in: uploads its files. */
  readonly refer: (values: JsonObject, signal?: AbortSignal) => Promise<JsonObject>;
}

/** Longest wait for the headers of a small request, in ms. */
const REQUEST_TIMEOUT_MS = 8000;
/** A run whose stream was cut is followed this many times. */
const MAX_RESUMES = 3;
/** A form whose time has run out is asked after this much later, in ms: the server's clock decides. */
const EXPIRY_SLACK_MS = 2000;
/** Longest wait for the first sign of a stream that is opened before a form is submitted, in ms. */
const FIRST_SIGN_MS = 2000;

/**
 * One answer of a Dify app, over as many streams as it takes: the first, those after forms, those after cuts.
 *
 * A question is sent once. When its stream is cut, the run is followed where the server can, else its memory is read.
 */
export class DifyTurn {
  readonly stream: AnswerStream;
  readonly #options: DifyTurnOptions;
  readonly #memory: AnswerMemory;
  /** Wakes whoever waits for a form: with a stream, or with null when its time has run out. */
  #wake: ((following: Response | null) => void) | null = null;
  /** Forms that are being submitted. */
  readonly #submitting = new Set<string>();

  constructor(options: DifyTurnOptions) {
    this.#options = options;
    this.stream = new AnswerStream(options.appKind);
    this.#memory = new AnswerMemory(options.connection, options.clock, options.signal);
  }

  /**
   * Reads the answer to its end; its parts are text and forms.
   * @throws UnderstudyError `lead/*`; the signal's reason when aborted.
   */
  async *read(first: Response): AsyncGenerator<ResponderPart, void, undefined> {
    const { stream } = this;
    let response: Response | null = first;
    let resumes = 0;
    // A function, because reading changes it between two looks.
    const isOver = (): boolean => stream.isOver;
    while (!isOver()) {
      const failure: UnderstudyError | null = response === null ? null : yield* this.#readStream(response);
      if (isOver()) break;
      if (stream.hasFailedRun) stream.assertComplete();
      const waitsFor = stream.openForm;
      if (stream.hasFinishedRun) {
        yield* await this.#recall(failure);
      } else if (stream.isPaused && waitsFor?.token != null) {
        response = await this.#formMoved(waitsFor);
        resumes = 0;
      } else if (stream.isPaused) {
        // Somebody else has to act, whom the visitor need not wait for.
        if (stream.text === '') throw new UnderstudyError('lead/refused', 'The run waits for somebody else.');
        stream.isOver = true;
      } else {
        resumes += 1;
        response = resumes > MAX_RESUMES ? null : await this.#follow(failure);
        if (response === null) yield* await this.#recall(failure);
      }
    }
    if (stream.isResumed) yield* stream.complete(await this.#remembered());
  }

  /**
   * Submits a form of this turn.
   * @returns False when it is not waited for, or not accepted.
   * @throws UnderstudyError `lead/*`, `turn/file-refused`.
   */
  async submit(submission: FormSubmission): Promise<boolean> {
    const { connection, signal, refer } = this.#options;
    const asked = this.stream.openForm;
    const action = asked === null ? undefined : actionOf(asked.form, submission.action);
    if (asked?.token == null || asked.form.id !== submission.formId || action === undefined) return false;
    if (this.#submitting.has(asked.form.id)) return false;
    this.#submitting.add(asked.form.id);
    try {
      const inputs = await refer(fillForm(asked.form.fields, submission.values), signal);
      // Followed before it goes on, so that nothing it says is missed.
      if (this.#wake !== null) await this.#beginFollowing();
      await connection.sendForJson({
        method: 'POST',
        path: formPath(asked.token),
        fields: { inputs, action: action.id },
        timeoutMs: REQUEST_TIMEOUT_MS,
      });
      const isNext = this.stream.acceptForm(asked.form.id, action.label);
      // A stream that the server has closed meanwhile is opened again.
      if (isNext) this.#wake?.(null);
      return true;
    } catch (error) {
      if (isRefusedForm(error)) return false;
      throw error;
    } finally {
      this.#submitting.delete(asked.form.id);
    }
  }

  /** Tells the server to stop writing, unless there is nothing to stop; nobody waits for its answer. */
  stop(): void {
    const { connection, appKind } = this.#options;
    const { taskId, isOver, isBroken } = this.stream;
    if (taskId === null || isOver || isBroken) return;
    connection
      .send({
        method: 'POST',
        path: stopPath(appKind, taskId),
        fields: {},
        timeoutMs: REQUEST_TIMEOUT_MS,
        keepalive: true,
      })
      .then((response) => response.body?.cancel())
      .catch(() => undefined);
  }

  /** Gives the parts of one stream. @returns Why it broke, null when it ended by itself. */
  async *#readStream(response: Response): AsyncGenerator<ResponderPart, UnderstudyError | null, undefined> {
    try {
      for await (const event of readDifyEvents(response, this.stream, this.#options))
        yield* this.stream.take(event);
      return null;
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      // Whatever happens after the end of the message, the answer is whole.
      if (this.stream.isOver) return null;
      if (isUnderstudyError(error, 'lead/interrupted') || isUnderstudyError(error, 'lead/timeout'))
        return error;
      this.stream.isBroken = true;
      throw error;
    }
  }

  /** Waits until a form is being submitted or its time has run out. @returns The stream to go on with. */
  async #formMoved({ form }: DifyForm): Promise<Response | null> {
    const { clock, signal } = this.#options;
    signal?.throwIfAborted();
    const waiting = new AbortController();
    const stop = (): void => waiting.abort(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const submitted = new Promise<Response | null>((resolve) => {
        this.#wake = resolve;
      });
      const waitMs =
        form.expiresAtMs === null ? null : Math.max(0, form.expiresAtMs - clock.now()) + EXPIRY_SLACK_MS;
      // Without an end it waits as long as the turn does; timers of the platform end at 2^31 ms.
      const expired = clock.sleep(Math.min(waitMs ?? Infinity, 2 ** 31 - 1), { signal: waiting.signal });
      const following = await Promise.race([submitted, expired.then(() => null)]);
      if (following !== null) return following;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      this.#wake = null;
      waiting.abort();
      signal?.removeEventListener('abort', stop);
    }
    const following = await this.#openEvents();
    this.stream.resume(false);
    return following;
  }

  async #beginFollowing(): Promise<void> {
    const following = await this.#openEvents();
    this.stream.resume(false);
    const [announced, sign] = announceBody(following);
    const { clock } = this.#options;
    const waiting = new AbortController();
    const late = clock.sleep(FIRST_SIGN_MS, { signal: waiting.signal }).catch(() => undefined);
    this.#wake?.(announced);
    await Promise.race([sign, late]);
    waiting.abort();
  }

  /** Follows a run whose stream was cut; null when the server cannot tell of it. */
  async #follow(failure: UnderstudyError | null): Promise<Response | null> {
    const { appKind, signal } = this.#options;
    if (this.stream.runId === null || appKind === 'completion') return null;
    try {
      const following = await this.#openEvents();
      this.stream.resume(true);
      return following;
    } catch (error) {
      signal?.throwIfAborted();
      // Only an older server does not know the address; a server that is gone has no memory to read either.
      if (isUnderstudyError(error) && isUnknown(error)) return null;
      this.stream.isBroken = true;
      throw failure ?? cutOff();
    }
  }

  async #openEvents(): Promise<Response> {
    const { connection, signal } = this.#options;
    const { runId } = this.stream;
    if (runId === null) throw cutOff();
    const response = await connection.send({
      method: 'GET',
      path: eventsPath(runId),
      query: { include_state_snapshot: 'true', continue_on_pause: 'true' },
      timeoutMs: REQUEST_TIMEOUT_MS,
      ...(signal === undefined ? {} : { signal }),
    });
    return assertStream(response, eventsPath(runId));
  }

  /** Reads the answer from the server's memory, where it is as soon as it is whole. */
  async #recall(failure: UnderstudyError | null): Promise<readonly ResponderPart[]> {
    const { stream } = this;
    const message = await this.#memory.awaitMessage(stream);
    const answer = message?.answer ?? (stream.hasFinishedRun ? stream.toldAnswer : null);
    if (answer === null) {
      stream.isBroken = true;
      throw failure ?? cutOff();
    }
    stream.resume(true);
    return stream.recall(answer, message?.citations ?? []);
  }

  /** The whole answer, for one that did not come in one piece; null when nobody knows it. */
  async #remembered(): Promise<string | null> {
    const isChat = this.#options.appKind === 'chat';
    const message = isChat ? await this.#memory.message(this.stream) : null;
    return message == null || message.answer === '' ? this.stream.toldAnswer : message.answer;
  }
}

function cutOff(): UnderstudyError {
  return new UnderstudyError('lead/interrupted', 'The stream of the lead ended before its message did.');
}

function isUnknown(error: UnderstudyError): boolean {
  const status = error.facts['status'];
  return error.code === 'lead/bad-response' || status === 404 || status === 405 || status === 400;
}

/** True for a form that was submitted elsewhere, has expired, is not there, or was filled in wrongly. */
function isRefusedForm(error: unknown): boolean {
  if (!isUnderstudyError(error)) return false;
  const status = error.facts['status'];
  return status === 412 || status === 404 || status === 400 || status === 422;
}
