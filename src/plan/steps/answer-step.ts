import { readAnswer } from '../run/read-response.ts';
import type { StepDefinition } from '../step-handler.ts';
import { renderTemplate } from '../values/render-template.ts';

/** `answer`: gives the whole text; what the visitor sees of it, and when, is up to the interpreter. Outputs `answer`. */
export const answerDefinition: StepDefinition = {
  prepare: (step) => {
    const template = readAnswer(step);
    return function* ({ pool }) {
      const answer = renderTemplate(template, (selector) => pool.get(selector), 'markdown');
      return { when: 'default', outputs: { answer } };
    };
  },
};
