import { UnderstudyError } from '../../contracts/errors.ts';
import type { StepDefinition } from '../step-handler.ts';
import { toSandboxValue } from '../values/to-sandbox-value.ts';
import { readText } from './step-config.ts';

/** Code points of a rendered text, as of the cloud agent. */
const MAX_TEXT = 400_000;

/** `template`: renders a Jinja template over the step's inputs; missing ones are `None`. */
export const templateDefinition: StepDefinition = {
  prepare: (step) => {
    const source = readText(step, 'source', step.config['source']);
    return async function* ({ input, services, signal }) {
      const { sandbox } = services;
      if (sandbox == null)
        throw new UnderstudyError('sandbox/unavailable', 'There is nothing here that renders Jinja.', {
          facts: { step: step.id },
        });
      const values = Object.keys(step.inputs).map((name) => [name, toSandboxValue(input(name))] as const);
      const text = await sandbox.renderTemplate(source, Object.fromEntries(values));
      signal.throwIfAborted();
      if (text.length > MAX_TEXT && Array.from(text).length > MAX_TEXT)
        throw new UnderstudyError(
          'plan/value-invalid',
          `The template of step "${step.id}" gave more than ${String(MAX_TEXT)} characters.`,
          { facts: { step: step.id } },
        );
      return { when: 'default', outputs: { output: text } };
    };
  },
};
