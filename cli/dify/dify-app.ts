import type { SourcePlace } from '../ingest/source-error.ts';
import type { FormField } from '../../src/contracts/plan-configs.ts';
import type { Moderation, PlanVariable } from '../../src/contracts/plan.ts';

/** The newest version of Dify's export format that is read. */
export const NEWEST_DSL_VERSION = '0.6.0';

/** Modes of Dify's apps. */
export const DIFY_MODES = ['advanced-chat', 'workflow', 'chat', 'agent-chat', 'completion'] as const;

/** A mode of a Dify app. */
export type DifyMode = (typeof DIFY_MODES)[number];

/** Types of nodes in exports of all versions; older names are normalized to these. */
export const DIFY_NODE_TYPES = [
  'start',
  'end',
  'answer',
  'llm',
  'knowledge-retrieval',
  'question-classifier',
  'if-else',
  'code',
  'template-transform',
  'variable-aggregator',
  'assigner',
  'parameter-extractor',
  'iteration',
  'iteration-start',
  'loop',
  'loop-start',
  'loop-end',
  'list-operator',
  'document-extractor',
  'http-request',
  'tool',
  'agent',
  'human-input',
  'trigger-webhook',
  'trigger-schedule',
  'trigger-plugin',
  'datasource',
  'datasource-empty',
  'knowledge-index',
] as const;

/** A type of node. */
export type DifyNodeType = (typeof DIFY_NODE_TYPES)[number];

/** Settings as they stand in the file: nothing about them is known. */
export type DifyData = { readonly [key: string]: unknown };

/** One node of the graph. */
export interface DifyNode {
  readonly id: string;
  readonly type: DifyNodeType;
  readonly title: string;
  readonly data: DifyData;
  /** The iteration or loop it lies in, null at the top. */
  readonly parent: string | null;
  readonly place: SourcePlace;
  /** Place of one of its settings, or of the nearest that exists. */
  readonly placeOf: (...path: readonly (string | number)[]) => SourcePlace;
  /** Why it needs the cloud whatever its type; null when its type decides. */
  readonly needsCloud: string | null;
  /** Where it is drawn, relative to its parent; null when the file does not say. */
  readonly position: { readonly x: number; readonly y: number } | null;
}

/** One edge of the graph; both ends exist and lie in the same container. */
export interface DifyEdge {
  readonly source: string;
  /** `source` for nodes that do not branch. */
  readonly handle: string;
  readonly target: string;
  readonly place: SourcePlace;
}

/** Something the owner should know; the app is compiled all the same. */
export interface DifyRemark {
  readonly place: SourcePlace;
  /** Id of the node it is about, null when it is about the app. */
  readonly node: string | null;
  readonly what: string;
}

/** Something that was in the file and stays out of the bundle. Its value is nowhere. */
export interface LeftOut {
  readonly place: SourcePlace;
  readonly node: string | null;
  /** What it is: `the API key of the request`. */
  readonly what: string;
}

/** A variable of the environment. */
export interface DifyEnvironmentVariable {
  readonly name: string;
  /** Null: it is a secret and stays out. */
  readonly variable: PlanVariable | null;
  readonly place: SourcePlace;
}

/** What an app shows beside its answers. */
export interface DifyFeatures {
  readonly openingStatement: string;
  readonly suggestedQuestions: readonly string[];
  readonly suggestsQuestionsAfterAnswer: boolean;
  readonly showsCitations: boolean;
  readonly moderation: Moderation | null;
  /** Whether the app answers annotated questions; the annotations themselves are never exported. */
  readonly hasAnnotations: boolean;
  readonly fileUpload: {
    readonly isEnabled: boolean;
    readonly types: readonly string[];
    readonly extensions: readonly string[];
    readonly limit: number;
  };
}

/** A checked Dify app of any version and mode; simple apps are given the graph that does what they do. */
export interface DifyApp {
  readonly file: string;
  readonly mode: DifyMode;
  readonly name: string;
  readonly description: string;
  readonly icon: string;
  readonly iconBackground: string | null;
  /** Version of the export format, `0.1.0` when the file names none. */
  readonly version: string;
  readonly nodes: readonly DifyNode[];
  readonly edges: readonly DifyEdge[];
  /** Id of the node every run begins with. */
  readonly start: string;
  readonly fields: readonly FormField[];
  readonly environment: readonly DifyEnvironmentVariable[];
  readonly conversation: readonly PlanVariable[];
  readonly features: DifyFeatures;
  readonly remarks: readonly DifyRemark[];
  readonly leftOut: readonly LeftOut[];
}
