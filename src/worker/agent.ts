import { createBundleClient } from '../bundle/bundle-client.ts';
import type { ErrorReport } from '../contracts/errors.ts';
import { isUnderstudyError, toErrorReport, UnderstudyError } from '../contracts/errors.ts';
import type { JsonObject } from '../contracts/json.ts';
import { isJson, isRecord } from '../contracts/json.ts';
import { parseConnectConfig, parseLifeLock } from '../contracts/parse-protocol.ts';
import type { CallName, Calls, ConnectConfig, Status, WorkerMessage } from '../contracts/protocol.ts';
import { PROTOCOL_VERSION } from '../contracts/protocol.ts';
import type { Lead, LeadDescription, Responder } from '../contracts/responder.ts';
import type { Store } from '../contracts/store.ts';
import type { TurnPart, TurnRequest, TurnSummary } from '../contracts/turn.ts';
import type { EnginePicker } from '../engines/picker/engine-picker.ts';
import { lazySandbox } from '../sandbox/lazy-sandbox.ts';
import type { KeptConversation } from '../session/kept-conversation.ts';
import { keepConversation } from '../session/kept-conversation.ts';
import type { Session } from '../session/session.ts';
import { createSession } from '../session/session.ts';
import { toUnderstudyError } from '../session/to-understudy-error.ts';
import { FileShelf } from '../session/file-shelf.ts';
import { WaitingForms } from '../session/waiting-forms.ts';
import { brandingOf, createLead } from './create-lead.ts';
import { FormDesk } from './form-desk.ts';
import { EncoderSlot } from './encoder-slot.ts';
import { GeneratorSlot } from './generator-slot.ts';
import { bringsModel, fetchesUncounted, generatorBytes } from './offered-model.ts';
import { pickGenerator } from './pick-generator.ts';
import type { Platform } from './platform.ts';
import { readAhead } from './read-ahead.ts';
import type { Agent } from './serve-port.ts';
import type { HeldUnderstudy } from './understudy-holder.ts';
import { UnderstudyHolder } from './understudy-holder.ts';

/** Largest generator, weights and runtime files of the bundle together, that is fetched without being asked for. */
const AUTO_GENERATOR_BYTES = 24 * 1024 * 1024;
/** The generator is fetched this long after the understudy is open, so that the first answer comes first. */
const GENERATOR_DELAY_MS = 1500;
/** A stored bundle is checked for a newer release this long after it was opened. */
const UPDATE_DELAY_MS = 3000;
/** The visitor is told that the device prepares itself when that takes longer than this. */
const PREPARING_AFTER_MS = 1000;
const MAX_FAULTS = 20;

/** Put in by the build. */
declare const __UNDERSTUDY_VERSION__: string;
const VERSION: string = typeof __UNDERSTUDY_VERSION__ === 'string' ? __UNDERSTUDY_VERSION__ : 'dev';

/** Everything that exists once the page has said hello. */
interface Running {
  readonly config: ConnectConfig;
  readonly store: Store;
  readonly session: Session;
  readonly holder: UnderstudyHolder | null;
  readonly generator: GeneratorSlot;
  readonly encoder: EncoderSlot;
  readonly conversation: KeptConversation;
  readonly lead: Lead | null;
}

