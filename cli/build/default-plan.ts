import type { Plan } from '../../src/contracts/plan.ts';
import { PLAN_VERSION } from '../../src/contracts/plan.ts';

/**
 * Makes the plan of a folder of help pages.
 *
 * classify → reply | hand off (asked) | retrieve → compose | hand off (not in the pages) → end. Step kinds and their
 * settings: docs/formats/plan.md.
 */
export function defaultPlan(appId: string): Plan {
  return {
    format: 'understudy/plan',
    version: PLAN_VERSION,
    appId,
    start: 'classify',
    steps: [
      {
        id: 'classify',
        kind: 'classify',
        site: 'edge',
        inputs: { text: { from: ['turn', 'text'] } },
        outputs: ['intent', 'action', 'confidence'],
        edges: [
          { when: 'answer', to: 'reply' },
          { when: 'handoff', to: 'people' },
          { when: 'default', to: 'retrieve' },
        ],
        config: {},
      },
      {
        id: 'reply',
        kind: 'reply',
        site: 'edge',
        inputs: { intent: { from: ['classify', 'intent'] } },
        outputs: [],
        edges: [
          // An intent without an answer in any language is looked up instead.
          { when: 'none', to: 'retrieve' },
          { when: 'default', to: 'end' },
        ],
        config: {},
      },
      {
        id: 'people',
        kind: 'handoff',
        site: 'edge',
        inputs: { intent: { from: ['classify', 'intent'] } },
        outputs: [],
        edges: [{ when: 'default', to: 'end' }],
        config: { reason: 'asked' },
      },
      {
        id: 'retrieve',
        kind: 'retrieve',
        site: 'edge',
        inputs: {
          query: { from: ['turn', 'text'] },
          intent: { from: ['classify', 'intent'] },
          intentConfidence: { from: ['classify', 'confidence'] },
        },
        outputs: ['passages', 'confidence'],
        edges: [
          { when: 'found', to: 'compose' },
          { when: 'none', to: 'not-in-pages' },
        ],
        config: {},
      },
      {
        id: 'compose',
        kind: 'compose',
        site: 'edge',
        inputs: {
          question: { from: ['turn', 'text'] },
          passages: { from: ['retrieve', 'passages'] },
          confidence: { from: ['retrieve', 'confidence'] },
        },
        outputs: [],
        edges: [
          { when: 'none', to: 'not-in-pages' },
          { when: 'default', to: 'end' },
        ],
        config: {},
      },
      {
        id: 'not-in-pages',
        kind: 'handoff',
        site: 'edge',
        inputs: {},
        outputs: [],
        edges: [{ when: 'default', to: 'end' }],
        config: { reason: 'not-in-pages' },
      },
      { id: 'end', kind: 'end', site: 'edge', inputs: {}, outputs: [], edges: [], config: {} },
    ],
  };
}
