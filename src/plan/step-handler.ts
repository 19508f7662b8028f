import type { Clock } from '../contracts/clock.ts';
import type { Engine } from '../contracts/engine.ts';
import type { TurnForm } from '../contracts/form.ts';
import type { IntentClassifier } from '../contracts/intent.ts';
import type { JsonObject } from '../contracts/json.ts';
import type { Passage } from '../contracts/passage.ts';
import type { PlanFile, Selector } from '../contracts/plan-configs.ts';
import type { Plan, Step } from '../contracts/plan.ts';
import type { Exchange, ResponderOutcome, ResponderPart } from '../contracts/responder.ts';
import type { GroundingCheck, Retriever } from '../contracts/retrieval.ts';
import type { Sandbox } from '../contracts/sandbox.ts';
import type { TurnRequest } from '../contracts/turn.ts';
import type { FindSlots } from '../text/slots/slot.ts';
import type { CitationList } from './citation-list.ts';
import type { PlanValue } from './plan-value.ts';
import type { WordingStop } from './word-answer.ts';

/** What a visitor made of a form. */
export interface FormAnswer {
  /** Id of the action; `__timeout` when the time ran out. */
  readonly action: string;
  readonly values: JsonObject;
}

/** Variables of the conversation, kept from turn to turn. */
export interface ConversationVariables {
  /** The values that were set so far, by name. */
  read(): Promise<JsonObject>;
  /** Replaces one. Failing to keep it does not fail the turn. */
  write(name: string, value: PlanValue): Promise<void>;
}

/** What a plan may know of the session it runs in. */
export interface SessionFacts {
  /** UUID that lasts until the session is erased. */
  readonly id: string;
  /** Turns that were answered so far. */
  readonly turns: number;
}

/** An answer of a public address. */
export interface PublicResponse {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  /** At most 1 MB. */
  readonly body: string;
}

/** What the interpreter is given besides the plan; everything that does work is injected. */
export interface PlanServices {
  readonly classifier: IntentClassifier;
  readonly retriever: Retriever;
  readonly grounding: GroundingCheck;
  /** The generator if one is ready now, else null: extracts are shown. */
  readonly engine: () => Engine | null;
  readonly clock: Clock;
  /** Null: steps with code or Jinja fail. */
  readonly sandbox?: Sandbox | null;
  /** Null: every turn begins with the values of the plan. */
  readonly conversation?: ConversationVariables | null;
  /** What is known of the session. Null: it has no id, and the history is all of it. */
  readonly session?: (() => Promise<SessionFacts>) | null;
  /** Asks a public address that the owner allowed. Null: `http` steps fail as `plan/needs-lead`. */
  readonly request?:
    | ((
        url: string,
        headers: { readonly [name: string]: string },
        signal: AbortSignal,
      ) => Promise<PublicResponse>)
    | null;
  /** Waits for a form that was shown. Null: `form` steps fail. */
  readonly awaitForm?: ((form: TurnForm, signal: AbortSignal) => Promise<FormAnswer>) | null;
  /** Bytes of a visitor's file. Null: there are none. */
  readonly readFile?: ((file: PlanFile, signal: AbortSignal) => Promise<Uint8Array>) | null;
  /** BCP 47 primary subtags of the languages that pages are written in. Default none: nothing is said of other languages. */
  readonly pageLanguages?: readonly string[];
  /** Finds what a message names, for intents that have slots. Null: nothing is found. */
  readonly findSlots?: FindSlots | null;
  /** Where the owner can be reached: a page, `mailto:` or `tel:`. Default none. */
  readonly contactUrl?: string | null;
  /** In [0, 1). Default Math.random. */
  readonly random?: () => number;
  /**
   * True where engine and retriever are scripted, as in tests of a flow: what they give is taken word for word, and is not held
   * against passages or a local classifier. Default false.
   */
  readonly isScripted?: boolean;
  /** Is told of every step as it runs: for traces. */
  readonly trace?: (event: TraceEvent) => void;
  /** Is told what became of each extract that a generator was to word: for measures. */
  readonly onWording?: (wording: Wording) => void;
}

