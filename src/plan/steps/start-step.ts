import { parseFormFields } from '../../contracts/form.ts';
import type { Json } from '../../contracts/json.ts';
import type { StepDefinition } from '../step-handler.ts';
import { isTextField, readFormField } from '../values/read-form-field.ts';
import { accepted } from './step-config.ts';

/**
 * `start`: the app's form. Outputs each field's value, of its type: what the visitor gave, else the default, else null.
 *
 * A workflow that is asked by message takes the message for the first text that is required and was not given. A value that a field does
 * not accept ends the turn with `plan/input-invalid`, which names the field.
 */
export const startDefinition: StepDefinition = {
  prepare: (step, plan) => {
    const fields = accepted(step, 'fields', parseFormFields(step.config['fields'] ?? []));
    return function* ({ turn }) {
      const given = new Map(Object.entries(turn.inputs));
      if (plan.mode === 'workflow' && turn.text !== '') {
        const asked = fields.find(
          (field) => field.isRequired && isTextField(field) && !given.has(field.name),
        );
        if (asked !== undefined) given.set(asked.name, turn.text);
      }
      const outputs = fields.map((field): [string, Json] => [
        field.name,
        readFormField(field, given.get(field.name)),
      ]);
      return { when: 'default', outputs: Object.fromEntries(outputs) };
    };
  },
};