/** Wires bundle, plan, generator, lead and session to one page. */
export function createAgent(platform: Platform, post: (message: WorkerMessage) => void): Agent {
  const faults: ErrorReport[] = [];
  const closing = new AbortController();
  let running: Promise<Running> | null = null;
  let current: Running | null = null;
  let holding: Promise<string | null> | null = null;
  let stopListening = (): void => undefined;
  let lastTurn: JsonObject | null = null;
  /** Turns that are under way. */
  let turnCount = 0;
  /** What reads its passages ahead, or has. */
  let reading: HeldUnderstudy | null = null;
  let picker: EnginePicker | null = null;
  /** What the lead says of its app, on pages where no bundle does. */
  let described: LeadDescription | null = null;
  /** Forms of the plan, and those of the lead. */
  const desk = new FormDesk(platform.clock);
  const forms = new WaitingForms();
  const files = new FileShelf();

  const status = (): Status => {
    const held = current?.holder?.current ?? null;
    const form = held?.bundle.manifest.form ?? described?.form ?? [];
    return {
      reach: current?.session.reach ?? 'none',
      release: held?.understudy.release ?? null,
      branding: held?.bundle.manifest.branding ?? (described === null ? null : brandingOf(described)),
      ...(form.length === 0 ? {} : { form }),
      ...(current?.lead?.feedback === undefined ? {} : { canRate: true }),
      languages: held?.bundle.manifest.languages ?? [],
      generator: current?.generator.state ?? 'absent',
      generatorProgress: current?.generator.progress ?? 0,
      outboxCount: current?.session.outboxCount ?? 0,
      persistence: current?.store.persistence ?? 'memory',
      faults: [...faults],
    };
  };
  const onChange = (): void => {
    if (current !== null) post({ type: 'status', status: status() });
    const held = current?.holder?.current ?? null;
    if (held !== null && held !== reading) void readPassages(held);
  };
  const onFault = (error: UnderstudyError): void => {
    const report = toErrorReport(error);
    faults.push(report);
    if (faults.length > MAX_FAULTS) faults.shift();
    post({ type: 'fault', error: report });
    onChange();
  };

  const start = async (config: ConnectConfig): Promise<Running> => {
    const store = await platform.openStore(
      `understudy ${config.bundleUrl ?? config.lead?.baseUrl ?? ''}`,
      onFault,
    );
    const generator = new GeneratorSlot(onChange, onFault);
    const encoder = new EncoderSlot({
      create: platform.createEncoder,
      assetsUrl: config.assetsUrl,
      signal: closing.signal,
      onFault,
    });
    const { clock, fetch, random } = platform;
    const conversation = keepConversation(store, (error) => onFault(toUnderstudyError(error)));
    const holder =
      config.bundleUrl === null
        ? null
        : new UnderstudyHolder({
            client: createBundleClient({ url: config.bundleUrl, store, fetch, clock, onFault }),
            surroundings: {
              engine: () => generator.ready,
              clock,
              fetch,
              sandbox: lazySandbox(async () =>
                (await import('../sandbox/browser-sandbox.ts')).createBrowserSandbox(config.assetsUrl),
              ),
              conversation,
              session: async () => ({ id: await conversation.id(), turns: await countTurns() }),
              awaitForm: (form, signal) => desk.await(form, signal),
              readFile: (file) => files.read(file),
            },
            onChange,
            onFault,
          });
    const lead = createLead({ config, platform, store, files, onFault });
    const session = createSession({
      lead,
      forms,
      findSlots: async () => (await import('../text/slots/find-slots.ts')).findSlots,
      understudy: async (): Promise<Responder | null> => (await holder?.open())?.understudy.responder ?? null,
      store,
      clock,
      random,
      fetch,
      outboxUrl: config.outboxUrl,
      privacy: config.privacy,
      onChange,
      onNotice: (code) => post({ type: 'notice', code }),
      onFault,
      ...(platform.lock === null ? {} : { lock: platform.lock }),
    });
    stopListening = platform.onOnline(() => void session.probeNow());
    current = { config, store, session, holder, generator, encoder, conversation, lead };
    if (store.persistence === 'memory') post({ type: 'notice', code: 'memory-only' });
    void prepare(current);
    return current;
  };

  /** Turns of this session that were answered, as far back as they are kept. */
  const countTurns = async (): Promise<number> => {
    const entries = (await current?.session.transcript()) ?? [];
    return entries.filter(({ state }) => state === 'answered').length;
  };

  /** A page without a bundle learns from the lead what the visitor is to be shown and asked. */
  const describe = async (lead: Lead): Promise<void> => {
    try {
      described = (await lead.describe?.({ signal: closing.signal })) ?? null;
      onChange();
    } catch (error) {
      // The first turn tells the owner and the visitor of a lead that is away; here nobody waits for it.
      if (!isUnderstudyError(error)) throw error;
    }
  };

  /** Reads passages while nobody asks, so that the first questions cost as little as later ones. */
  const readPassages = async (held: HeldUnderstudy): Promise<void> => {
    reading = held;
    try {
      await readAhead(held.understudy.retriever, {
        clock: platform.clock,
        signal: closing.signal,
        isBusy: () => turnCount > 0,
        isOver: () => reading !== held,
      });
    } catch (error) {
      // The page closed the connection while this waited.
      if (!isUnderstudyError(error, 'client/disposed')) throw error;
    }
  };

  /** A stored bundle opens at once; one that is being downloaded is worth a word. */
  const tellPreparing = async (holder: UnderstudyHolder): Promise<void> => {
    try {
      await platform.clock.sleep(PREPARING_AFTER_MS, { signal: closing.signal });
    } catch (error) {
      // The page closed the connection while this waited.
      if (!isUnderstudyError(error, 'client/disposed')) throw error;
      return;
    }
    if (holder.current === null) post({ type: 'notice', code: 'preparing-device' });
  };

  /** Opens the understudy ahead of the first question, then looks for updates, then fetches the generator. */
  const prepare = async ({ config, holder, generator, encoder, lead }: Running): Promise<void> => {
    if (holder === null) {
      if (lead !== null) await describe(lead);
      return;
    }
    const opening = holder.open();
    void tellPreparing(holder);
    const held = await opening;
    if (held === null || closing.signal.aborted) return;
    const { manifest } = held.bundle;
    if (bringsModel(manifest) && platform.createEngine !== null)
      generator.offer(config.generator === 'off' ? 'off' : 'idle');
    try {
      await platform.clock.sleep(GENERATOR_DELAY_MS, { signal: closing.signal });
      if (config.generator === 'auto') void loadModels(held);
      await platform.clock.sleep(UPDATE_DELAY_MS, { signal: closing.signal });
      await holder.update();
      if (config.generator === 'auto' && holder.current !== null) await encoder.serve(holder.current);
    } catch (error) {
      // The page closed the connection while this waited.
      if (!isUnderstudyError(error, 'client/disposed')) throw error;
    }
  };

  /** Fetches what nobody asked for: the encoder first, for the right page comes before wording it well, then a small generator. */
  const loadModels = async (held: HeldUnderstudy): Promise<void> => {
    const { manifest } = held.bundle;
    await current?.encoder.serve(held);
    const isSmall = generatorBytes(manifest) <= AUTO_GENERATOR_BYTES && !fetchesUncounted(manifest);
    const isOffered = bringsModel(manifest) && platform.createEngine !== null;
    if (isOffered && isSmall && !closing.signal.aborted) await loadGenerator();
  };

  const loadGenerator = async (): Promise<Calls['loadGenerator']['reply']> => {
    const { holder, generator, config, store } = await started();
    const held = await holder?.open();
    const state = await generator.load(async () => {
      if (held == null) return null;
      picker = await pickGenerator(held.bundle, {
        platform,
        store,
        assetsUrl: config.assetsUrl,
        version: VERSION,
        onFault,
        onGiveUp: (error) => {
          generator.retire(error);
          if (error.code === 'engine/too-slow') post({ type: 'notice', code: 'generator-slow' });
        },
      });
      return picker;
    });
    return { state };
  };

  /** @returns The lock that is held, null when there is none. */
  const hold = async (name: string | null): Promise<string | null> =>
    name !== null && (await platform.holdForLife(name)) ? name : null;

  const started = (): Promise<Running> => {
    if (running === null) throw new UnderstudyError('worker/bad-message', 'The page has not said hello.');
    return running;
  };

  const diagnostics = ({
    session,
    holder,
    generator,
    encoder,
    store,
    config,
  }: Running): Calls['diagnostics']['reply'] => {
    const held = holder?.current ?? null;
    return {
      protocol: PROTOCOL_VERSION,
      privacy: config.privacy,
      persistence: store.persistence,
      bundle: held === null ? null : { appId: held.bundle.manifest.appId, release: held.understudy.release },
      understudyOpenMs: holder?.openMs ?? null,
      generator: {
        state: generator.state,
        engine: generator.ready?.id ?? null,
        model: generator.ready?.modelId ?? null,
        ...picker?.report(),
      },
      encoder: encoder.state,
      session: session.diagnostics(),
      lastTurn,
      faults: faults.map(({ code, message, facts }) => ({ code, message, facts })),
    };
  };

  return {
    async call(name: CallName, request: unknown): Promise<unknown> {
      const fields = isRecord(request) ? request : {};
      if (name === 'hello') {
        const config = parseConnectConfig(fields['config']);
        if (config === null)
          throw new UnderstudyError('worker/bad-message', 'The hello of the page is not valid.');
        running ??= start(config);
        // One lock a worker, that of the first hello: a page cannot make it collect them.
        holding ??= hold(parseLifeLock(fields['lifeLock']));
        const [lifeLock] = await Promise.all([holding, running]);
        return {
          protocol: PROTOCOL_VERSION,
          status: status(),
          lifeLock,
        } satisfies Calls['hello']['reply'];
      }
      const agent = await started();
      switch (name) {
        case 'transcript':
          return agent.session.transcript();
        case 'passage': {
          const { passageId } = fields;
          const held = await agent.holder?.open();
          return typeof passageId === 'string'
            ? (held?.understudy.retriever.passage(passageId) ?? null)
            : null;
        }
        case 'leaveMessage': {
          const { id, text, contact } = fields;
          if (typeof id !== 'string' || typeof text !== 'string' || typeof contact !== 'string') {
            throw new UnderstudyError('worker/bad-message', 'A left message is not complete.');
          }
          return agent.session.leaveMessage({ id, text, contact });
        }
        case 'contact':
          return { contact: await agent.session.contact() } satisfies Calls['contact']['reply'];
        case 'submitForm': {
          const { formId, action, values } = fields;
          if (
            typeof formId !== 'string' ||
            typeof action !== 'string' ||
            !isRecord(values) ||
            !isJson(values)
          ) {
            throw new UnderstudyError('worker/bad-message', 'A submitted form is not complete.');
          }
          const isAccepted =
            desk.submit(formId, action, values) || (await forms.submit({ formId, action, values }));
          return { isAccepted } satisfies Calls['submitForm']['reply'];
        }
        case 'feedback': {
          const { turnId, rating } = fields;
          const isRating = rating === 'like' || rating === 'dislike' || rating === null;
          if (typeof turnId !== 'string' || !isRating) {
            throw new UnderstudyError('worker/bad-message', 'A rating is not complete.');
          }
          const isTaken = await agent.session.rate(turnId, rating);
          return { isTaken } satisfies Calls['feedback']['reply'];
        }
        case 'attachFile': {
          const { name, mimeType, bytes } = fields;
          if (typeof name !== 'string' || typeof mimeType !== 'string' || !(bytes instanceof Uint8Array)) {
            throw new UnderstudyError('worker/bad-message', 'An attached file is not complete.');
          }
          return files.add({ name, mimeType, bytes }) satisfies Calls['attachFile']['reply'];
        }
        case 'restore':
          return agent.session.restore();
        case 'loadGenerator':
          return loadGenerator();
        case 'update':
          return { release: (await agent.holder?.update()) ?? null } satisfies Calls['update']['reply'];
        case 'diagnostics':
          return diagnostics(agent);
        case 'erase':
          await agent.session.erase();
          await agent.conversation.erase();
          files.clear();
          await agent.store.clear();
          onChange();
          return null;
      }
    },
    async *ask(turn: TurnRequest, signal: AbortSignal): AsyncGenerator<TurnPart> {
      const { session } = await started();
      turnCount += 1;
      try {
        for await (const part of session.ask(turn, { signal })) {
          if (part.type === 'end') lastTurn = figuresOf(part.summary);
          yield part;
        }
      } finally {
        turnCount -= 1;
      }
    },
    dispose(): void {
      closing.abort(new UnderstudyError('client/disposed', 'The connection was closed.'));
      stopListening();
      current?.session.dispose();
      current?.generator.dispose();
      current?.encoder.dispose();
      current?.store.close();
    },
  };
}

/** What diagnostics tell of a turn: who answered, why, and the figures; no text. */
function figuresOf({ responder, reason, isWorded, isRefusal, metrics }: TurnSummary): JsonObject {
  return { responder, reason, isWorded, isRefusal, ...metrics };
}
