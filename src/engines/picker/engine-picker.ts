import type { Clock } from '../../contracts/clock.ts';
import type {
  Engine,
  EnginePart,
  GenerateRequest,
  LoadProgress,
  ModelAbility,
} from '../../contracts/engine.ts';
import { isUnderstudyError, toErrorReport, UnderstudyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { Attempt, CrashMark, EngineCandidate } from './candidate.ts';
import { unsuitedBecause } from './candidate.ts';
import type { DeviceFacts } from './device-facts.ts';
import { describeDevice } from './device-facts.ts';
import { RepetitionWatch } from './repetition-watch.ts';
import { SpeedWatch } from './speed-watch.ts';

/** Options of {@link createEnginePicker}. */
export interface EnginePickerOptions {
  /** The engines, the best first. */
  readonly candidates: readonly EngineCandidate[];
  /** Names of the artifacts that the bundle offers. */
  readonly offered: ReadonlySet<string>;
  readonly facts: DeviceFacts;
  readonly mark: CrashMark;
  readonly clock: Clock;
  /** Told of each engine that failed while another one takes its place, and of each loop. */
  readonly onFault: (error: UnderstudyError) => void;
  /** Told once when no engine can go on after one was ready: extracts are shown from then on. */
  readonly onGiveUp: (error: UnderstudyError) => void;
}

/** An engine that is the best of several. */
export interface EnginePicker extends Engine {
  /** What was tried and why the others were not taken, for diagnostics. */
  report(): JsonObject;
}

interface LoadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** How often an engine is started again after it failed while it wrote. */
const RESTARTS = 1;
const MARK_PATIENCE_MS = 1000;

class Picker implements EnginePicker {
  readonly contract = 1;
  readonly #options: EnginePickerOptions;
  readonly #disposal = new AbortController();
  readonly #attempts: Attempt[] = [];
  readonly #speed = new SpeedWatch();
  #left: readonly EngineCandidate[];
  #chosen: { readonly candidate: EngineCandidate; readonly engine: Engine } | null = null;
  #restarts = 0;
  #recovery: Promise<boolean> = Promise.resolve(true);

  constructor(options: EnginePickerOptions) {
    this.#options = options;
    this.#left = options.candidates;
  }

  get id(): string {
    return this.#chosen?.engine.id ?? 'none';
  }

  get modelId(): string {
    return this.#chosen?.engine.modelId ?? 'none';
  }

  get contextTokens(): number {
    return this.#chosen?.engine.contextTokens ?? 0;
  }

  get ability(): ModelAbility {
    return this.#chosen?.engine.ability ?? 'quotes';
  }

  report(): JsonObject {
    return {
      device: describeDevice(this.#options.facts),
      tried: this.#attempts.map((attempt) => ({ ...attempt })),
    };
  }

  async load(options: LoadOptions = {}): Promise<void> {
    if (this.#chosen !== null) return;
    const signal = AbortSignal.any([
      this.#disposal.signal,
      ...(options.signal === undefined ? [] : [options.signal]),
    ]);
    signal.throwIfAborted();
    let last: UnderstudyError | null = null;
    for (; this.#left.length > 0; this.#left = this.#left.slice(1)) {
      const [candidate] = this.#left;
      if (candidate === undefined || this.#isPassedOver(candidate)) continue;
      try {
        this.#chosen = { candidate, engine: await this.#start(candidate, signal, options.onProgress) };
        this.#note(candidate, 'chosen', null);
        if (last !== null) this.#options.onFault(last);
        return;
      } catch (cause) {
        signal.throwIfAborted();
        if (last !== null) this.#options.onFault(last);
        last = asError(cause, candidate);
        this.#note(candidate, 'failed', last);
      }
    }
    throw last ?? this.#nothingSuits();
  }

  async *generate(
    request: GenerateRequest,
    options: { readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<EnginePart, void, undefined> {
    options.signal?.throwIfAborted();
    for (;;) {
      await this.#recovery;
      options.signal?.throwIfAborted();
      const chosen = this.#chosen;
      if (chosen === null) throw new UnderstudyError('engine/failed', 'No engine is loaded.');
      let hasText = false;
      try {
        for await (const part of this.#watched(chosen.engine, request, options)) {
          hasText ||= part.type === 'text-delta' && part.text !== '';
          yield part;
        }
        return;
      } catch (error) {
        if (options.signal?.aborted === true || this.#disposal.signal.aborted) throw error;
        if (!isUnderstudyError(error)) throw error;
        if (error.code === 'engine/too-slow') {
          this.#giveUp(error);
          throw error;
        }
        if (error.code !== 'engine/failed' || error.facts['reason'] === REPETITION) throw error;
        this.#recovery = this.#recover(chosen.candidate, error);
        // What was shown stands; a second engine would write something else after it.
        if (hasText || !(await this.#recovery)) throw error;
      }
    }
  }

  async dispose(): Promise<void> {
    this.#disposal.abort(new UnderstudyError('engine/failed', 'The engine was disposed.'));
    await this.#recovery;
    const chosen = this.#chosen;
    this.#chosen = null;
    await chosen?.engine.dispose();
    void this.#options.mark.leave();
  }

  /** The output of an engine, ended where it loops or is too slow to be of use. */
  async *#watched(
    engine: Engine,
    request: GenerateRequest,
    options: { readonly signal?: AbortSignal },
  ): AsyncGenerator<EnginePart, void, undefined> {
    const { mark } = this.#options;
    const loop = new RepetitionWatch();
    const ending = new AbortController();
    const signal = AbortSignal.any([
      ending.signal,
      ...(options.signal === undefined ? [] : [options.signal]),
    ]);
    const parts = engine.generate(request, { signal })[Symbol.asyncIterator]();
    this.#speed.begin();
    // Not waited for: storage may take longer than the first token.
    void mark.enter(engine.id, 'writing');
    let hasBegun = false;
    let isHanging = false;
    try {
      for (;;) {
        const part = await this.#next(parts, hasBegun, engine);
        if (part === null) return;
        if (part.type === 'text-delta') {
          hasBegun = true;
          if (loop.push(part.text)) throw this.#looping(engine);
        }
        yield part;
      }
    } catch (error) {
      isHanging = isUnderstudyError(error, 'engine/too-slow');
      throw error;
    } finally {
      ending.abort(new Error('Nobody reads any more.'));
      const ended = Promise.resolve(parts.return?.()).then(
        () => undefined,
        // It failed, which has been told, or was ended by the abort.
        () => undefined,
      );
      if (!isHanging) await ended;
      void mark.leave();
      if (this.#speed.end()) this.#giveUp(tooSlow(engine));
    }
  }

  /** The next part, null at the end; after the first text an engine is not waited for without end. */
  async #next(
    parts: AsyncIterator<EnginePart>,
    hasBegun: boolean,
    engine: Engine,
  ): Promise<EnginePart | null> {
    const { clock } = this.#options;
    const startMs = clock.monotonicMs();
    let part: EnginePart | null = null;
    let isSlow = false;
    try {
      const next = await (hasBegun ? this.#patiently(parts, engine) : parts.next());
      part = next.done === true ? null : next.value;
    } finally {
      // A wait that was cut short counts too.
      isSlow = this.#speed.waited(clock.monotonicMs() - startMs, part?.type === 'text-delta');
    }
    if (isSlow && part?.type === 'text-delta') throw tooSlow(engine);
    return part;
  }

  async #patiently(parts: AsyncIterator<EnginePart>, engine: Engine): Promise<IteratorResult<EnginePart>> {
    const patience = new AbortController();
    const silence = this.#options.clock
      .sleep(SpeedWatch.patienceMs, { signal: patience.signal })
      .then(() => null);
    // It ends by the abort below whenever a part comes in time.
    silence.catch(() => undefined);
    const next = parts.next();
    try {
      const first = await Promise.race([next, silence]);
      if (first !== null) return first;
      // What becomes of it no longer matters.
      next.catch(() => undefined);
      throw tooSlow(engine);
    } finally {
      patience.abort();
    }
  }

  #looping(engine: Engine): UnderstudyError {
    const error = new UnderstudyError('engine/failed', 'The model repeats itself without end.', {
      facts: { reason: REPETITION, engine: engine.id },
    });
    this.#options.onFault(error);
    return error;
  }

  async #start(
    candidate: EngineCandidate,
    signal: AbortSignal,
    onProgress: ((progress: LoadProgress) => void) | undefined,
  ): Promise<Engine> {
    const { mark } = this.#options;
    await this.#enterLoading(candidate);
    let engine: Engine | null = null;
    try {
      engine = await candidate.create();
      await engine.load({ signal, ...(onProgress === undefined ? {} : { onProgress }) });
      return engine;
    } catch (cause) {
      await engine?.dispose();
      throw cause;
    } finally {
      void mark.leave();
    }
  }

  /** The mark is to be stored before anything can crash; storage that hangs must not keep the engine from loading. */
  async #enterLoading({ id }: EngineCandidate): Promise<void> {
    const { mark, clock } = this.#options;
    const patience = new AbortController();
    const late = clock.sleep(MARK_PATIENCE_MS, { signal: patience.signal });
    await Promise.race([
      mark.enter(id, 'loading'),
      // It is ended below when the mark was stored in time.
      late.catch(() => undefined),
    ]);
    patience.abort();
  }

  #isPassedOver(candidate: EngineCandidate): boolean {
    const { offered, facts, mark } = this.#options;
    const reason = unsuitedBecause(candidate, offered, facts);
    if (reason !== null) {
      this.#attempts.push({ engine: candidate.id, outcome: 'unsuited', reason, code: null });
      return true;
    }
    if (!mark.steppedOver.has(candidate.id)) return false;
    this.#attempts.push({
      engine: candidate.id,
      outcome: 'stepped-over',
      reason: 'The page ended while it was at work.',
      code: 'engine/stepped-down',
    });
    return true;
  }

  /** Starts the engine again, or the next one; false when there is none, which has been told then. */
  async #recover(candidate: EngineCandidate, cause: UnderstudyError): Promise<boolean> {
    const error = asError(cause, candidate);
    const failed = this.#chosen;
    this.#chosen = null;
    this.#note(candidate, 'failed', error);
    this.#options.onFault(error);
    await failed?.engine.dispose();
    if (this.#restarts >= RESTARTS) this.#left = this.#left.filter(({ id }) => id !== candidate.id);
    this.#restarts += 1;
    try {
      await this.load();
      return true;
    } catch (last) {
      if (!this.#disposal.signal.aborted) this.#options.onGiveUp(asError(last, candidate));
      return false;
    }
  }

  #giveUp(error: UnderstudyError): void {
    const chosen = this.#chosen;
    if (chosen === null) return;
    this.#chosen = null;
    this.#left = [];
    this.#note(chosen.candidate, 'gave-up', error);
    this.#options.onGiveUp(error);
    // A hanging engine is never done with it; nobody waits.
    void chosen.engine.dispose();
  }

  #note(candidate: EngineCandidate, outcome: Attempt['outcome'], error: UnderstudyError | null): void {
    const reason = error === null ? '' : toErrorReport(error).message;
    this.#attempts.push({ engine: candidate.id, outcome, reason, code: error?.code ?? null });
  }

  #nothingSuits(): UnderstudyError {
    const reasons = this.#attempts.map(({ engine, reason }) => `${engine}: ${reason}`);
    const isBlocked = this.#options.facts.webAssembly === 'blocked';
    const isStepped = this.#attempts.some(({ outcome }) => outcome === 'stepped-over');
    const code = isBlocked ? 'engine/blocked' : isStepped ? 'engine/stepped-down' : 'engine/unsupported';
    return new UnderstudyError(code, `No engine can run here (${reasons.join(' ')}).`, {
      facts: { tried: reasons },
    });
  }
}

