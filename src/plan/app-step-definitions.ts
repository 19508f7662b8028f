import type { StepDefinitions } from './step-definitions.ts';
import { answerDefinition } from './steps/answer-step.ts';
import { iterateDefinition } from './steps/iterate-step.ts';
import { leadDefinition } from './steps/lead-step.ts';
import { loopEndDefinition } from './steps/loop-end-step.ts';
import { loopDefinition } from './steps/loop-step.ts';
import { outputDefinition } from './steps/output-step.ts';
import { roundStartDefinition } from './steps/round-start-step.ts';
import { startDefinition } from './steps/start-step.ts';

/** The kinds that version 2 added; loaded when a plan has one of them. */
export const APP_STEP_DEFINITIONS: StepDefinitions = {
  start: startDefinition,
  answer: answerDefinition,
  output: outputDefinition,
  iterate: iterateDefinition,
  loop: loopDefinition,
  'round-start': roundStartDefinition,
  'loop-end': loopEndDefinition,
  lead: leadDefinition,
};
