import type { JsonObject } from '../../../src/contracts/json.ts';
import type { FormField } from '../../../src/contracts/plan-configs.ts';
import type { ResponderPart } from '../../../src/contracts/responder.ts';
import type { AppHost, HostedApp, HostedTurn } from './app-host.ts';

/** A field of a form, for tests. */
export function field(name: string, changes: Partial<FormField> = {}): FormField {
  return { name, label: name, type: 'text', isRequired: false, maxLength: null, options: [], default: null, ...changes };
}

/** What a scripted host was asked, and how it answers; for tests. */
export interface ScriptedHost extends AppHost {
  readonly turns: HostedTurn[];
  /** Waits of the current run are over. */
  release: () => void;
}

const END: ResponderPart = {
  type: 'end',
  outcome: { isWorded: false, isRefusal: false, intent: 'none', confidence: 1, tokensPerSecond: 0, memoryBytes: 0 },
};

/**
 * Makes a host that echoes the message, and does more for some: `wait` stops until it is released, `fail` fails, `form` asks, `cite` cites,
 * `count` counts in a variable of the conversation, `file` tells the length of the first file.
 */
export function scriptedHost(changes: Partial<HostedApp> = {}): ScriptedHost {
  const turns: HostedTurn[] = [];
  const app: HostedApp = {
    appId: 'echo',
    title: 'Echo',
    mode: 'chat',
    greeting: 'Hello!',
    suggestions: ['One?', 'Two?'],
    form: [],
    showsCitations: true,
    accent: '#112233',
    language: 'en',
    passage: () => null,
    variables: { visits: 0 },
    ...changes,
  };
  const host: ScriptedHost = {
    app,
    turns,
    release: () => undefined,
    async *answer(turn) {
      turns.push(turn);
      const { trace, conversation, signal } = turn;
      const { text, inputs } = turn.turn;
      trace({ type: 'plan-started' });
      trace({ type: 'step-started', step: 'echo', kind: 'answer', title: 'Echo', round: null });
      yield { type: 'text-delta', text: 'You said: ' };
      if (text === 'wait') await waitFor(host, signal);
      if (text === 'fail') throw new TypeError('secret detail');
      if (text === 'count') {
        const { visits = 0 } = await conversation.read();
        await conversation.write('visits', Number(visits) + 1);
        yield { type: 'text-delta', text: String(Number(visits) + 1) };
      } else if (text === 'form') {
        const fields = [field('name', { isRequired: true })];
        const actions = [{ id: 'send', label: 'Send', style: 'primary' }];
        const form = { id: `${turn.turn.id}:ask:1`, title: 'Ask', content: 'Who?', fields, actions, expiresAtMs: null };
        yield { type: 'form', form };
        const { values } = await turn.awaitForm(form, signal);
        yield { type: 'text-delta', text: `hello ${JSON.stringify(values['name'])}` };
      } else if (text === 'file') {
        const [file] = turn.files;
        const bytes = file === undefined ? null : await turn.readFile(file, signal);
        yield { type: 'text-delta', text: String(bytes?.length) };
      } else yield { type: 'text-delta', text: text === '' ? JSON.stringify(inputs) : text };
      if (text === 'cite') {
        const citation = { index: 1, passageId: 'p#1', title: 'Returns', headings: [], url: null, snippet: 'Thirty days.' };
        yield { type: 'citation', citation };
        yield { type: 'suggestion', text: 'And then?' };
      }
      const outputs: JsonObject = app.mode === 'workflow' ? { result: inputs } : { answer: text };
      trace({ type: 'step-finished', step: 'echo', when: 'default', outputs, elapsedMs: 1 });
      trace({ type: 'plan-finished', status: 'succeeded', outputs, exceptions: 0 });
      yield END;
    },
  };
  return host;
}

function waitFor(host: ScriptedHost, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    host.release = resolve;
    signal.addEventListener('abort', () => reject(new DOMException('Stopped.', 'AbortError')), { once: true });
  });
}
