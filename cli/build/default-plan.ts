import type { Plan } from '../../src/contracts/plan.ts';
import { PLAN_VERSION } from '../../src/contracts/plan.ts';

/** What steps that stand by themselves have in common. */
const ALONE = { title: '', parent: null, onError: null, retry: null } as const;

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
    mode: 'chat',
    conversation: [],
    environment: [],
    moderation: null,
    annotations: [],
    showsCitations: true,
    needsLeadText: null,
    start: 'classify',
    steps: [
      {
        id: 'classify',
        kind: 'classify',
        site: 'edge',
        inputs: { text: { from: ['turn', 'text'] } },
        outputs: ['intent', 'action', 'confidence', 'further', 'slots'],
        edges: [
          { when: 'answer', to: 'reply' },
          { when: 'handoff', to: 'people' },
          { when: 'default', to: 'retrieve' },
        ],
        config: {},
        ...ALONE,
      },
      {
        id: 'reply',
        kind: 'reply',
        site: 'edge',
        inputs: {
          intent: { from: ['classify', 'intent'] },
          further: { from: ['classify', 'further'] },
          slots: { from: ['classify', 'slots'] },
        },
        outputs: [],
        edges: [
          // An intent without an answer in any language is looked up instead.
          { when: 'none', to: 'retrieve' },
          { when: 'default', to: 'end' },
        ],
        config: {},
        ...ALONE,
      },
      {
        id: 'people',
        kind: 'handoff',
        site: 'edge',
        inputs: { intent: { from: ['classify', 'intent'] }, slots: { from: ['classify', 'slots'] } },
        outputs: [],
        edges: [{ when: 'default', to: 'end' }],
        config: { reason: 'asked' },
        ...ALONE,
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
        ...ALONE,
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
        ...ALONE,
      },
      {
        id: 'not-in-pages',
        kind: 'handoff',
        site: 'edge',
        inputs: {
          passages: { from: ['retrieve', 'passages'] },
          confidence: { from: ['retrieve', 'confidence'] },
        },
        outputs: [],
        edges: [{ when: 'default', to: 'end' }],
        config: { reason: 'not-in-pages' },
        ...ALONE,
      },
      { id: 'end', kind: 'end', site: 'edge', inputs: {}, outputs: [], edges: [], config: {}, ...ALONE },
    ],
  };
}
