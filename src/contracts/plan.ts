import type { Json, JsonObject } from './json.ts';
import type { Selector, ValueType } from './plan-configs.ts';

/** Version of the plan format this release writes; see docs/formats/plan.md. */
export const PLAN_VERSION = 2;

/** Most steps a plan may hold. */
export const MAX_PLAN_STEPS = 2000;

/** Where a step runs: on the device, or only with the cloud agent. */
export type StepSite = 'edge' | 'lead';

/** Where an input of a step comes from: a variable of an earlier step (or of a reserved scope), or a constant. */
export type Binding = { readonly from: Selector } | { readonly value: Json };

/**
 * The way from a step to the next: all edges whose `when` is the step's outcome are taken, side by side; when there is none, those
 * named `default`. The others are skipped, and so is what can be reached by skipped edges alone.
 */
export interface PlanEdge {
  readonly when: string;
  readonly to: string;
}

/** Kinds of steps that this release knows, those of version 1 first; a reader refuses kinds it does not know. */
export const STEP_KINDS = [
  'classify',
  'reply',
  'retrieve',
  'compose',
  'handoff',
  'end',
  // Of version 2; their settings are in plan-configs.ts.
  'start',
  'answer',
  'output',
  'llm',
  'knowledge',
  'question-classifier',
  'branch',
  'code',
  'template',
  'aggregate',
  'assign',
  'extract-parameters',
  'iterate',
  'loop',
  'round-start',
  'loop-end',
  'list',
  'extract-document',
  'http',
  'form',
  'time',
  'lead',
] as const;

/** A kind of step. */
export type StepKind = (typeof STEP_KINDS)[number];

/** Kinds that version 1 knew. */
export const STEP_KINDS_1: readonly StepKind[] = STEP_KINDS.slice(0, 6);

/** Scopes that are no steps. */
export const RESERVED_SCOPES: ReadonlySet<string> = new Set([
  'turn',
  'session',
  'sys',
  'env',
  'conversation',
  'context',
  'file',
]);

/** What happens when a step fails, after its retries: `branch` follows the edges named `fail-branch`, `defaults` goes on with values. */
export type OnError =
  { readonly kind: 'branch' } | { readonly kind: 'defaults'; readonly values: JsonObject };

/** How often a failed step is tried again. */
export interface Retry {
  /** 1 to 10. */
  readonly times: number;
  /** Between tries, in ms, 0 to 10,000. */
  readonly intervalMs: number;
}

/** One node of a plan. */
export interface Step {
  /** Unique in the plan, none of the reserved scopes. */
  readonly id: string;
  readonly kind: StepKind;
  readonly site: StepSite;
  readonly inputs: { readonly [name: string]: Binding };
  /** Names of the variables the step sets, in its own scope. */
  readonly outputs: readonly string[];
  readonly edges: readonly PlanEdge[];
  /** Settings of the kind; see docs/formats/plan.md. */
  readonly config: JsonObject;
  /** Name the owner gave it, for traces and reports. Default ''. */
  readonly title: string;
  /** The `iterate` or `loop` step it runs in, null at the top. */
  readonly parent: string | null;
  /** Null: the plan fails. */
  readonly onError: OnError | null;
  readonly retry: Retry | null;
}

/** A variable of the conversation, or a constant of the environment. Secrets are never in a plan. */
export interface PlanVariable {
  readonly name: string;
  readonly type: ValueType;
  readonly value: Json;
}

/** Words that end a turn with an answer of the owner's. */
export interface Moderation {
  /** In lower case. */
  readonly keywords: readonly string[];
  /** Said in place of an answer to a message that holds a keyword; null = messages are not looked at. */
  readonly onInput: string | null;
  /** Said in place of an answer that holds a keyword; null = answers are not looked at. */
  readonly onOutput: string | null;
}

/** A compiled agent in closed form. */
export interface Plan {
  readonly format: 'understudy/plan';
  readonly version: 2;
  /** Id of the app it was compiled from. */
  readonly appId: string;
  /** `chat`: every turn gives an answer; `workflow`: it gives named results, shown as text. */
  readonly mode: 'chat' | 'workflow';
  readonly start: string;
  readonly steps: readonly Step[];
  readonly conversation: readonly PlanVariable[];
  readonly environment: readonly PlanVariable[];
  readonly moderation: Moderation | null;
  /** Questions that are answered word for word: the app's annotations. */
  readonly annotations: readonly { readonly question: string; readonly answer: string }[];
  /** Whether citations are shown. */
  readonly showsCitations: boolean;
  /** Said where a step needs the cloud while it is away; null = the built-in text. */
  readonly needsLeadText: string | null;
  /** Names of public hosts, in lower case, that `http` steps may ask. Default none. */
  readonly allowedHosts?: readonly string[];
}
