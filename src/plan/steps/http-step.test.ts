import { expect } from '@open-wc/testing';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { Step } from '../../contracts/plan.ts';
import type { PlanServices, PublicResponse } from '../step-handler.ts';
import { httpDefinition } from './http-step.ts';
import { StepScene } from './step-scene.ts';

interface Asked {
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
}

const config = (changes: JsonObject = {}): JsonObject => ({
  url: ['https://shop.example/orders/', { from: ['a', 'id'] }],
  headers: [],
  params: [],
  timeoutMs: 5000,
  ...changes,
});

function scene(
  changes: JsonObject,
  options: {
    readonly response?: Partial<PublicResponse>;
    readonly id?: Json;
    readonly step?: Partial<Step>;
    readonly services?: Partial<PlanServices>;
  } = {},
): { readonly scene: StepScene; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const services: Partial<PlanServices> = {
    request: (url, headers) => {
      asked.push({ url, headers });
      return Promise.resolve({
        status: 200,
        headers: { 'content-type': 'text/plain' },
        body: 'sent',
        ...options.response,
      });
    },
    ...options.services,
  };
  const values = { 'a.id': options.id ?? 7 };
  return {
    scene: new StepScene('http', httpDefinition, {
      config: config(changes),
      values,
      services,
      step: options.step ?? {},
    }),
    asked,
  };
}

describe('the step `http`', () => {
  it('asks an address and gives the answer', async () => {
    const { scene: one, asked } = scene({ headers: [{ name: 'X-Shop', value: [' jug '] }] });
    expect((await one.run()).outputs).to.deep.equal({
      status_code: 200,
      body: 'sent',
      headers: { 'content-type': 'text/plain' },
      files: [],
    });
    expect(asked).to.deep.equal([{ url: 'https://shop.example/orders/7', headers: { 'X-Shop': 'jug' } }]);
  });

  it('adds parameters, in place of those of the address', async () => {
    const params = [
      { name: 'q', value: ['a b&c'] },
      { name: 'q', value: ['ü'] },
    ];
    const { scene: one, asked } = scene({ url: ['https://shop.example/?q=old&keep=1'], params });
    await one.run();
    expect(asked[0]?.url).to.equal('https://shop.example/?keep=1&q=a+b%26c&q=%C3%BC');
  });

  it('takes an error status for an answer, unless the step says what then', async () => {
    const response = { status: 404, body: 'no' };
    expect(await scene({}, { response }).scene.output('status_code')).to.equal(404);
    const step = { onError: { kind: 'branch' } } as const;
    expect(await scene({}, { response, step }).scene.failure()).to.equal('plan/step-failed');
    const again = { retry: { times: 1, intervalMs: 0 } };
    expect(await scene({}, { response, step: again }).scene.failure()).to.equal('plan/step-failed');
    expect(await scene({}, { step }).scene.failure()).to.equal('none');
  });

  it('refuses addresses and headers that are none', async () => {
    for (const url of ['ftp://shop.example', 'shop.example', '', 'https://', 'javascript:alert(1)']) {
      expect(await scene({ url: [url] }).scene.failure(), url).to.equal('plan/value-invalid');
    }
    const split = { headers: [{ name: 'X-A', value: [{ from: ['a', 'id'] }] }] };
    expect(await scene(split, { id: 'x\r\nCookie: y' }).scene.failure()).to.equal('plan/value-invalid');
    expect(await scene({ headers: [{ name: 'X A', value: ['x'] }] }).scene.failure()).to.equal(
      'plan/value-invalid',
    );
  });

  it('refuses an answer that is too long', async () => {
    const long = { body: 'x'.repeat(1024 * 1024 + 1) };
    expect(await scene({}, { response: long }).scene.failure()).to.equal('plan/value-invalid');
    const full = { body: 'x'.repeat(1024 * 1024) };
    expect(await scene({}, { response: full }).scene.failure()).to.equal('none');
  });

  it('needs the lead where nothing may be asked', async () => {
    expect(await scene({}, { services: { request: null } }).scene.failure()).to.equal('plan/needs-lead');
  });

  it('fails when there is no answer in time, and stops asking', async () => {
    const signals: AbortSignal[] = [];
    const services: Partial<PlanServices> = {
      request: (_url, _headers, signal) => {
        signals.push(signal);
        return new Promise(() => undefined);
      },
      clock: { now: () => 0, monotonicMs: () => 0, sleep: () => Promise.resolve() },
    };
    expect(await scene({}, { services }).scene.failure()).to.equal('plan/step-failed');
    expect(signals[0]?.aborted).to.equal(true);
  });

  it('passes on why nothing could be asked', async () => {
    const services: Partial<PlanServices> = { request: () => Promise.reject(new Error('offline')) };
    expect(await scene({}, { services }).scene.failure()).to.equal('Error: offline');
  });

  it('refuses settings that are none', async () => {
    for (const changes of [
      { url: 'https://x' },
      { headers: {} },
      { params: [{ name: 1 }] },
      { timeoutMs: 0 },
    ]) {
      expect(await scene(changes).scene.failure()).to.equal('plan/invalid');
    }
  });
});
