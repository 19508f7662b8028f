import { expect } from '@open-wc/testing';
import type { TurnPart } from '../contracts/turn.ts';
import { connect } from './connect.ts';
import type { Port } from './port.ts';
import { workerPort } from './port.ts';

const workerUrl = new URL('../worker/understudy-worker.ts', import.meta.url).href;

/** Starts the product's own worker behind a line of the test's. */
async function startBehind(line: string): Promise<Port> {
  const source = new Blob([`${line}\nawait import(${JSON.stringify(workerUrl)});`], {
    type: 'text/javascript',
  });
  const worker = new Worker(URL.createObjectURL(source), { type: 'module' });
  await new Promise((resolve) => worker.addEventListener('message', resolve, { once: true }));
  return workerPort(worker);
}

/** Ends the worker without a word as soon as it is asked something, before it could begin to answer. */
const CLOSE_WHEN_ASKED = `addEventListener('message', (event) => {
  if (event.data.type !== 'ask') return;
  event.stopImmediatePropagation();
  close();
});`;

describe('a worker that ends without a word', () => {
  it('is told by its lock alone, and the turn is run once more by a new worker', async () => {
    const lines = [CLOSE_WHEN_ASKED, ''];
    const connection = await connect(
      { bundle: '/no-such-bundle/', privacy: 'device-only' },
      {
        start: async () => ({ port: await startBehind(lines.shift() ?? ''), fault: null }),
        // No silence is long enough: nothing but the lock can tell.
        silenceLimitMs: Number.POSITIVE_INFINITY,
      },
    );
    const told: string[] = [];
    connection.on('fault', (fault) => told.push(fault.code));
    const parts: TurnPart[] = [];
    for await (const part of connection.ask('How long do I have?')) parts.push(part);
    // The first worker may have looked for its bundle before it was asked.
    expect(told).to.include('worker/crashed');
    expect(lines).to.deep.equal([]);
    const last = parts.at(-1);
    expect(last?.type === 'error' ? last.error.code : 'answered').to.not.match(/^worker\//u);
    expect(parts.filter(({ type }) => type === 'end' || type === 'error')).to.have.length(1);
    connection.dispose();
  });

  it('is not mistaken for one that is busy', async () => {
    const block = `addEventListener('message', (event) => {
      if (event.data.type !== 'ask') return;
      const endMs = performance.now() + 1000;
      while (performance.now() < endMs);
    });`;
    const connection = await connect(
      { bundle: '/no-such-bundle/', privacy: 'device-only' },
      {
        start: async () => ({ port: await startBehind(block), fault: null }),
        silenceLimitMs: Number.POSITIVE_INFINITY,
      },
    );
    const told: string[] = [];
    connection.on('fault', (fault) => told.push(fault.code));
    const parts: TurnPart[] = [];
    for await (const part of connection.ask('How long do I have?')) parts.push(part);
    expect(parts.filter(({ type }) => type === 'end' || type === 'error')).to.have.length(1);
    expect(told.filter((code) => code.startsWith('worker/'))).to.deep.equal([]);
    expect((await connection.diagnostics())['workerStarts']).to.equal(1);
    connection.dispose();
  });
});
