/**
 * One connection of a page: calls, turns, events and the life of its worker share one port and one set of pending
 * work, which is why this file is longer than others.
 */
import { fromErrorReport, isUnderstudyError, toErrorReport, UnderstudyError } from '../contracts/errors.ts';
import type { JsonObject } from '../contracts/json.ts';
import { isJson, isRecord } from '../contracts/json.ts';
import {
  parseTranscriptEntry,
  INITIAL_STATUS,
  parseGeneratorState,
  parseStatus,
} from '../contracts/parse-status.ts';
import { parseWorkerMessage } from '../contracts/parse-protocol.ts';
import type { Passage } from '../contracts/passage.ts';
import { parsePassage } from '../contracts/passage.ts';
import { parsePlanFile } from '../contracts/plan-file.ts';
import type { PlanFile } from '../contracts/plan-configs.ts';
import type { Rating } from '../contracts/responder.ts';
import type {
  CallName,
  Calls,
  ConnectConfig,
  GeneratorState,
  Status,
  TranscriptEntry,
} from '../contracts/protocol.ts';
import { PROTOCOL_VERSION } from '../contracts/protocol.ts';
import type { TurnPart, TurnRequest } from '../contracts/turn.ts';
import type { AskOptions, Connection, ConnectionEvents, ConnectOptions } from './connection.ts';
import type { Locks } from './life-lock.ts';
import { findLocks, nameLifeLock, seesLifeLock, watchLifeLock } from './life-lock.ts';
import { INITIAL_CREDIT, PartQueue } from './part-queue.ts';
import type { Port } from './port.ts';
import { resolveOptions } from './resolve-options.ts';
import type { StartedPort } from './start-port.ts';
import { startPort } from './start-port.ts';

/** While a turn runs the worker is asked this often whether it lives. */
const PING_INTERVAL_MS = 2000;
/** A worker that is silent for longer is ended and started again. */
const SILENCE_LIMIT_MS = 10_000;
/** Most starts of a worker in one connection, so that a crash loop ends. */
const MAX_STARTS = 4;
/** Calls other than turns are given up after this time. */
const CALL_TIMEOUT_MS = 30_000;

/** Most faults and notices that wait for a listener. */
const MAX_MISSED = 20;

interface PendingCall {
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface RunningTurn {
  readonly turn: TurnRequest;
  readonly queue: PartQueue;
  /** True once the question may have left the device: it is not asked again by itself. */
  hasLeft: boolean;
  hasText: boolean;
}

/** What a test may replace of the platform. */
export interface ConnectEnvironment {
  readonly start?: (assetsUrl: string) => Promise<StartedPort>;
  readonly silenceLimitMs?: number;
  readonly pingIntervalMs?: number;
  /** Tell that a worker has ended, where its silence would tell late; null where the browser has none. */
  readonly locks?: Locks | null;
}

/**
 * Connects a page to the agent: starts the worker and says hello.
 *
 * @throws UnderstudyError `client/bad-option` for options that cannot be, `worker/unreachable` when no file of the
 *   product can be loaded, `worker/protocol-mismatch` when page and worker are of different releases.
 */
export async function connect(
  options: ConnectOptions,
  environment: ConnectEnvironment = {},
): Promise<Connection> {
  const config = resolveOptions(options, {
    baseUrl: document.baseURI,
    scriptUrl: import.meta.url,
    language: document.documentElement.lang === '' ? navigator.language : document.documentElement.lang,
    savesData: savesData(),
  });
  const connection = new WorkerConnection(config, environment);
  await connection.start();
  return connection;
}

function savesData(): boolean {
  const network: unknown = Reflect.get(navigator, 'connection');
  return isRecord(network) && network['saveData'] === true;
}

class WorkerConnection implements Connection {
  status: Status = INITIAL_STATUS;
  readonly #config: ConnectConfig;
  readonly #start: (assetsUrl: string) => Promise<StartedPort>;
  readonly #silenceLimitMs: number;
  readonly #pingIntervalMs: number;
  readonly #locks: Locks | null;
  readonly #calls = new Map<number, PendingCall>();
  readonly #turns = new Map<number, RunningTurn>();
  readonly #listeners = new Map<keyof ConnectionEvents, Set<(event: never) => void>>();
  /** Faults and notices of the time before the first listener. */
  readonly #missed: { readonly type: keyof ConnectionEvents; readonly event: unknown }[] = [];
  #port: Port | null = null;
  /** Stops waiting for the end of the worker. */
  #stopWatching = (): void => undefined;
  #nextCallId = 1;
  #starts = 0;
  #lastHeardMs = 0;
  #heartbeat: ReturnType<typeof setInterval> | null = null;
  #restarting: Promise<void> | null = null;
  #isDisposed = false;
  /** True between a hello and the death of the worker that answered it. */
  #isReady = false;

