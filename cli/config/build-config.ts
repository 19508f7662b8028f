import type { Branding } from '../../src/contracts/bundle.ts';
import type { EngineChoice } from '../../src/contracts/engine-choice.ts';
import type { IntentDefinition } from '../../src/contracts/intent.ts';
import type { Source } from '../ingest/read-sources.ts';

/** Which generator goes into the bundle: the one that ships with the package, none, or a GGUF file. */
export type GeneratorChoice =
  { readonly kind: 'default' | 'none' } | { readonly kind: 'file'; readonly path: string };

/**
 * For which runtime the model is written: our kernel, Transformers.js, or both, the second in reserve; `none` where the
 * owner named engines that need neither.
 */
export type RuntimeChoice = 'kernel' | 'transformers' | 'both' | 'none';

/** The cloud agent of the page; printed into the tag, not part of the bundle. */
export interface LeadConfig {
  readonly kind: 'dify' | 'openai';
  readonly baseUrl: string;
  /** Code of a public web app; never an API key. '' when the kind needs none. */
  readonly appCode: string;
}

/** The owner's intents with the messages to train them on. */
export interface IntentsConfig {
  readonly definitions: readonly IntentDefinition[];
  /** Training messages by intent id. */
  readonly examples: { readonly [id: string]: readonly string[] };
  /** Messages that are none of them. */
  readonly none: readonly string[];
}

/** Everything a build needs to know, resolved: no field is optional from here on. */
export interface BuildConfig {
  readonly appId: string;
  readonly name: string;
  /** First is the language of last resort; empty: those of the pages. */
  readonly languages: readonly string[];
  readonly sources: readonly Source[];
  readonly intents: IntentsConfig;
  readonly branding: Branding;
  readonly generator: GeneratorChoice;
  readonly runtime: RuntimeChoice;
  /** The engines that the page tries, the best first; null = the usual ones. */
  readonly engines: readonly EngineChoice[] | null;
  readonly lead: LeadConfig | null;
  /** Absolute paths of the configuration's own files, which are no pages. */
  readonly files: ReadonlySet<string>;
  /** Things to tell the owner, each with its place. */
  readonly remarks: readonly string[];
}
