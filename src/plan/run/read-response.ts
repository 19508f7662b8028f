import type { OutputConfig, Template } from '../../contracts/plan-configs.ts';
import type { Step } from '../../contracts/plan.ts';
import { readObjects, readSelector, readTemplate, readText } from '../steps/step-config.ts';

/** Reads the template of an `answer` step. @throws UnderstudyError `plan/invalid`. */
export function readAnswer(step: Step): Template {
  return readTemplate(step, 'template', step.config['template']);
}

/** Reads the results of an `output` step. @throws UnderstudyError `plan/invalid`. */
export function readOutputs(step: Step): OutputConfig['outputs'] {
  return readObjects(step, 'outputs', step.config['outputs'], (output) => ({
    name: readText(step, 'outputs', output['name']),
    from: readSelector(step, 'outputs', output['from']),
  }));
}
