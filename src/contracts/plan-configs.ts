import type { Json, JsonObject } from './json.ts';

/*
 * Settings of the kinds of steps that plan version 2 added, as `understudy build` writes them and the interpreter reads them.
 * What comes from a bundle is checked by the kind's own reader in src/plan before the first turn.
 */

/** Where a value lies: a scope (the id of a step, or a reserved one), a variable of it, and names within that value. */
export type Selector = readonly [scope: string, name: string, ...path: string[]];

/** Text with values in it: pieces of text, and places whose value is put in. */
export type Template = readonly (string | { readonly from: Selector })[];

/** Declared types of variables, in the words of Dify's exports. */
export const VALUE_TYPES = [
  'string',
  'number',
  'integer',
  'float',
  'boolean',
  'object',
  'file',
  'secret',
  'any',
  'array',
  'array[string]',
  'array[number]',
  'array[object]',
  'array[boolean]',
  'array[file]',
  'array[any]',
  'none',
] as const;

/** A declared type of a variable. */
export type ValueType = (typeof VALUE_TYPES)[number];

/** A file that a visitor gave. Its bytes are not in the plan's values: they are read by `id`. */
export interface PlanFile {
  readonly kind: 'file';
  readonly id: string;
  readonly name: string;
  /** `image`, `document`, `audio`, `video` or `custom`. */
  readonly type: string;
  readonly sizeBytes: number;
  /** With its dot, in lower case; '' when there is none. */
  readonly extension: string;
  readonly mimeType: string;
  /** Address of a remote file, '' for one from the device. */
  readonly url: string;
}

/** One field of a form that a visitor fills in. */
export interface FormField {
  /** Name of the variable. */
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'paragraph' | 'select' | 'number' | 'checkbox' | 'file' | 'file-list' | 'json';
  readonly isRequired: boolean;
  /** Longest text in UTF-16 code units, most files of a list; null = the limits of the product. */
  readonly maxLength: number | null;
  /** Of `select`, else empty. */
  readonly options: readonly string[];
  readonly default: Json;
}

/** `start`: the variables of the app, from the visitor's form. */
export interface StartConfig {
  readonly fields: readonly FormField[];
}

/** `answer`: says a text in which values stand; streams them as they come. */
export interface AnswerConfig {
  readonly template: Template;
}

/** `output`: results of a workflow by name. */
export interface OutputConfig {
  readonly outputs: readonly { readonly name: string; readonly from: Selector }[];
}

/** One message of a prompt. */
export interface PlanMessage {
  readonly role: 'system' | 'user' | 'assistant';
  /** Either a template, or the source of a Jinja template over the step's inputs. */
  readonly text: Template | { readonly jinja: string };
}

/** Earlier exchanges in a prompt. */
export interface PlanMemory {
  /** Most messages; null = as many as the context holds, at most 500. */
  readonly window: number | null;
  /** The visitor's message of this turn; null = the message as it was sent. */
  readonly query: Template | null;
  /** Words for the two sides, in prompts that are one text. */
  readonly roles: { readonly user: string; readonly assistant: string } | null;
}

/** `llm`: has the model write. Outputs `text`, `usage`, `finish_reason`, `reasoning_content`, `structured_output`. */
export interface LlmConfig {
  readonly messages: readonly PlanMessage[];
  /** The prompt is one text: `#histories#` and `{{#sys.query#}}` belong in it. */
  readonly isCompletion: boolean;
  readonly memory: PlanMemory | null;
  /** What `{{#context#}}` stands for: a list of passages, or a text. It is bound as `["context", "text"]` in templates. */
  readonly context: Selector | null;
  /** Files to look at. */
  readonly vision: Selector | null;
  readonly schema: JsonObject | null;
  readonly maxTokens: number | null;
  readonly temperature: number | null;
  readonly topP: number | null;
  readonly stop: readonly string[];
  /** `separated` takes `<think>…</think>` out of `text` into `reasoning_content`. */
  readonly reasoning: 'tagged' | 'separated';
}

/** `knowledge`: passages of some collections. Outputs `result`, a list of objects in Dify's shape, and `passages`. */
export interface KnowledgeConfig {
  readonly query: Selector;
  /** Names of sources of the bundle; empty = all. */
  readonly collections: readonly string[];
  /** Most passages, 1 to 50. */
  readonly limit: number;
  /** Least confidence in [0, 1], null = the bundle's own gate. */
  readonly threshold: number | null;
  /** Conditions on the metadata of passages; null = none. */
  readonly filter: { readonly mode: 'all' | 'any'; readonly conditions: readonly Condition[] } | null;
}

/** `question-classifier`: which class a message belongs to. Outcome: the class's id, or `unsure`. */
export interface QuestionClassifierConfig {
  readonly query: Selector;
  readonly classes: readonly {
    readonly id: string;
    readonly name: string;
    readonly label: string;
    /** Messages of the class that the owner gave. Default none. */
    readonly examples?: readonly string[];
  }[];
  readonly instruction: Template | null;
}

/** Operators of conditions, in the words of Dify's exports. */
export const CONDITION_OPERATORS = [
  'contains',
  'not contains',
  'start with',
  'end with',
  'is',
  'is not',
  'empty',
  'not empty',
  'in',
  'not in',
  'all of',
  '=',
  '≠',
  '>',
  '<',
  '≥',
  '≤',
  'null',
  'not null',
  'exists',
  'not exists',
  'before',
  'after',
] as const;

/** An operator of a condition. */
export type ConditionOperator = (typeof CONDITION_OPERATORS)[number];

