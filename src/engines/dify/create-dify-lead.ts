import type { Clock } from '../../contracts/clock.ts';
import type { UnderstudyError } from '../../contracts/errors.ts';
import { isUnderstudyError } from '../../contracts/errors.ts';
import { isRecord } from '../../contracts/json.ts';
import type {
  Exchange,
  FormSubmission,
  Lead,
  LeadDescription,
  OutboxMessage,
  PastExchange,
  Rating,
  RespondOptions,
  ResponderPart,
} from '../../contracts/responder.ts';
import type { TurnRequest } from '../../contracts/turn.ts';
import { linkFiles } from './dify-answer-files.ts';
import { DifyConnection } from './dify-connection.ts';
import type { DifyAccess } from './dify-connection.ts';
import { feedbackPath, questionPath, suggestionsPath } from './dify-endpoints.ts';
import { findAppKind, isWrongKind } from './dify-app-kind.ts';
import { parseLatestConversation, parseMessages } from './dify-history.ts';
import type { LeadFetch } from './dify-http.ts';
import { parseSuggestedQuestions } from './dify-parameters.ts';
import { filesIn, referInputs, wordQuestion } from './dify-question.ts';
import { summarizeBefore, unknownToLead, wordLeftMessage } from './dify-texts.ts';
import { DifyTurn } from './dify-turn.ts';
import type { ReadFile } from './dify-uploads.ts';
import { DifyUploads } from './dify-uploads.ts';
import type { DifyAppKind, PassportStore } from './passport-store.ts';
import { createMemoryPassportStore } from './passport-store.ts';
import { assertStream, SILENCE_MS } from './read-dify-events.ts';

/** Options of {@link createDifyLead}. */
export interface DifyLeadOptions {
  /** Base of the Web API, as in `https://dify.example.com/api`; of the service API where there is no app code. */
  readonly baseUrl: string;
  /**
   * The app's public site code, the `token` of Dify's embed snippet; never an `app-…` key. Null = the service API, behind an
   * endpoint of the owner's that adds the key.
   */
  readonly appCode: string | null;
  readonly clock: Clock;
  /** Default: the platform's `fetch`. */
  readonly fetch?: LeadFetch;
  /** Language of the sentences the agent is told on the visitor's behalf. Default `en`. */
  readonly language?: string;
  /** Keeps passport and conversation between page loads. Default: as long as the page lives. */
  readonly passportStore?: PassportStore;
  /** Gives the bytes of the visitor's files. Default: there are none. */
  readonly readFile?: ReadFile;
  /** Told of what keeps the lead from this page. Default: nobody. */
  readonly onFault?: (error: UnderstudyError) => void;
  /** Makes the name of a visitor for the service API. Default: a random UUID. */
  readonly createUser?: () => string;
}

const PROBE_TIMEOUT_MS = 4000;
const EXTRAS_TIMEOUT_MS = 4000;
const HISTORY_LIMIT = '100';

/**
 * Makes the lead that talks to a Dify app of any kind: through its Web API, the one browsers may use without a key, or
 * through its service API behind an endpoint of the owner's.
 */
export function createDifyLead(options: DifyLeadOptions): Required<Lead> {
  return new DifyLead(options);
}

class DifyLead implements Required<Lead> {
  readonly contract = 1;
  readonly id = 'dify';
  readonly kind = 'lead';
  readonly #connection: DifyConnection;
  readonly #uploads: DifyUploads;
  readonly #clock: Clock;
  readonly #language: string;
  readonly #running = new Set<DifyTurn>();

