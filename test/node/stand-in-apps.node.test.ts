import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createStandInLead } from '../../demo/lead/server.mjs';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import type { FormSubmission, Lead, ResponderPart } from '../../src/contracts/responder.ts';
import type { DifyLeadOptions } from '../../src/engines/dify/create-dify-lead.ts';
import { createDifyLead } from '../../src/engines/dify/create-dify-lead.ts';
import { createMemoryPassportStore } from '../../src/engines/dify/passport-store.ts';
import { FileShelf } from '../../src/session/file-shelf.ts';
import { systemClock } from '../../src/session/system-clock.ts';

const WARRANTY = 'How long is the warranty of the jug?';

/** What came of a question. */
interface Outcome {
  readonly text: string;
  readonly parts: readonly ResponderPart[];
  readonly code: string | null;
}

/** The lead of the product against every kind of app, interface and version of the stand-in, over real sockets. */
describe('the apps of the stand-in lead', () => {
  let server: Server;
  let base = '';
  const listener = createStandInLead({ pace: 0.01 });
  const { faultControl } = listener;

  before(async () => {
    await listener.ready;
    server = createServer((request, response) => {
      listener(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    base = `http://127.0.0.1:${String(address.port)}/lead`;
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  beforeEach(() => {
    faultControl.set('up');
    faultControl.speak('1.14');
  });

  type Flavor = 'web' | 'service';
  const leadOf = (
    code: string,
    flavor: Flavor = 'web',
    options: Partial<DifyLeadOptions> = {},
  ): Required<Lead> =>
    createDifyLead({
      baseUrl: flavor === 'web' ? `${base}/api` : `${base}/service/${code}`,
      appCode: flavor === 'web' ? code : null,
      clock: systemClock,
      ...options,
    });

  const ask = async (
    lead: Required<Lead>,
    text: string,
    more: { inputs?: JsonObject; fill?: (formId: string) => Omit<FormSubmission, 'formId'> } = {},
  ): Promise<Outcome> => {
    const parts: ResponderPart[] = [];
    let answer = '';
    const turn = { id: text, text, language: 'en', pageUrl: null, inputs: more.inputs ?? {} };
    try {
      for await (const part of lead.respond(turn)) {
        parts.push(part);
        if (part.type === 'text-delta') answer += part.text;
        if (part.type === 'text-replace') answer = part.text;
        if (part.type === 'form' && more.fill !== undefined) {
          const submission = { formId: part.form.id, ...more.fill(part.form.id) };
          setImmediate(() => void lead.submitForm(submission).then((isTaken) => assert.ok(isTaken)));
        }
      }
      return { text: answer, parts, code: null };
    } catch (error) {
      if (!isUnderstudyError(error)) throw error;
      return { text: answer, parts, code: error.code };
    }
  };
  const typesOf = ({ parts }: Outcome): readonly string[] => [...new Set(parts.map(({ type }) => type))];

  const kinds = ['demo', 'basic', 'agent', 'new-agent', 'writer', 'flow'] as const;
  for (const version of ['1.14', '1.12', '1.8'] as const) {
    for (const flavor of ['web', 'service'] as const) {
      it(`answer the same in every kind, at version ${version}, through the ${flavor} interface`, async () => {
        faultControl.speak(version);
        const answers = new Map<string, Outcome>();
        for (const kind of kinds) answers.set(kind, await ask(leadOf(`fenbrook-${kind}`, flavor), WARRANTY));
        const whole = answers.get('demo')?.text ?? '';
        assert.match(whole, /warranty of 2 years/);
        for (const [kind, outcome] of answers) {
          assert.equal(outcome.code, null, kind);
          assert.equal(outcome.text, whole, kind);
          assert.equal(outcome.parts.at(-1)?.type, 'end', kind);
          assert.equal(typesOf(outcome).includes('citation'), kind !== 'flow', kind);
          assert.equal(typesOf(outcome).includes('suggestion'), kind === 'demo', kind);
        }
      });
    }
  }

  it('ask before the first turn what the lead passes on', async () => {
    const lead = leadOf('fenbrook-form');
    const described = await lead.describe();
    assert.deepEqual(
      described.form.map(({ name, type, isRequired, options }) => [name, type, isRequired, options]),
      [
        ['order', 'text', true, []],
        ['product', 'select', false, ['Jug', 'Tap']],
      ],
    );
    assert.equal(described.title, 'Fenbrook Orders (stand-in)');
    assert.match(described.greeting, /^Hello/);
    assert.equal((await ask(lead, 'Hello')).code, 'lead/misconfigured');
    assert.match((await ask(lead, 'Hello', { inputs: { order: 'A1' } })).text, /order A1/);
  });

  it('ask during a turn, once and twice, and go on', async () => {
    const lead = leadOf('fenbrook-demo');
    const fill = (): Omit<FormSubmission, 'formId'> => ({
      action: 'send',
      values: { street: 'Mill Lane', speed: 'fast' },
    });
    const once = await ask(lead, '/form please', { fill });
    assert.deepEqual(typesOf(once).slice(0, 3), ['form', 'form-closed', 'text-delta']);
    assert.match(once.text, /Send it, street "Mill Lane", speed "fast"/);
    const twice = await ask(lead, '/forms please', { fill });
    assert.equal(twice.parts.filter(({ type }) => type === 'form').length, 2);
    assert.equal(twice.parts.filter(({ type }) => type === 'form-closed').length, 2);
    assert.match(twice.text, /Mill Lane.*; Send it/);
    assert.equal((await ask(lead, '/mail-form')).code, 'lead/refused');
  });

  it('answer from annotations, moderate, and show files', async () => {
    const lead = leadOf('fenbrook-demo');
    assert.match((await ask(lead, '/annotated')).text, /^A colleague wrote/);
    assert.match((await ask(lead, '/moderated')).text, /^I cannot talk/);
    const replaced = await ask(lead, '/replaced');
    assert.deepEqual([replaced.text, replaced.code], ['This cannot be shown.', null]);
    assert.match((await ask(lead, '/file')).text, /- \[image\]\(http:.*\/files\/jug\.png\?sign=1\)$/);
    assert.equal((await ask(lead, '/loop How do I clean the jug?')).code, null);
  });

  it('give the whole answer over a stream that is cut, in every kind', async () => {
    for (const kind of kinds) {
      if (kind === 'flow' || kind === 'writer') continue;
      const whole = await ask(leadOf(`fenbrook-${kind}`), WARRANTY);
      faultControl.set('cut-stream');
      for (const version of ['1.14', '1.12'] as const) {
        faultControl.speak(version);
        const cut = await ask(leadOf(`fenbrook-${kind}`), WARRANTY);
        assert.deepEqual([cut.text, cut.code], [whole.text, null], `${kind} ${version}`);
      }
      faultControl.set('up');
    }
  });

  it('take bytes one by one, and refuse what is no event', async () => {
    const whole = await ask(leadOf('fenbrook-demo'), '滤水壶的滤芯怎么换？');
    faultControl.set('split');
    assert.deepEqual(await ask(leadOf('fenbrook-demo'), '滤水壶的滤芯怎么换？'), whole);
    faultControl.set('malformed');
    assert.equal((await ask(leadOf('fenbrook-demo'), WARRANTY)).code, 'lead/bad-response');
  });

  const refusals = [
    ['auth', 'lead/auth'],
    ['rate-limited', 'lead/refused'],
    ['provider', 'lead/refused'],
    ['error-event', 'lead/refused'],
    ['failed-run', 'lead/refused'],
  ] as const;
  for (const [mode, code] of refusals) {
    it(`tell ${code} when the server is set to "${mode}"`, async () => {
      const lead = leadOf('fenbrook-demo');
      await lead.probe();
      faultControl.set(mode);
      assert.equal((await ask(lead, WARRANTY)).code, code);
      faultControl.set('up');
      assert.equal((await ask(lead, WARRANTY)).code, null);
    });
  }

  it('let in again whom the server has forgotten, in a new conversation that knows the old one', async () => {
    const lead = leadOf('fenbrook-demo');
    await ask(lead, WARRANTY);
    faultControl.set('forget-passports');
    const renewed = await ask(lead, WARRANTY);
    assert.deepEqual([renewed.code, renewed.parts[0]?.type], [null, 'notice']);
    faultControl.set('forget-conversations');
    assert.equal((await ask(lead, WARRANTY)).parts[0]?.type, 'notice');
    assert.notEqual((await ask(lead, WARRANTY)).parts[0]?.type, 'notice');
  });

  it('remember conversations and ratings', async () => {
    for (const flavor of ['web', 'service'] as const) {
      const lead = leadOf('fenbrook-demo', flavor);
      await ask(lead, WARRANTY);
      await ask(lead, 'How do I clean the jug?');
      assert.equal(await lead.feedback(WARRANTY, 'like'), true);
      assert.equal(await lead.feedback(WARRANTY, null), true);
      assert.equal(await lead.feedback('unknown', 'like'), false);
      const past = await lead.history();
      assert.deepEqual(
        past.map(({ question }) => question),
        [WARRANTY, 'How do I clean the jug?'],
      );
      assert.match(past[0]?.answer ?? '', /2 years/);
    }
  });

  it('find the latest conversation of a visitor who comes with nothing but a name', async () => {
    const createUser = (): string => 'ann';
    await ask(leadOf('fenbrook-demo', 'service', { createUser }), WARRANTY);
    const elsewhere = leadOf('fenbrook-demo', 'service', {
      createUser,
      passportStore: createMemoryPassportStore(),
    });
    assert.equal((await elsewhere.history())[0]?.question, WARRANTY);
  });

  it('take files, and say which they do not', async () => {
    const shelf = new FileShelf();
    for (const flavor of ['web', 'service'] as const) {
      const lead = leadOf('fenbrook-demo', flavor, { readFile: (file) => shelf.read(file) });
      const photo = shelf.add({ name: 'leak.png', mimeType: 'image/png', bytes: new Uint8Array(10) });
      const turn = { id: 'files', text: 'Look', language: 'en', pageUrl: null, inputs: {}, files: [photo] };
      let text = '';
      for await (const part of lead.respond(turn)) if (part.type === 'text-delta') text += part.text;
      assert.match(text, /leak\.png of 10 bytes/);
    }
  });

  it('stop when they are told to', async () => {
    const lead = leadOf('fenbrook-flow');
    for await (const part of lead.respond({
      id: '1',
      text: WARRANTY,
      language: 'en',
      pageUrl: null,
      inputs: {},
    }))
      if (part.type === 'text-delta') break;
    const path = '/lead/api/workflows/tasks/:id/stop';
    while (Reflect.get(faultControl.requests, path) === undefined)
      await new Promise((resolve) => setImmediate(resolve));
  });
});
