import type { Engine, GenerateRequest } from '../../contracts/engine.ts';
import type { UnderstudyError } from '../../contracts/errors.ts';
import { isUnderstudyError } from '../../contracts/errors.ts';
import type { LlmConfig } from '../../contracts/plan-configs.ts';
import type { StepDefinition, StepPart, StepResult, StepRun } from '../step-handler.ts';
import { answerFromPages } from '../answer-from-pages.ts';
import { citationsOf } from '../citations-of.ts';
import { buildPrompt } from '../prompt/build-prompt.ts';
import type { FoundKnowledge } from '../prompt/knowledge-behind.ts';
import { foundKnowledge, knowledgeBehind, selectorsOf } from '../prompt/knowledge-behind.ts';
import { needsLead } from '../prompt/needs-lead.ts';
import { readLlmConfig } from '../prompt/read-llm-config.ts';
import { refuse } from '../prompt/refuse.ts';
import { splitReasoning } from '../prompt/reasoning.ts';
import type { CheckedEnd } from '../prompt/write-checked.ts';
import { writeChecked } from '../prompt/write-checked.ts';
import { writeFreely } from '../prompt/write-freely.ts';
import { usageOf } from '../prompt/usage.ts';
import { isFileList, isPlanFile } from '../values/plan-file.ts';

/**
 * `llm`: has a model write. Streams `text`; outputs it with `usage`, `finish_reason`, `reasoning_content` and, where the step has a
 * schema, `structured_output`.
 *
 * A model that follows any prompt gets the prompt; what it writes over passages is shown statement by statement as passages support
 * it. Without such a model, or when nothing it writes is supported, an answer over passages is an extract, worded where a model can;
 * when the pages do not answer, the step says so. Everything else needs the cloud.
 * @throws UnderstudyError `plan/needs-lead` (facts: `reason` is `no-model`, `model-failed` or `vision`), `plan/value-invalid`.
 */
export const llmDefinition: StepDefinition = {
  prepare: (step, plan) => {
    const config = readLlmConfig(step);
    const behind = knowledgeBehind(plan, selectorsOf(step));
    return async function* (run) {
      if (seesFiles(run, config)) throw needsLead(step, 'vision', 'it is to look at files');
      const engine = run.services.engine();
      const isGeneral = engine?.ability === 'general';
      const knowledge = config.schema === null ? foundKnowledge(run, behind) : null;
      if (engine !== null && isGeneral && (knowledge === null || run.services.isScripted === true))
        return yield* freely(run, config, engine);
      if (knowledge === null) throw needsLead(step, 'no-model', 'no model that follows prompts is at hand');
      if (knowledge.ranked.length === 0) return yield* refusal(run);
      return yield* engine !== null && isGeneral
        ? overPassages(run, config, engine, knowledge)
        : extract(run, knowledge);
    };
  },
};

function seesFiles({ pool }: StepRun, { vision }: LlmConfig): boolean {
  const value = vision === null ? undefined : pool.get(vision);
  return isPlanFile(value) || (isFileList(value) && value.length > 0);
}

/** The prompt, with the parameters that the owner set. */
async function requestOf(run: StepRun, config: LlmConfig, engine: Engine): Promise<GenerateRequest> {
  const contextTokens = engine.contextTokens > 0 ? engine.contextTokens : USUAL_CONTEXT;
  const maxTokens = Math.trunc(config.maxTokens ?? USUAL_OUTPUT);
  const reserve = Math.min(maxTokens, Math.floor(contextTokens / 4));
  const { temperature, topP, stop } = config;
  return {
    messages: await buildPrompt(run, config, contextTokens - reserve),
    maxTokens: Math.min(maxTokens, MAX_OUTPUT),
    ...(temperature === null ? {} : { temperature }),
    // 0 is no share of anything; models of the cloud take it as greedy.
    ...(topP === null ? {} : topP === 0 ? { temperature: 0 } : { topP }),
    ...(stop.length === 0 ? {} : { stop }),
    stepId: run.step.id,
  };
}

const USUAL_CONTEXT = 2048;
const USUAL_OUTPUT = 512;
const MAX_OUTPUT = 4096;

