import { expect } from '@open-wc/testing';
import { isUnderstudyError } from '../contracts/errors.ts';
import { ManualClock } from '../session/manual-clock.ts';
import { createPublicRequest } from './public-request.ts';

const { signal } = new AbortController();
const clock = new ManualClock();
type Fetch = (url: string, init: RequestInit) => Promise<Response>;
const asking = (fetch: Fetch, hosts = ['api.example.com']) => {
  const request = createPublicRequest({ hosts, fetch, clock });
  if (request === null) throw new Error('no host is allowed');
  return request;
};
async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => (isUnderstudyError(error) ? error.code : String(error)),
  );
}

describe('createPublicRequest', () => {
  it('asks a host that the owner allowed, without anything that identifies the visitor', async () => {
    const asked: [string, RequestInit][] = [];
    const request = asking(async (url, init) => {
      asked.push([url, init]);
      return new Response('{"a":1}', { status: 201, headers: { 'x-a': 'b' } });
    });
    const headers = { Accept: 'application/json', Authorization: 'Bearer x', cookie: 'a=b' };
    const response = await request('https://api.example.com/v1?q=1', headers, signal);
    expect(response).to.deep.include({ status: 201, body: '{"a":1}' });
    expect(response.headers['x-a']).to.equal('b');
    expect(asked[0]?.[0]).to.equal('https://api.example.com/v1?q=1');
    expect(asked[0]?.[1]).to.deep.include({
      method: 'GET',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      headers: { Accept: 'application/json' },
    });
  });

  it('asks nobody else', async () => {
    let count = 0;
    const request = asking(async () => {
      count += 1;
      return new Response('');
    }, ['api.example.com', 'localhost', '10.0.0.1', 'printer.local']);
    for (const url of [
      'https://other.example.com/',
      'https://api.example.com.evil.com/',
      'http://api.example.com/',
      'https://api.example.com:8443/',
      'https://user:pw@api.example.com/',
      'https://localhost/',
      'https://10.0.0.1/',
      'https://printer.local/',
      'javascript:alert(1)',
    ])
      expect(await codeOf(request(url, {}, signal)), url).to.equal('plan/needs-lead');
    expect(await codeOf(request('no address', {}, signal))).to.equal('plan/value-invalid');
    expect(count).to.equal(0);
    expect(createPublicRequest({ hosts: [], fetch: async () => new Response(''), clock })).to.equal(null);
  });

  it('needs the cloud where the network does not carry', async () => {
    const request = asking(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(await codeOf(request('https://api.example.com/', {}, signal))).to.equal('plan/needs-lead');
  });

  it('waits 30 seconds', async () => {
    const request = asking(
      (_url, init) =>
        new Promise((_, reject) => {
          init.signal?.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')));
        }),
    );
    const code = codeOf(request('https://api.example.com/', {}, signal));
    await clock.advance(30_000);
    expect(await code).to.equal('plan/needs-lead');
  });

  it('reads no more than 1 MB', async () => {
    const long = asking(async () => new Response('x'.repeat(1024 * 1024 + 1)));
    expect(await codeOf(long('https://api.example.com/', {}, signal))).to.equal('plan/value-invalid');
    const just = asking(async () => new Response('x'.repeat(1024 * 1024)));
    expect((await just('https://api.example.com/', {}, signal)).body).to.have.length(1024 * 1024);
  });

  it('passes on that the turn was stopped', async () => {
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    const request = asking(() => Promise.reject(new DOMException('Aborted', 'AbortError')));
    expect(await codeOf(request('https://api.example.com/', {}, stop.signal))).to.equal('Error: stopped');
  });
});