/** What became of an extract that a generator was to word. */
export interface Wording {
  /** What it was given to word, by citation number from 1. */
  readonly passages: readonly Passage[];
  /** Why it wrote no further; `too-slow`: its first statement did not come in time. */
  readonly stop: WordingStop | 'too-slow' | 'failed';
  /** The statements that were shown; none = the extract was. */
  readonly shown: readonly string[];
  /** False when the extract was shown, or repeated word for word. */
  readonly isNew: boolean;
}

/** What happens while a plan runs, in order. */
export type TraceEvent =
  | { readonly type: 'plan-started' }
  | {
      readonly type: 'step-started';
      readonly step: string;
      readonly kind: string;
      readonly title: string;
      readonly round: number | null;
    }
  | {
      readonly type: 'step-finished';
      readonly step: string;
      readonly when: string;
      readonly outputs: JsonObject;
      readonly elapsedMs: number;
    }
  /** It failed, and the plan goes on as its `onError` says. */
  | { readonly type: 'step-excepted'; readonly step: string; readonly code: string; readonly message: string }
  | { readonly type: 'step-failed'; readonly step: string; readonly code: string; readonly message: string }
  | {
      readonly type: 'step-retried';
      readonly step: string;
      readonly attempt: number;
      readonly message: string;
    }
  | { readonly type: 'step-skipped'; readonly step: string }
  | { readonly type: 'round-started'; readonly step: string; readonly round: number }
  /** A piece of the answer; `from` is the step, or the scope, that it comes from. */
  | { readonly type: 'chunk'; readonly step: string; readonly from: string; readonly text: string }
  | {
      readonly type: 'plan-finished';
      readonly status: 'succeeded' | 'partial-succeeded' | 'failed';
      readonly outputs: JsonObject;
      readonly exceptions: number;
    };

/** The variables of one run of a plan. */
export interface VariablePool {
  /** The value at a selector; undefined when it was never set, or its step was skipped. */
  get(selector: Selector): PlanValue | undefined;
  set(scope: string, name: string, value: PlanValue): void;
}

/** One run of one step. */
export interface StepRun {
  readonly step: Step;
  readonly plan: Plan;
  /** Values of the step's inputs by name; missing ones are undefined. */
  readonly input: (name: string) => PlanValue | undefined;
  readonly pool: VariablePool;
  readonly turn: TurnRequest;
  /** Language of the question, guessed from its text. */
  readonly language: string;
  readonly history: readonly Exchange[];
  readonly services: PlanServices;
  /** The citations of the whole answer, also over rounds. Default: one list for each pool. */
  readonly citations?: CitationList;
  readonly signal: AbortSignal;
  /**
   * Runs the steps that lie in this one, once, from `start`. Only for `iterate` and `loop`.
   * @param scope - Variables of this step's own scope that the round sees.
   * @returns The pool of the round, and whether a `loop-end` step was reached.
   */
  readonly runRound: (
    start: string,
    round: number,
    scope: { readonly [name: string]: PlanValue },
  ) => AsyncGenerator<StepPart, { readonly pool: VariablePool; readonly isBroken: boolean }>;
}

/** What a step leaves behind. */
export interface StepResult {
  /** Name of the outcome; chooses the edges. */
  readonly when: string;
  readonly outputs: { readonly [name: string]: PlanValue };
  /** What this step says of the answer as a whole; later steps win. */
  readonly outcome?: Partial<ResponderOutcome>;
}

/** A part a step may stream; `end` belongs to the interpreter. */
export type StepPart =
  | Exclude<ResponderPart, { type: 'end' } | { type: 'text-replace' }>
  /** The next piece of one of the step's own outputs, for whatever answer shows it. */
  | { readonly type: 'value-delta'; readonly name: string; readonly text: string };

/** Runs one step; asynchronous only where it waits. */
export type StepHandler = (
  run: StepRun,
) => AsyncGenerator<StepPart, StepResult> | Generator<StepPart, StepResult>;

/**
 * What is known of one kind of step.
 *
 * `prepare` checks the step's settings once, when the plan is opened, and gives what runs it.
 * @throws UnderstudyError `plan/invalid`.
 */
export interface StepDefinition {
  readonly prepare: (step: Step, plan: Plan) => StepHandler;
  /** Whether its outcome chooses among its edges: nothing behind it is sure to come. Default false. */
  readonly isBranch?: boolean;
}