async function* freely(
  run: StepRun,
  config: LlmConfig,
  engine: Engine,
): AsyncGenerator<StepPart, StepResult> {
  const request = await requestOf(run, config, engine);
  let hasText = false;
  try {
    const writing = writeFreely(request, { engine, config, signal: run.signal });
    for (;;) {
      const next = await writing.next();
      if (next.done === true) {
        const { outputs, metrics } = next.value;
        const { tokensPerSecond, memoryBytes } = metrics;
        const outcome = { isWorded: true, isRefusal: false, tokensPerSecond, memoryBytes };
        return { when: 'default', outputs, outcome };
      }
      hasText = true;
      yield { type: 'value-delta', name: 'text', text: next.value };
    }
  } catch (error) {
    run.signal.throwIfAborted();
    // Half an answer was shown: the cloud would give another one after it.
    if (hasText || !isEngineError(error) || run.services.isScripted === true) throw error;
    throw needsLead(run.step, 'model-failed', 'the model failed', error);
  }
}

async function* overPassages(
  run: StepRun,
  config: LlmConfig,
  engine: Engine,
  knowledge: FoundKnowledge,
): AsyncGenerator<StepPart, StepResult> {
  const { grounding } = run.services;
  const citations = citationsOf(run);
  const passages = knowledge.ranked.map(({ passage }) => passage);
  let text = '';
  let end: CheckedEnd = { reason: 'stop', metrics: null, raw: '' };
  try {
    const request = await requestOf(run, config, engine);
    const writing = writeChecked(request, { engine, grounding, passages, signal: run.signal });
    for (;;) {
      const next = await writing.next();
      if (next.done === true) {
        end = next.value;
        break;
      }
      const { passage } = next.value;
      const said = text === '' ? next.value.text.trimStart() : next.value.text;
      const cited = citations?.cite(passage, said.trim()) ?? null;
      if (cited?.isNew === true) yield { type: 'citation', citation: cited.citation };
      const piece = cited === null ? said : `${said} [${String(cited.citation.index)}]`;
      text += piece;
      yield { type: 'value-delta', name: 'text', text: piece };
    }
  } catch (error) {
    run.signal.throwIfAborted();
    // The statements so far stand by themselves; without any, the extract is as right as before.
    if (!isEngineError(error)) throw error;
  }
  if (text === '') return yield* extract(run, knowledge);
  const isSeparated = config.reasoning === 'separated';
  return {
    when: 'default',
    outputs: {
      text,
      reasoning_content: isSeparated ? splitReasoning(end.raw).reasoning : '',
      usage: end.metrics === null ? null : usageOf(end.metrics),
      finish_reason: end.reason === 'length' ? 'length' : 'stop',
    },
    outcome: {
      isWorded: true,
      isRefusal: false,
      tokensPerSecond: end.metrics?.tokensPerSecond ?? 0,
      memoryBytes: end.metrics?.memoryBytes ?? 0,
    },
  };
}

/** What `compose` would answer with these passages, as the step's text. */
async function* extract(run: StepRun, knowledge: FoundKnowledge): AsyncGenerator<StepPart, StepResult> {
  const { question, ranked } = knowledge;
  const spans = run.services.retriever.extract(question, ranked);
  if (spans.length === 0) return yield* refusal(run);
  const writing = answerFromPages(run, question, spans, citationsOf(run));
  let text = '';
  for (;;) {
    const next = await writing.next();
    if (next.done === true) {
      const outputs = { text, usage: null, finish_reason: 'stop', reasoning_content: '' };
      return { when: 'default', outputs, outcome: { ...next.value, isRefusal: false } };
    }
    if (next.value.type === 'citation') yield next.value;
    else {
      text += next.value.text;
      yield { type: 'value-delta', name: 'text', text: next.value.text };
    }
  }
}

function* refusal(run: StepRun): Generator<StepPart, StepResult> {
  const text = yield* refuse(run);
  return {
    when: 'default',
    outputs: { text, usage: null, finish_reason: 'stop', reasoning_content: '' },
    outcome: { isWorded: false, isRefusal: true },
  };
}

function isEngineError(error: unknown): error is UnderstudyError {
  return isUnderstudyError(error) && error.code.startsWith('engine/');
}