  constructor(config: ConnectConfig, environment: ConnectEnvironment) {
    this.#config = config;
    this.#start = environment.start ?? ((assetsUrl) => startPort(assetsUrl));
    this.#silenceLimitMs = environment.silenceLimitMs ?? SILENCE_LIMIT_MS;
    this.#pingIntervalMs = environment.pingIntervalMs ?? PING_INTERVAL_MS;
    this.#locks = environment.locks === undefined ? findLocks() : environment.locks;
  }

  async start(): Promise<void> {
    this.#starts += 1;
    const { port, fault } = await this.#start(this.#config.assetsUrl);
    if (this.#isDisposed) {
      port.close();
      throw new UnderstudyError('client/disposed', 'The connection was closed while it was made.');
    }
    this.#port = port;
    port.onMessage((message) => this.#receive(message));
    port.onDeath((reason) =>
      this.#died(port, new UnderstudyError('worker/crashed', `The worker failed (${reason}).`)),
    );
    // In the page there is no worker to end.
    const locks = port.place === 'worker' ? this.#locks : null;
    const lifeLock = locks === null ? null : nameLifeLock();
    const request: Calls['hello']['request'] = {
      protocol: PROTOCOL_VERSION,
      config: this.#config,
      lifeLock,
    };
    const reply = await this.#call('hello', request);
    const protocol = isRecord(reply) ? reply['protocol'] : undefined;
    if (protocol !== PROTOCOL_VERSION) {
      this.dispose();
      throw new UnderstudyError('worker/protocol-mismatch', 'Page and worker speak different versions.', {
        facts: { page: PROTOCOL_VERSION, worker: typeof protocol === 'number' ? protocol : null },
      });
    }
    this.#isReady = true;
    this.#setStatus(parseStatus(isRecord(reply) ? reply['status'] : null));
    if (fault !== null) this.#emit('fault', fault);
    // Before the first turn: a worker that ends in its midst must have been seen alive.
    if (locks !== null && lifeLock !== null && isRecord(reply) && reply['lifeLock'] === lifeLock)
      await this.#watch(port, locks, lifeLock);
  }

  ask(text: string, options: AskOptions = {}): AsyncIterable<TurnPart> {
    const turn: TurnRequest = {
      id: options.id ?? crypto.randomUUID(),
      text,
      language: this.#config.language,
      pageUrl: location.href,
      inputs: options.inputs ?? {},
      ...(options.files === undefined || options.files.length === 0 ? {} : { files: options.files }),
    };
    const callId = this.#nextCallId++;
    const { signal } = options;
    const cancel = (): void => this.#post({ type: 'cancel', callId });
    const leave = (): void => {
      this.#turns.delete(callId);
      signal?.removeEventListener('abort', cancel);
      this.#updateHeartbeat();
    };
    const queue = new PartQueue(
      (credit) => this.#post({ type: 'credit', callId, credit }),
      () => {
        cancel();
        leave();
      },
    );
    if (this.#isDisposed) {
      queue.push({ type: 'error', error: toErrorReport(disposedError()) });
      return queue;
    }
    if (signal?.aborted === true) {
      queue.push({
        type: 'error',
        error: toErrorReport(new UnderstudyError('turn/aborted', 'The turn was stopped.')),
      });
      return queue;
    }
    signal?.addEventListener('abort', cancel, { once: true });
    this.#turns.set(callId, { turn, queue, hasLeft: false, hasText: false });
    this.#send(callId);
    return queue;
  }

  async transcript(): Promise<readonly TranscriptEntry[]> {
    const reply = await this.#call('transcript', null);
    return Array.isArray(reply) ? reply.map(parseTranscriptEntry).filter((entry) => entry !== null) : [];
  }

  async passage(passageId: string): Promise<Passage | null> {
    return parsePassage(await this.#call('passage', { passageId }));
  }

  async leaveMessage(message: {
    readonly text: string;
    readonly contact: string;
  }): Promise<Calls['leaveMessage']['reply']> {
    const reply = await this.#call('leaveMessage', { id: crypto.randomUUID(), ...message });
    const state = isRecord(reply) ? reply['state'] : null;
    return { state: state === 'delivered' || state === 'unconfirmed' ? state : 'kept' };
  }

  async contact(): Promise<string | null> {
    const reply = await this.#call('contact', null);
    const contact = isRecord(reply) ? reply['contact'] : null;
    return typeof contact === 'string' ? contact : null;
  }

  async submitForm(formId: string, action: string, values: JsonObject): Promise<boolean> {
    const reply = await this.#call('submitForm', { formId, action, values });
    return isRecord(reply) && reply['isAccepted'] === true;
  }

  async sendFeedback(turnId: string, rating: Rating | null): Promise<void> {
    await this.#call('feedback', { turnId, rating });
  }

  async uploadFile(file: File, signal?: AbortSignal): Promise<PlanFile> {
    signal?.throwIfAborted();
    const bytes = new Uint8Array(await file.arrayBuffer());
    signal?.throwIfAborted();
    const kept = parsePlanFile(
      await this.#call('attachFile', { name: file.name, mimeType: file.type, bytes }),
    );
    if (kept === null) throw new UnderstudyError('worker/bad-message', 'The worker did not keep the file.');
    return kept;
  }

  async restore(): Promise<readonly TranscriptEntry[]> {
    const reply = await this.#call('restore', null);
    return Array.isArray(reply) ? reply.map(parseTranscriptEntry).filter((entry) => entry !== null) : [];
  }

  async loadGenerator(): Promise<GeneratorState> {
    const reply = await this.#call('loadGenerator', null, null);
    return parseGeneratorState(isRecord(reply) ? reply['state'] : null);
  }

  async update(): Promise<number | null> {
    const reply = await this.#call('update', null, null);
    const release = isRecord(reply) ? reply['release'] : null;
    return typeof release === 'number' ? release : null;
  }

  async diagnostics(): Promise<JsonObject> {
    const reply = await this.#call('diagnostics', null);
    const worker = isRecord(reply) && isJson(reply) ? reply : {};
    return { ...worker, place: this.#port?.place ?? null, workerStarts: this.#starts };
  }

  async erase(): Promise<void> {
    await this.#call('erase', null);
  }

  on<Type extends keyof ConnectionEvents>(
    type: Type,
    listener: (event: ConnectionEvents[Type]) => void,
  ): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners);
    listeners.add(listener);
    // What happened before anybody listened is told to the first who does, after this call has returned.
    const waiting = this.#missed.splice(0);
    this.#missed.push(...waiting.filter((missed) => missed.type !== type));
    queueMicrotask(() => {
      for (const missed of waiting)
        if (missed.type === type) Reflect.apply(listener, undefined, [missed.event]);
    });
    return () => listeners.delete(listener);
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#post({ type: 'dispose' });
    this.#stopWatching();
    this.#port?.close();
    this.#port = null;
    for (const call of this.#calls.values()) call.reject(disposedError());
    this.#calls.clear();
    for (const { queue } of this.#turns.values())
      queue.push({ type: 'error', error: toErrorReport(disposedError()) });
    this.#turns.clear();
    this.#updateHeartbeat();
    this.#listeners.clear();
  }

  #send(callId: number): void {
    const running = this.#turns.get(callId);
    if (running === undefined) return;
    this.#post({ type: 'ask', callId, turn: running.turn });
    this.#post({ type: 'credit', callId, credit: INITIAL_CREDIT });
    this.#updateHeartbeat();
  }

  #post(message: object): void {
    this.#port?.postMessage(message);
  }

  async #call(
    name: CallName,
    request: unknown,
    timeoutMs: number | null = CALL_TIMEOUT_MS,
  ): Promise<unknown> {
    if (this.#isDisposed) throw disposedError();
    if (name !== 'hello') await this.#restarting;
    const callId = this.#nextCallId++;
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await new Promise<unknown>((resolve, reject) => {
        this.#calls.set(callId, { resolve, reject });
        if (timeoutMs !== null) {
          const late = new UnderstudyError('worker/unresponsive', `The worker did not answer "${name}".`);
          timer = setTimeout(() => reject(late), timeoutMs);
        }
        this.#post({ type: 'call', callId, name, request });
      });
    } finally {
      clearTimeout(timer);
      this.#calls.delete(callId);
    }
  }

