import type { Branding } from '../../src/contracts/bundle.ts';
import type { EngineChoice } from '../../src/contracts/engine-choice.ts';
import type { IntentDefinition } from '../../src/contracts/intent.ts';
import type { LocalizedText } from '../../src/contracts/language.ts';
import type { OwnerChoices } from '../dify/owner-choices.ts';
import type { FlaggedChoice } from '../ingest/examine-document.ts';
import type { SynonymRule } from '../../src/text/synonym-rule.ts';
import type { Source } from '../ingest/source-file.ts';

/** A model that is fetched before it is packed. */
export type RemoteModel =
  /** One of the catalogue; `quantization` null: the form that is chosen for the kernel. */
  | { readonly kind: 'catalogue'; readonly id: string; readonly quantization: string | null }
  /** A GGUF file of a web host. */
  | { readonly kind: 'address'; readonly url: string };

/** A model as it is published for Transformers.js: ONNX files in a folder `onnx`, a tokenizer and configurations around it. */
export interface OnnxModel {
  readonly kind: 'onnx';
  /** What `at` is: a folder on the disk, an id of the catalogue, or the address of a repository of the hub or of a folder elsewhere. */
  readonly origin: 'folder' | 'catalogue' | 'address';
  readonly at: string;
  /** As the name of its ONNX file ends, `q8` for `model_quantized.onnx`, `fp32` for `model.onnx`; null: what WebAssembly runs best. */
  readonly quantization: string | null;
}

/**
 * Which generator, or encoder, goes into the bundle: the one that ships with the package, none, a GGUF file, a published one, or one for
 * Transformers.js.
 */
export type ModelChoice =
  | { readonly kind: 'default' | 'none' }
  | { readonly kind: 'file'; readonly path: string }
  | RemoteModel
  | OnnxModel;

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

/** Where the segments of a dataset come from. */
export type DatasetOrigin =
  /** A folder of pages, or one file of pages or of segments. */
  | { readonly kind: 'source'; readonly source: Source }
  /** An export of segments. */
  | { readonly kind: 'segments'; readonly path: string }
  /** Dify's knowledge API. */
  | { readonly kind: 'pull' };

/** Where the annotations of an app come from. */
export type AnnotationsOrigin = { readonly kind: 'file'; readonly path: string } | { readonly kind: 'pull' };

/** A Dify app that is compiled, and what its export does not hold. */
export interface AppConfig {
  /** The exported app. */
  readonly path: string;
  /** By the dataset's id, as it stands in the export or plain. */
  readonly datasets: ReadonlyMap<string, DatasetOrigin>;
  /** Id of the workspace that encrypted the dataset ids; null: not known. */
  readonly tenant: string | null;
  readonly annotations: AnnotationsOrigin | null;
  /** Base of Dify's API, for pulls. */
  readonly difyUrl: string;
  /** Where the owner overrules the compiler, and the origins that requests of the device may go to. */
  readonly choices: OwnerChoices;
  /** The owner's messages for the classes of question classifiers: by id of the node, then of the class. */
  readonly classes: { readonly [node: string]: { readonly [id: string]: readonly string[] } };
  /** Folder for what was pulled. */
  readonly cache: string;
}

/** What the owner wrote of the brand; null: nothing. */
export interface BrandingChoice {
  readonly title: LocalizedText | null;
  readonly greeting: LocalizedText | null;
  readonly accent: string | null;
  readonly suggestions: Branding['suggestions'] | null;
  readonly contactUrl: string | null;
}

/** Everything a build needs to know, resolved: no field is optional from here on. */
export interface BuildConfig {
  readonly appId: string;
  readonly name: string;
  /** First is the language of last resort; empty: those of the pages. */
  readonly languages: readonly string[];
  readonly sources: readonly Source[];
  readonly intents: IntentsConfig;
  /** Wordings that mean the same to the search. */
  readonly synonyms: readonly SynonymRule[];
  readonly branding: BrandingChoice;
  /** The app whose plan is compiled; null: the plan of a folder of help pages. */
  readonly app: AppConfig | null;
  readonly generator: ModelChoice;
  /** The model that tells which texts mean something alike: the one that ships with the package, none, or a GGUF file. */
  readonly encoder: ModelChoice;
  /** Base of the hub from which models of the catalogue are fetched. */
  readonly modelHub: string;
  /** What the file of a fetched generator must hash to, 64 hexadecimal digits; null: not known. */
  readonly modelSha256: string | null;
  /** Folder for what was fetched. */
  readonly modelCache: string;
  /** Absolute path of the questions on which the generator is measured once it is packed; null: it is not. */
  readonly questionsFile: string | null;
  /** Absolute path of the questions that are expected of visitors; null: there are none. */
  readonly expectedFile: string | null;
  /** Absolute path of the near misses, questions that no page answers; null: there are none. */
  readonly nearMissesFile: string | null;
  /** Null: nothing was said, so the one that the model is for, the kernel for GGUF. */
  readonly runtime: RuntimeChoice | null;
  /** The engines that the page tries, the best first; null = the usual ones. */
  readonly engines: readonly EngineChoice[] | null;
  readonly lead: LeadConfig | null;
  /** What becomes of text that gives orders to a model. */
  readonly flagged: FlaggedChoice;
  /** Absolute paths of the configuration's own files, which are no pages. */
  readonly files: ReadonlySet<string>;
  /** Things to tell the owner, each with its place. */
  readonly remarks: readonly string[];
}