/** A comparison of a variable with a value. */
export interface Condition {
  readonly from: Selector;
  readonly operator: ConditionOperator;
  /** Text is a template; null where the operator takes no value. */
  readonly value: Template | { readonly value: Json } | null;
  /** Conditions on each file of a list of files, in place of the value. Their `from` is `["file", key]`. */
  readonly files: { readonly mode: 'all' | 'any'; readonly conditions: readonly Condition[] } | null;
}

/** A set of conditions of which all, or any one, must hold. */
export interface ConditionSet {
  readonly mode: 'all' | 'any';
  readonly conditions: readonly Condition[];
}

/** `branch`: the first case that holds. Outcome: the case's id, or `false`. */
export interface BranchConfig {
  readonly cases: readonly (ConditionSet & { readonly id: string })[];
}

/** The declared shape of an output. */
export interface OutputShape {
  readonly type: ValueType;
  /** Of objects and lists of objects; null = anything. */
  readonly children: { readonly [name: string]: OutputShape } | null;
}

/** `code`: runs the owner's code over the step's inputs in a sandbox. */
export interface CodeConfig {
  readonly language: 'javascript' | 'python';
  /** Which interpreter runs it: `quickjs` for JavaScript; `micropython`, or `pyodide` where that does not suffice, for Python. */
  readonly runtime: 'quickjs' | 'micropython' | 'pyodide';
  readonly source: string;
  readonly outputs: { readonly [name: string]: OutputShape };
}

/** `template`: renders a Jinja template over the step's inputs. Outputs `output`. */
export interface TemplateConfig {
  readonly source: string;
}

/** `aggregate`: the first of several variables that is set. Outputs `output`, or one object a group: `{output}`. */
export interface AggregateConfig {
  readonly isGrouped: boolean;
  readonly groups: readonly {
    readonly name: string;
    readonly type: ValueType;
    readonly from: readonly Selector[];
  }[];
}

/** What an assignment does with its variable. */
export type AssignOperation =
  | 'over-write'
  | 'clear'
  | 'append'
  | 'extend'
  | 'set'
  | '+='
  | '-='
  | '*='
  | '/='
  | 'remove-first'
  | 'remove-last';

/** `assign`: changes variables of the conversation or of the loop it stands in. */
export interface AssignConfig {
  readonly items: readonly {
    readonly to: Selector;
    readonly operation: AssignOperation;
    readonly value: { readonly from: Selector } | { readonly value: Json } | null;
  }[];
}

/** One parameter that is sought in a message. */
export interface ParameterDefinition {
  readonly name: string;
  readonly type: ValueType | 'select';
  readonly description: string;
  readonly options: readonly string[];
  readonly isRequired: boolean;
}

/** `extract-parameters`: finds values in a message. Outputs them, `__is_success` (1 or 0) and `__reason`. */
export interface ExtractParametersConfig {
  readonly query: Selector;
  readonly parameters: readonly ParameterDefinition[];
  readonly instruction: Template | null;
}

/** `iterate`: runs its steps once for each element. Outputs `output`. Within: `[id, "item"]`, `[id, "index"]`. */
export interface IterateConfig {
  readonly items: Selector;
  /** What each round gives. */
  readonly output: Selector;
  /** First step of a round. */
  readonly start: string;
  /** Rounds at once, 1 to 10. */
  readonly parallel: number;
  readonly onError: 'fail' | 'null' | 'drop';
  readonly isFlattened: boolean;
}

/** `loop`: runs its steps again and again. Outputs its variables and `loop_round`. Within: `[id, name]`. */
export interface LoopConfig {
  /** Most rounds, 1 to 1000. */
  readonly rounds: number;
  readonly variables: readonly {
    readonly name: string;
    readonly type: ValueType;
    readonly value: { readonly from: Selector } | { readonly value: Json };
  }[];
  /** Ends the loop, tried before the first round and after each; null = only the count does. */
  readonly until: ConditionSet | null;
  readonly start: string;
}

/** `list`: filters, orders and cuts a list. Outputs `result`, `first_record`, `last_record`. */
export interface ListConfig {
  readonly from: Selector;
  readonly filter: ConditionSet | null;
  /** Key of files, '' for plain values. */
  readonly order: { readonly key: string; readonly isDescending: boolean } | null;
  /** Position of the one element to take, from 1; a template of a number. */
  readonly take: Template | null;
  readonly limit: number | null;
}

/** `extract-document`: the text of a file, or of each file of a list. Outputs `text`. */
export interface ExtractDocumentConfig {
  readonly from: Selector;
  readonly isList: boolean;
}

/** `http`: a GET of a public address that the owner allowed. Outputs `status_code`, `body`, `headers`, `files`. */
export interface HttpConfig {
  readonly url: Template;
  readonly headers: readonly { readonly name: string; readonly value: Template }[];
  readonly params: readonly { readonly name: string; readonly value: Template }[];
  readonly timeoutMs: number;
}

/** `form`: asks the visitor to fill in a form. Outcome: id of the action, or `__timeout`. */
export interface FormConfig {
  /** Text above the fields; `{{#$output.NAME#}}` marks where a field stands. */
  readonly content: Template;
  readonly fields: readonly FormField[];
  readonly actions: readonly { readonly id: string; readonly label: string; readonly style: string }[];
  /** null = waits as long as the page is open. */
  readonly timeoutMs: number | null;
}

/** `time`: date and time now. Outputs `text`. */
export interface TimeConfig {
  /** As of strftime. */
  readonly format: string;
  /** IANA name; 'UTC' when none. */
  readonly timeZone: string;
}

/** `lead`: something that only the cloud does; fails as `plan/needs-lead` on the device. */
export interface LeadConfig {
  /** What it is, in the owner's words, for the report: `tool "google_search"`. */
  readonly what: string;
}
