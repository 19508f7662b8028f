import { expect } from '@open-wc/testing';
import type { Intent } from '../contracts/intent.ts';
import type { PlanServices } from './step-handler.ts';
import { answer, planOf, runScripted, step } from './scripted-plan.ts';

const PLAN = planOf([
  step('classify', 'classify', {
    edges: [
      { when: 'answer', to: 'reply' },
      { when: 'handoff', to: 'people' },
      { when: 'default', to: 'search' },
    ],
  }),
  answer('reply', 'canned'),
  answer('people', 'handed over'),
  answer('search', 'searched'),
]);

/** What comes of a message that is classified so, where the search is so sure. */
async function outcome(intent: Intent, confidence: number): Promise<string> {
  const services: Partial<PlanServices> = {
    classifier: { classify: () => intent, definition: () => null },
    retriever: {
      search: () => ({ ranked: [], confidence, isAnswerable: confidence >= 0.5 }),
      extract: () => [],
      passage: () => null,
    },
  };
  return (await runScripted(PLAN, { services })).text;
}

const greeting = (confidence: number): Intent => ({ id: 'greeting', action: 'answer', confidence });

describe('the classify step', () => {
  it('lets the pages answer what the classifier is unsure of and the search is surer of', async () => {
    expect(await outcome(greeting(0.5), 0.8)).to.equal('searched');
    expect(await outcome({ ...greeting(0.4), action: 'handoff' }, 0.9)).to.equal('searched');
  });

  it('keeps to an intent that it is sure of', async () => {
    expect(await outcome(greeting(0.8), 0.99)).to.equal('canned');
    expect(await outcome({ ...greeting(0.9), action: 'handoff' }, 0.99)).to.equal('handed over');
  });

  it('keeps to an unsure intent where the search is hardly surer, or unsure itself', async () => {
    expect(await outcome(greeting(0.7), 0.8)).to.equal('canned');
    expect(await outcome(greeting(0.3), 0.65)).to.equal('canned');
  });

  it('asks the search about nothing that is looked up anyway', async () => {
    expect(await outcome({ id: 'none', action: 'retrieve', confidence: 0.2 }, 0)).to.equal('searched');
  });
});