  constructor(options: DifyLeadOptions) {
    this.#clock = options.clock;
    this.#language = options.language ?? 'en';
    const access: DifyAccess =
      options.appCode === null ? { flavor: 'service' } : { flavor: 'web', appCode: options.appCode };
    this.#connection = new DifyConnection({
      baseUrl: options.baseUrl.replace(/\/+$/, ''),
      access,
      clock: options.clock,
      fetch: options.fetch ?? ((url, init) => fetch(url, init)),
      passportStore: options.passportStore ?? createMemoryPassportStore(),
      onFault: options.onFault ?? (() => undefined),
      createUser: options.createUser ?? (() => crypto.randomUUID()),
    });
    this.#uploads = new DifyUploads(this.#connection, options.readFile ?? null);
  }

  async *respond(turn: TurnRequest, options: RespondOptions = {}): AsyncIterable<ResponderPart> {
    const { signal, history = [] } = options;
    const asked = await this.#ask(turn, history, signal);
    const running = this.#createTurn(asked.appKind, signal);
    const { stream } = running;
    this.#running.add(running);
    try {
      if (asked.isRenewed) yield { type: 'notice', code: 'conversation-renewed' };
      yield* running.read(asked.response);
      await this.#keep(turn.id, running);
      const links = linkFiles(stream.files, stream.text, this.#connection.baseUrl);
      if (links !== '') yield { type: 'text-delta', text: links };
      yield* stream.citations.map((citation): ResponderPart => ({ type: 'citation', citation }));
      const continuing = asked.appKind === 'chat' ? await this.#suggestions(stream.messageId, signal) : [];
      for (const text of continuing) yield { type: 'suggestion', text };
      yield {
        type: 'end',
        outcome: {
          isWorded: true,
          isRefusal: false,
          intent: 'none',
          confidence: 1,
          tokensPerSecond: 0,
          memoryBytes: 0,
        },
      };
    } finally {
      this.#running.delete(running);
      running.stop();
      // Also after a cut or a stop, so that the next turn goes on in the same conversation.
      if (!stream.isOver) await this.#keep(turn.id, running);
    }
  }

  async probe(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    await this.#connection.parameters({ ...options, timeoutMs: PROBE_TIMEOUT_MS, isFresh: true });
  }

  async deliver(
    message: OutboxMessage,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<'delivered' | 'unconfirmed'> {
    // A failed probe proves that nothing was sent; after it, a lost answer leaves that open.
    await this.probe(options);
    const turn: TurnRequest = {
      id: message.id,
      text: wordLeftMessage(message, this.#language),
      language: this.#language,
      pageUrl: null,
      inputs: {},
    };
    let running: DifyTurn | null = null;
    try {
      const asked = await this.#ask(turn, [], options.signal);
      running = this.#createTurn(asked.appKind, options.signal);
      for await (const part of running.read(asked.response)) {
        // What the agent says to it is of no interest, and a form stays unanswered.
        if (part.type === 'form') break;
      }
      await this.#keep(message.id, running);
      return running.stream.taskId === null ? 'unconfirmed' : 'delivered';
    } catch (error) {
      if (running !== null && running.stream.taskId !== null) return 'delivered';
      if (isSurelyNotDelivered(error)) throw error;
      return 'unconfirmed';
    }
  }

  async feedback(
    turnId: string,
    rating: Rating | null,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<boolean> {
    const { answers } = await this.#connection.standing();
    const answer = answers.find((known) => known.turnId === turnId);
    if (answer === undefined) return false;
    await this.#connection.sendForJson({
      method: 'POST',
      path: feedbackPath(answer.messageId),
      fields: { rating },
      timeoutMs: SILENCE_MS,
      ...options,
    });
    return true;
  }

  async submitForm(submission: FormSubmission): Promise<boolean> {
    const waiting = [...this.#running].find(({ stream }) => stream.openForm?.form.id === submission.formId);
    return (await waiting?.submit(submission)) ?? false;
  }

  async history(options: { readonly signal?: AbortSignal } = {}): Promise<readonly PastExchange[]> {
    const standing = await this.#connection.standing();
    const shared = { timeoutMs: EXTRAS_TIMEOUT_MS, ...options };
    // A visitor who was never here has no history, and need not be registered to find that out.
    if (standing.passport === null && this.#connection.flavor === 'web') return [];
    if (standing.appKind === 'completion' || standing.appKind === 'workflow') return [];
    let { conversationId } = standing;
    if (conversationId === '') {
      const path = '/conversations';
      const list = await this.#connection.sendForJson({
        method: 'GET',
        path,
        query: { limit: '1' },
        ...shared,
      });
      const latest = parseLatestConversation(list);
      if (latest === null) return [];
      conversationId = latest;
    }
    const query = { conversation_id: conversationId, limit: HISTORY_LIMIT };
    const page = await this.#connection.sendForJson({ method: 'GET', path: '/messages', query, ...shared });
    await this.#connection.keepConversation(conversationId);
    return parseMessages(page).filter(({ answer }) => answer !== '');
  }

  async describe(options: { readonly signal?: AbortSignal } = {}): Promise<LeadDescription> {
    const { greeting, suggestions, form } = await this.#connection.parameters(options);
    let site: unknown = null;
    try {
      site = await this.#connection.sendForJson({
        method: 'GET',
        path: '/site',
        timeoutMs: EXTRAS_TIMEOUT_MS,
        ...options,
      });
    } catch {
      options.signal?.throwIfAborted();
      // A gateway need not pass everything on: a title is an extra.
    }
    const told = isRecord(site) && isRecord(site['site']) ? site['site'] : site;
    const { title, chat_color_theme: accent } = isRecord(told) ? told : {};
    return {
      title: typeof title === 'string' ? title.slice(0, 200) : '',
      greeting,
      accent: typeof accent === 'string' && /^#[0-9a-f]{6}$/i.test(accent) ? accent : null,
      suggestions,
      form,
    };
  }

  #createTurn(appKind: DifyAppKind, signal?: AbortSignal): DifyTurn {
    return new DifyTurn({
      connection: this.#connection,
      clock: this.#clock,
      appKind,
      refer: async (values) => referInputs(values, await this.#uploads.refer(filesIn(values), signal)),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** Asks, in a new conversation when the old one is forgotten, and at another address when the app is of another kind. */
  async #ask(
    turn: TurnRequest,
    history: readonly Exchange[],
    signal?: AbortSignal,
  ): Promise<{ readonly response: Response; readonly appKind: DifyAppKind; readonly isRenewed: boolean }> {
    const files = [...filesIn(turn.inputs), ...(turn.files ?? [])];
    const references = await this.#uploads.refer(files, signal);
    const inputs = referInputs(turn.inputs, references);
    const attached = (turn.files ?? []).flatMap(({ id }) => references.get(id) ?? []);
    const open = async (appKind: DifyAppKind, told: readonly Exchange[]): Promise<Response> => {
      const path = questionPath(appKind);
      const { conversationId } = await this.#connection.standing();
      const isChat = appKind === 'chat';
      const form = isChat ? [] : (await this.#connection.parameters(waiting)).form;
      const text = isChat ? summarizeBefore(turn.text, told, turn.language) : turn.text;
      const response = await this.#connection.send({
        method: 'POST',
        path,
        fields: wordQuestion({ kind: appKind, text, inputs, files: attached, conversationId, form }),
        timeoutMs: SILENCE_MS,
        ...waiting,
      });
      return assertStream(response, path);
    };
    const waiting = signal === undefined ? {} : { signal };
    const appKind = (await this.#connection.standing()).appKind ?? 'chat';
    try {
      return { response: await open(appKind, unknownToLead(history)), appKind, isRenewed: false };
    } catch (error) {
      if (isWrongKind(error)) {
        // The server has refused the question unread: asking at the right address does not ask twice.
        const found = await findAppKind(this.#connection, waiting);
        if (found === appKind) throw error;
        await this.#connection.keepAppKind(found);
        return { response: await open(found, unknownToLead(history)), appKind: found, isRenewed: false };
      }
      if (!(await this.#isForgotten(error))) throw error;
      await this.#connection.keepConversation('');
      return { response: await open(appKind, history), appKind, isRenewed: true };
    }
  }

  async #isForgotten(error: unknown): Promise<boolean> {
    if (!isUnderstudyError(error) || (await this.#connection.standing()).conversationId === '') return false;
    return error.code === 'lead/not-found' || error.facts['status'] === 404;
  }

  async #keep(turnId: string, { stream }: DifyTurn): Promise<void> {
    if (stream.conversationId !== null) await this.#connection.keepConversation(stream.conversationId);
    if (stream.messageId !== null) await this.#connection.keepAnswer(turnId, stream.messageId);
  }

  async #suggestions(messageId: string | null, signal?: AbortSignal): Promise<readonly string[]> {
    if (messageId === null) return [];
    const shared = { timeoutMs: EXTRAS_TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) };
    try {
      if (!(await this.#connection.parameters(shared)).suggestsQuestions) return [];
      const path = suggestionsPath(this.#connection.flavor, messageId);
      return parseSuggestedQuestions(await this.#connection.sendForJson({ method: 'GET', path, ...shared }));
    } catch {
      signal?.throwIfAborted();
      // Suggestions are an extra: their failure must not turn a whole answer into a fault.
      return [];
    }
  }
}

/** Failures after which the server cannot have taken the message, given that it was reachable just before. */
function isSurelyNotDelivered(error: unknown): boolean {
  if (!isUnderstudyError(error)) return false;
  if (error.code === 'lead/auth' || error.code === 'lead/misconfigured' || error.code === 'lead/not-found')
    return true;
  const status = error.facts['status'];
  return error.code === 'lead/refused' && (status === 429 || status === 503 || status === 400);
}