  #receive(raw: unknown): void {
    this.#lastHeardMs = performance.now();
    const message = parseWorkerMessage(raw);
    switch (message?.type) {
      case 'reply':
        this.#calls.get(message.callId)?.resolve(message.reply);
        break;
      case 'failure':
        this.#calls.get(message.callId)?.reject(fromErrorReport(message.error));
        break;
      case 'part':
        this.#receivePart(message.callId, message.part);
        break;
      case 'status':
        this.#setStatus(parseStatus(message.status));
        break;
      case 'notice':
        this.#emit('notice', message.code);
        break;
      case 'fault':
        this.#emit('fault', fromErrorReport(message.error));
        break;
      case 'pong':
      case undefined:
        break;
    }
  }

  #receivePart(callId: number, part: TurnPart): void {
    const running = this.#turns.get(callId);
    if (running === undefined) return;
    if (part.type === 'route-decided' && part.responder === 'lead') running.hasLeft = true;
    if (part.type === 'text-delta') running.hasText = true;
    if (part.type === 'end' || part.type === 'error') {
      this.#turns.delete(callId);
      this.#updateHeartbeat();
    }
    running.queue.push(part);
  }

  #setStatus(status: Status): void {
    this.status = status;
    this.#emit('status', status);
  }

  #emit<Type extends keyof ConnectionEvents>(type: Type, event: ConnectionEvents[Type]): void {
    const listeners = this.#listeners.get(type);
    if (listeners === undefined || listeners.size === 0) {
      // A state is read from `status`; faults and notices happen once.
      if (type !== 'status' && this.#missed.length < MAX_MISSED) this.#missed.push({ type, event });
      return;
    }
    for (const listener of listeners) Reflect.apply(listener, undefined, [event]);
  }

  /** A dead worker ends silently in most browsers: while turns run it must answer pings. */
  #updateHeartbeat(): void {
    const isNeeded = this.#turns.size > 0 && !this.#isDisposed;
    if (isNeeded && this.#heartbeat === null) {
      this.#lastHeardMs = performance.now();
      this.#heartbeat = setInterval(() => this.#beat(), this.#pingIntervalMs);
    } else if (!isNeeded && this.#heartbeat !== null) {
      clearInterval(this.#heartbeat);
      this.#heartbeat = null;
    }
  }

  #beat(): void {
    const port = this.#port;
    if (port === null || this.#restarting !== null) return;
    if (performance.now() - this.#lastHeardMs > this.#silenceLimitMs) {
      this.#died(port, new UnderstudyError('worker/unresponsive', 'The worker fell silent.'));
    } else {
      this.#post({ type: 'ping', nonce: 1 });
    }
  }

  async #watch(port: Port, locks: Locks, lifeLock: string): Promise<void> {
    const isSeen = await seesLifeLock(locks, lifeLock);
    // It may have been disposed of, or have died, in the meantime.
    if (!isSeen || port !== this.#port) return;
    this.#stopWatching = watchLifeLock(locks, lifeLock, () =>
      this.#died(port, new UnderstudyError('worker/crashed', 'The worker ended.')),
    );
  }

  /** Starts the worker again, asks turns again that surely never left the device, and fails the others. */
  #died(port: Port, fault: UnderstudyError): void {
    if (this.#isDisposed || port !== this.#port) return;
    this.#stopWatching();
    port.close();
    this.#port = null;
    for (const call of this.#calls.values()) call.reject(fault);
    // A worker that dies before its hello fails `start()`, which tells whoever waits for it.
    if (!this.#isReady) return;
    this.#isReady = false;
    this.#emit('fault', fault);
    for (const [callId, running] of this.#turns) {
      if (running.hasLeft || running.hasText || this.#starts >= MAX_STARTS) {
        running.queue.push({ type: 'error', error: toErrorReport(fault) });
        this.#turns.delete(callId);
      }
    }
    if (this.#starts >= MAX_STARTS) return;
    const restarting = this.start()
      .then(
        () => {
          // It may have died again already: then the next one is asked.
          if (!this.#isReady) return;
          for (const callId of this.#turns.keys()) this.#send(callId);
        },
        (error: unknown) => {
          for (const { queue } of this.#turns.values())
            queue.push({ type: 'error', error: toErrorReport(error) });
          this.#turns.clear();
          if (isUnderstudyError(error)) this.#emit('fault', error);
        },
      )
      .finally(() => {
        if (this.#restarting === restarting) this.#restarting = null;
        this.#lastHeardMs = performance.now();
        this.#updateHeartbeat();
      });
    this.#restarting = restarting;
  }
}

function disposedError(): UnderstudyError {
  return new UnderstudyError('client/disposed', 'The connection was closed.');
}
