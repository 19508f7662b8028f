import { UnderstudyError } from '../../contracts/errors.ts';
import type { PlanFile } from '../../contracts/plan-configs.ts';
import type { StepDefinition, StepRun } from '../step-handler.ts';
import { isFileList, isPlanFile } from '../values/plan-file.ts';
import { isTruthy } from '../values/python-equality.ts';
import { invalidConfig, readSelector } from './step-config.ts';

/** `extract-document`: the text of a file, or the texts of a list of files; an empty list when there is none. */
export const extractDocumentDefinition: StepDefinition = {
  prepare: (step) => {
    const from = readSelector(step, 'from', step.config['from']);
    if (typeof step.config['isList'] !== 'boolean') throw invalidConfig(step, 'isList');
    const name = from.join('.');
    return async function* (run) {
      const value = run.pool.get(from);
      if (value === undefined)
        throw new UnderstudyError(
          'plan/variable-missing',
          `Step "${step.id}" reads "${name}", which is not set.`,
          {
            facts: { step: step.id, variable: name },
          },
        );
      if (!isTruthy(value)) return { when: 'default', outputs: { text: [] } };
      if (isPlanFile(value)) return { when: 'default', outputs: { text: await readOne(value, run) } };
      if (!isFileList(value))
        throw new UnderstudyError(
          'plan/value-invalid',
          `Step "${step.id}" reads "${name}", which is no file.`,
          {
            facts: { step: step.id, variable: name },
          },
        );
      const texts: string[] = [];
      for (const file of value) texts.push(await readOne(file, run));
      return { when: 'default', outputs: { text: texts } };
    };
  },
};

async function readOne(file: PlanFile, { services, signal, step }: StepRun): Promise<string> {
  const { readFile } = services;
  if (readFile == null)
    throw new UnderstudyError('plan/needs-lead', `Step "${step.id}" reads files, and there are none here.`, {
      facts: { step: step.id, file: file.name },
    });
  const [bytes, { extractText }] = await Promise.all([
    readFile(file, signal),
    import('../document/extract-text.ts'),
  ]);
  const text = await extractText(file, bytes);
  signal.throwIfAborted();
  return text;
}
