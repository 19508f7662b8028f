import type { StepDefinitions } from './step-definitions.ts';
import { aggregateDefinition } from './steps/aggregate-step.ts';
import { answerDefinition } from './steps/answer-step.ts';
import { assignDefinition } from './steps/assign-step.ts';
import { branchDefinition } from './steps/branch-step.ts';
import { codeDefinition } from './steps/code-step.ts';
import { extractDocumentDefinition } from './steps/extract-document-step.ts';
import { extractParametersDefinition } from './steps/extract-parameters-step.ts';
import { formDefinition } from './steps/form-step.ts';
import { httpDefinition } from './steps/http-step.ts';
import { iterateDefinition } from './steps/iterate-step.ts';
import { knowledgeDefinition } from './steps/knowledge-step.ts';
import { leadDefinition } from './steps/lead-step.ts';
import { listDefinition } from './steps/list-step.ts';
import { llmDefinition } from './steps/llm-step.ts';
import { loopEndDefinition } from './steps/loop-end-step.ts';
import { loopDefinition } from './steps/loop-step.ts';
import { outputDefinition } from './steps/output-step.ts';
import { questionClassifierDefinition } from './steps/question-classifier-step.ts';
import { roundStartDefinition } from './steps/round-start-step.ts';
import { startDefinition } from './steps/start-step.ts';
import { templateDefinition } from './steps/template-step.ts';
import { timeDefinition } from './steps/time-step.ts';

/** The kinds that version 2 added; loaded when a plan has one of them. */
export const APP_STEP_DEFINITIONS: StepDefinitions = {
  start: startDefinition,
  answer: answerDefinition,
  output: outputDefinition,
  llm: llmDefinition,
  knowledge: knowledgeDefinition,
  'question-classifier': questionClassifierDefinition,
  branch: branchDefinition,
  code: codeDefinition,
  template: templateDefinition,
  aggregate: aggregateDefinition,
  assign: assignDefinition,
  'extract-parameters': extractParametersDefinition,
  iterate: iterateDefinition,
  loop: loopDefinition,
  'round-start': roundStartDefinition,
  'loop-end': loopEndDefinition,
  list: listDefinition,
  'extract-document': extractDocumentDefinition,
  http: httpDefinition,
  form: formDefinition,
  time: timeDefinition,
  lead: leadDefinition,
};
