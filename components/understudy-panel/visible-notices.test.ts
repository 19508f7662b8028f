import { expect } from '@open-wc/testing';
import type { NoticeCode } from '../../src/contracts/turn.ts';
import { fakeStatus } from '../testing/fake-connection.ts';
import { reachOf } from './reach-of.ts';
import { visibleNotices } from './visible-notices.ts';

const ALL: readonly NoticeCode[] = [
  'lead-interrupted',
  'memory-only',
  'preparing-device',
  'generator-slow',
  'outbox-kept',
  'outbox-delivered',
];
const notices = (status: Parameters<typeof fakeStatus>[0]): readonly NoticeCode[] =>
  visibleNotices({ notices: ALL, turns: [], status: fakeStatus(status) });

describe('visibleNotices', () => {
  it('leaves out what is no longer true or is said by the answers', () => {
    expect(notices({})).to.deep.equal(['outbox-delivered']);
    expect(notices({ release: null })).to.deep.equal(['preparing-device', 'outbox-delivered']);
    const faults = [{ code: 'bundle/not-found', message: '', facts: {} }] as const;
    expect(notices({ release: null, faults })).to.deep.equal(['outbox-delivered']);
    expect(notices({ generator: 'failed' })).to.deep.equal(['generator-slow', 'outbox-delivered']);
    expect(notices({ persistence: 'memory', outboxCount: 1 })).to.deep.equal(['memory-only', 'outbox-kept']);
  });
});

describe('reachOf', () => {
  it('says who would answer now', () => {
    expect(reachOf(null, 'connecting')).to.equal('connecting');
    expect(reachOf(null, 'failed')).to.equal('notReady');
    expect(reachOf(fakeStatus({ reach: 'reachable' }), 'ready')).to.equal('online');
    expect(reachOf(fakeStatus({ reach: 'degraded' }), 'ready')).to.equal('slow');
    expect(reachOf(fakeStatus({ reach: 'unreachable' }), 'ready')).to.equal('onDevice');
    expect(reachOf(fakeStatus({ reach: 'none' }), 'ready')).to.equal('onDevice');
    expect(reachOf(fakeStatus({ reach: 'none', release: null }), 'ready')).to.equal('connecting');
    const faults = [{ code: 'bundle/not-found', message: '', facts: {} }] as const;
    expect(reachOf(fakeStatus({ reach: 'unreachable', release: null, faults }), 'ready')).to.equal(
      'notReady',
    );
  });
});
