import { expect } from '@open-wc/testing';
import { expectCode, testTurn } from '../../test/contract/responder.ts';
import { isRecord } from '../contracts/json.ts';
import type { ConnectConfig, LeadConfig, WorkerMessage } from '../contracts/protocol.ts';
import { PROTOCOL_VERSION } from '../contracts/protocol.ts';
import { events, FakeDify, json, sse } from '../engines/dify/fake-dify.ts';
import { systemClock } from '../session/system-clock.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Platform } from './platform.ts';
import { createAgent } from './agent.ts';
import type { Agent } from './serve-port.ts';

/** An agent on a page without a bundle, whose lead is a fake server. */
class Page {
  readonly server = new FakeDify();
  readonly posted: WorkerMessage[] = [];
  readonly agent: Agent;

  constructor() {
    const platform: Platform = {
      fetch: (input, init) => this.server.fetch(typeof input === 'string' ? input : '', init ?? {}),
      clock: systemClock,
      random: () => 0,
      openStore: () => Promise.resolve(createMemoryStore()),
      lock: null,
      onOnline: () => () => undefined,
      liveness: null,
      holdForLife: () => Promise.resolve(false),
      createEngine: null,
      createEncoder: null,
    };
    this.agent = createAgent(platform, (message) => this.posted.push(message));
  }

  async hello(lead: LeadConfig): Promise<void> {
    const config: ConnectConfig = {
      bundleUrl: null,
      lead,
      outboxUrl: null,
      assetsUrl: 'https://shop.example/u/',
      privacy: 'hybrid',
      generator: 'off',
      language: 'en',
    };
    await this.agent.call('hello', { protocol: PROTOCOL_VERSION, config });
  }

  /** Waits for a status in which something is set. */
  async statusWith(name: string): Promise<Record<string, unknown>> {
    for (;;) {
      const last = this.posted.findLast((message) => message.type === 'status');
      const status: unknown = last?.status;
      if (isRecord(status) && status[name] != null) return status;
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
}

const WEB: LeadConfig = { kind: 'dify', baseUrl: 'https://dify.example/api/', appCode: 'code' };

describe('createAgent with a lead alone', () => {
  let page: Page;
  beforeEach(() => {
    page = new Page();
  });
  afterEach(() => page.agent.dispose());

  it('tells the page what the app is called and what it asks', async () => {
    page.server.parameters = {
      opening_statement: 'Hello!',
      suggested_questions: ['What?'],
      user_input_form: [{ 'text-input': { variable: 'order', label: 'Order', required: true } }],
    };
    page.server.answers['/site'] = () => json({ site: { title: 'Help', chat_color_theme: '#0b6e6e' } });
    await page.hello(WEB);
    const status = await page.statusWith('branding');
    expect(status['branding']).to.deep.equal({
      title: { '*': 'Help' },
      greeting: { '*': 'Hello!' },
      accent: '#0b6e6e',
      suggestions: { en: ['What?'] },
      contactUrl: null,
    });
    expect(status['canRate']).to.equal(true);
    expect(JSON.stringify(status['form'])).to.contain('"name":"order"');
  });

  it('asks through the endpoint of the owner, without a key', async () => {
    page.server.flavor = 'service';
    await page.hello({ kind: 'dify-service', baseUrl: 'https://shop.example/v1/' });
    const types: string[] = [];
    for await (const part of page.agent.ask(testTurn(), new AbortController().signal)) types.push(part.type);
    expect(types).to.deep.equal(['route-decided', 'text-delta', 'end']);
    for (const { headers } of page.server.requests) expect(headers.has('Authorization')).to.equal(false);
  });

  it('submits forms, keeps files, rates and restores', async () => {
    page.server.chat = () => sse([events.started, events.formAsked(), events.paused]);
    page.server.answers['/form/human_input/token-1'] = () => json({});
    page.server.answers['/files/upload'] = () => json({ id: 'upload-1' }, 201);
    page.server.answers['/workflow/run-1/events'] = () =>
      sse([events.formFilled(), events.message('Done.'), events.messageEnd()]);
    await page.hello(WEB);
    const file = { name: 'a.txt', mimeType: 'text/plain', bytes: new Uint8Array([1]) };
    const kept = await page.agent.call('attachFile', file);
    const turn = testTurn();
    const accepted: unknown[] = [];
    for await (const part of page.agent.ask(turn, new AbortController().signal)) {
      if (part.type !== 'form') continue;
      const submission = {
        formId: part.form.id,
        action: 'send',
        values: { street: 'Mill Lane', proof: kept },
      };
      setTimeout(() => void page.agent.call('submitForm', submission).then((reply) => accepted.push(reply)));
    }
    expect(accepted).to.deep.equal([{ isAccepted: true }]);
    expect(await page.agent.call('submitForm', { formId: 'f', action: 'a', values: {} })).to.deep.equal({
      isAccepted: false,
    });
    expect(await page.agent.call('feedback', { turnId: turn.id, rating: 'like' })).to.deep.equal({
      isTaken: true,
    });
    expect(await page.agent.call('feedback', { turnId: 'other', rating: null })).to.deep.equal({
      isTaken: false,
    });
    expect(await page.agent.call('restore', null)).to.have.length(1);
  });

  it('refuses calls that are not complete', async () => {
    await page.hello(WEB);
    for (const [name, request] of [
      ['submitForm', { formId: 'f', action: 'a', values: [] }],
      ['submitForm', null],
      ['feedback', { turnId: 't', rating: 'love' }],
      ['attachFile', { name: 'a', mimeType: '', bytes: [1] }],
    ] as const)
      await expectCode(page.agent.call(name, request), 'worker/bad-message');
    const empty = { name: 'a', mimeType: '', bytes: new Uint8Array() };
    await expectCode(page.agent.call('attachFile', empty), 'turn/file-refused');
  });
});
