import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { Circuit, CircuitOutcome } from './circuit-breaker.ts';
import { admits, beginTrial, CIRCUIT_POLICY, CLOSED_CIRCUIT, recordOutcome } from './circuit-breaker.ts';
import { toReach } from './reach.ts';

const weak: CircuitOutcome = { type: 'failure', weight: 1, retryAfterMs: null };
const certain: CircuitOutcome = { type: 'failure', weight: 2, retryAfterMs: null };
const answered: CircuitOutcome = { type: 'success', firstTextMs: 500 };
const probed: CircuitOutcome = { type: 'success', firstTextMs: null };

const play = (
  outcomes: readonly CircuitOutcome[],
  {
    nowMs = 0,
    random = 0.5,
    from = CLOSED_CIRCUIT,
  }: { nowMs?: number; random?: number; from?: Circuit } = {},
): Circuit =>
  outcomes.reduce<Circuit>(
    (circuit, outcome) => recordOutcome(circuit, outcome, { nowMs, random, policy: CIRCUIT_POLICY }),
    from,
  );

describe('the circuit', () => {
  it('opens after two doubtful failures of five, or one that leaves no doubt', () => {
    expect(play([weak]).state).to.equal('closed');
    expect(play([weak, weak]).state).to.equal('open');
    expect(play([weak, answered, answered, answered, weak]).state).to.equal('open');
    expect(play([weak, answered, answered, answered, answered, weak]).state).to.equal('closed');
    expect(play([certain]).state).to.equal('open');
  });

  it('opens when first texts come later than the budget', () => {
    const late: CircuitOutcome = { type: 'success', firstTextMs: 9000 };
    const unseen: CircuitOutcome = { type: 'undecided', waitedMs: 9000 };
    expect(play([late, unseen]).state).to.equal('open');
    expect(toReach(play([late]), true)).to.equal('degraded');
  });

  it('stays open for a time drawn from a range that doubles, at least 1 s and at most the cap', () => {
    expect(play([certain], { random: 0 }).openUntilMs).to.equal(1000);
    expect(play([certain], { random: 0.999 }).openUntilMs).to.be.closeTo(2000, 5);
    let circuit = CLOSED_CIRCUIT;
    for (let count = 0; count < 20; count += 1) {
      circuit = play([certain], {
        from: circuit.state === 'open' ? beginTrial(circuit) : circuit,
        random: 0.999,
      });
    }
    expect(circuit.openUntilMs).to.be.within(59_000, 60_000);
  });

  it('waits as long as the lead asks for', () => {
    const busy: CircuitOutcome = { type: 'failure', weight: 1, retryAfterMs: 30_000 };
    const circuit = play([busy], { nowMs: 1000 });
    expect(circuit).to.include({ state: 'open', openUntilMs: 31_000 });
    expect(play([certain], { from: circuit, nowMs: 1001 }).openUntilMs).to.equal(31_000);
    expect(play([probed], { from: circuit, nowMs: 30_999 }).state).to.equal('open');
    expect(play([probed], { from: circuit, nowMs: 31_000 }).state).to.equal('closed');
  });

  it('admits one trial when its time has come, and closes or opens with it', () => {
    const open = play([certain]);
    expect(admits(open, open.openUntilMs - 1)).to.equal('no');
    expect(admits(open, open.openUntilMs)).to.equal('trial');
    const trial = beginTrial(open);
    expect(admits(trial, open.openUntilMs)).to.equal('no');
    expect(admits(play([answered], { from: trial }), 0)).to.equal('yes');
    expect(play([weak], { from: trial, nowMs: 5000 }).state).to.equal('open');
    const undecided = play([{ type: 'undecided', waitedMs: 0 }], { from: trial, nowMs: 5000 });
    expect(admits(undecided, 5000)).to.equal('trial');
  });

  it('forgets how often it opened only when the lead answers a turn', () => {
    const open = play([certain]);
    expect(play([probed], { from: beginTrial(open) })).to.include({ state: 'closed', openings: 1 });
    expect(play([answered], { from: beginTrial(open) })).to.include({ state: 'closed', openings: 0 });
  });

  it('shows its reach', () => {
    expect(toReach(CLOSED_CIRCUIT, false)).to.equal('none');
    expect(toReach(CLOSED_CIRCUIT, true)).to.equal('reachable');
    expect(toReach(play([weak]), true)).to.equal('degraded');
    expect(toReach(play([{ type: 'undecided', waitedMs: 1600 }]), true)).to.equal('degraded');
    expect(toReach(play([certain]), true)).to.equal('unreachable');
    expect(toReach(play([weak, answered]), true)).to.equal('reachable');
  });

  it('keeps its promises whatever happens to it', () => {
    const outcome = fc.oneof(
      fc.constant(answered),
      fc.constant(probed),
      fc.nat(20_000).map((waitedMs): CircuitOutcome => ({ type: 'undecided', waitedMs })),
      fc
        .tuple(fc.constantFrom<1 | 2>(1, 2), fc.option(fc.nat(90_000)))
        .map(([weight, retryAfterMs]): CircuitOutcome => ({ type: 'failure', weight, retryAfterMs })),
    );
    const event = fc.tuple(outcome, fc.nat(100_000), fc.double({ min: 0, max: 0.999, noNaN: true }));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let circuit = CLOSED_CIRCUIT;
        let nowMs = 0;
        for (const [happened, passedMs, random] of events) {
          nowMs += passedMs;
          const admitted = admits(circuit, nowMs);
          if (admitted === 'trial') circuit = beginTrial(circuit);
          if (circuit.state === 'half-open') expect(admits(circuit, nowMs)).to.equal('no');
          circuit = recordOutcome(circuit, happened, { nowMs, random, policy: CIRCUIT_POLICY });
          expect(circuit.state, 'an outcome ends a trial').not.to.equal('half-open');
          expect(circuit.weights.length).to.be.at.most(CIRCUIT_POLICY.windowSize);
          if (circuit.state === 'open' && happened.type === 'failure') {
            expect(circuit.openUntilMs - nowMs).to.be.at.least(CIRCUIT_POLICY.leastOpenMs);
            expect(circuit.openUntilMs - nowMs).to.be.at.least(happened.retryAfterMs ?? 0);
          }
          if (happened.type === 'success' && happened.firstTextMs !== null) {
            expect(circuit.state).to.equal('closed');
          }
          // An open circuit is always opened again by time alone.
          if (circuit.state === 'open') expect(admits(circuit, circuit.openUntilMs)).to.equal('trial');
        }
      }),
    );
  });
});
