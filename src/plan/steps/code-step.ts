import { UnderstudyError, isUnderstudyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { isRecord } from '../../contracts/json.ts';
import type { CodeConfig, OutputShape } from '../../contracts/plan-configs.ts';
import { VALUE_TYPES } from '../../contracts/plan-configs.ts';
import type { Step } from '../../contracts/plan.ts';
import type { StepDefinition } from '../step-handler.ts';
import { checkOutputs } from '../values/check-outputs.ts';
import { toSandboxValue } from '../values/to-sandbox-value.ts';
import { accepted, readText } from './step-config.ts';

/** Runtimes of a language. */
const RUNTIMES: Readonly<Record<CodeConfig['language'], readonly CodeConfig['runtime'][]>> = {
  javascript: ['quickjs'],
  python: ['micropython', 'pyodide'],
};

/** Shapes within each other; the values themselves may not lie deeper either. */
const MAX_SHAPE_DEPTH = 8;

/** What a step with code is told with, besides what the sandbox says. */
const withStep = (error: UnderstudyError, step: Step): UnderstudyError => {
  const told = new UnderstudyError(error.code, '', {
    facts: { ...error.facts, step: step.id },
    cause: error,
  });
  told.message = error.message;
  return told;
};

/**
 * `code`: calls the owner's `main` with the step's inputs by name, missing ones as nothing, and checks what it gives against the
 * declared outputs.
 */
export const codeDefinition: StepDefinition = {
  prepare: (step) => {
    const { runtime, source, outputs } = readConfig(step);
    return async function* ({ input, services, signal }) {
      const { sandbox } = services;
      if (sandbox == null)
        throw new UnderstudyError('sandbox/unavailable', 'There is nothing here that runs code.', {
          facts: { step: step.id },
        });
      const values = Object.keys(step.inputs).map((name) => [name, toSandboxValue(input(name))] as const);
      const inputs: JsonObject = Object.fromEntries(values);
      try {
        const result = await sandbox.runCode({ runtime, source, inputs }, { signal });
        return { when: 'default', outputs: checkOutputs(outputs, result) };
      } catch (error) {
        signal.throwIfAborted();
        throw isUnderstudyError(error) ? withStep(error, step) : error;
      }
    };
  },
};

/** @throws UnderstudyError `plan/invalid`. */
function readConfig(step: Step): CodeConfig {
  const { config } = step;
  const language = accepted(
    step,
    'language',
    config['language'] === 'javascript' || config['language'] === 'python' ? config['language'] : null,
  );
  const runtime = accepted(
    step,
    'runtime',
    RUNTIMES[language].find((name) => name === config['runtime']) ?? null,
  );
  return {
    language,
    runtime,
    source: readText(step, 'source', config['source']),
    outputs: accepted(step, 'outputs', readShapes(config['outputs'], 0)),
  };
}

function readShapes(value: unknown, depth: number): CodeConfig['outputs'] | null {
  if (!isRecord(value) || depth > MAX_SHAPE_DEPTH) return null;
  const entries: (readonly [string, OutputShape])[] = [];
  for (const [name, shape] of Object.entries(value)) {
    if (!isRecord(shape)) return null;
    const type = VALUE_TYPES.find((known) => known === shape['type']);
    const isFree = shape['children'] === null || shape['children'] === undefined;
    const children = isFree ? null : readShapes(shape['children'], depth + 1);
    if (type === undefined || (!isFree && children === null)) return null;
    entries.push([name, { type, children }]);
  }
  return Object.fromEntries(entries);
}