const REPETITION = 'repetition';

function tooSlow(engine: Engine): UnderstudyError {
  return new UnderstudyError('engine/too-slow', 'The generator writes less than a token a second.', {
    facts: { engine: engine.id },
  });
}

function asError(cause: unknown, { id }: EngineCandidate): UnderstudyError {
  if (!isUnderstudyError(cause)) {
    const happened = `The engine "${id}" did not start (${String(cause)}).`;
    return new UnderstudyError('engine/load-failed', happened, { facts: { engine: id }, cause });
  }
  if (cause.facts['engine'] !== undefined) return cause;
  const error = new UnderstudyError(cause.code, '', { facts: { ...cause.facts, engine: id }, cause });
  error.message = cause.message;
  return error;
}

/**
 * Makes an engine of the best candidate that suits bundle and device and passes its self-test.
 *
 * One that fails while it loads makes room for the next; one that fails while it writes is started once more, within the
 * same answer as long as nothing of it was shown. A loop ends the answer; an engine too slow to be of use is given up.
 * @throws UnderstudyError from `load` `engine/blocked`, `engine/stepped-down` or `engine/unsupported` when none suits,
 *   otherwise what the last one failed with.
 */
export function createEnginePicker(options: EnginePickerOptions): EnginePicker {
  return new Picker(options);
}
