import { UnderstudyError } from './errors.ts';
import { isInteger, isRecord, isStringArray } from './json.ts';

/**
 * A fact with where it stands, or `unknown` where no source that was read states it.
 *
 * `from` holds one or more citations `SOURCE:PLACE`: the id of a {@link CatalogueSource} and the place inside it.
 * `derived` says how the value follows from what is cited; it is missing where the source states the value itself.
 */
export type Fact<Value> =
  'unknown' | { readonly value: Value; readonly from: readonly string[]; readonly derived?: string };

/** Something published that facts are taken from, at one version. */
export interface CatalogueSource {
  readonly id: string;
  readonly title: string;
  /** Version of a package, or the commit of a repository. */
  readonly version: string;
  /** An `https:` address of exactly this version. */
  readonly address: string;
}

export const MODEL_TASKS = ['chat', 'encoder'] as const;
/** What a model is for: writing answers, or turning text into vectors. */
export type ModelTask = (typeof MODEL_TASKS)[number];

export const FORMAT_KINDS = ['gguf', 'onnx', 'mlc', 'built-in'] as const;
/** How weights are published: GGUF file, ONNX graph, compiled by MLC, or part of the browser. */
export type FormatKind = (typeof FORMAT_KINDS)[number];

export const COMMERCIAL_USES = ['yes', 'no'] as const;
export type CommercialUse = (typeof COMMERCIAL_USES)[number];

/** One published form of a model. */
export interface ModelFormat {
  readonly kind: FormatKind;
  /** `owner/name` on the Hugging Face hub. */
  readonly repository: Fact<string>;
  /** Where the file is when it is in no such repository; an `https:` address. */
  readonly address: Fact<string>;
  /** A file of the repository. */
  readonly file: Fact<string>;
  /** As the format names it: `Q8_0`, `Q4_K_M`, `q8`, `q4f16_1`. */
  readonly quantization: Fact<string>;
  readonly sizeBytes: Fact<number>;
  /** Memory of the graphics processor while it runs, in units of 10^6 bytes. */
  readonly memoryMB: Fact<number>;
  /** Features of WebGPU without which it does not run. */
  readonly requires: Fact<readonly string[]>;
  /** Tokens of context in this form, where it is less than what the model was trained for. */
  readonly context: Fact<number>;
}

/** A published model. */
export interface CatalogueModel {
  /** Name of its repository without the owner, in lower case; unique. */
  readonly id: string;
  readonly name: Fact<string>;
  readonly family: Fact<string>;
  readonly publisher: Fact<string>;
  readonly task: Fact<ModelTask>;
  /** Number of weights. */
  readonly parameters: Fact<number>;
  /** Type of model in its `config.json`; `llama`, `qwen2` and `bert` are called the same in GGUF. */
  readonly architecture: Fact<string>;
  readonly layers: Fact<number>;
  /** Length of the vector of a token. */
  readonly width: Fact<number>;
  readonly heads: Fact<number>;
  readonly kvHeads: Fact<number>;
  /** Most tokens it was trained to read. */
  readonly context: Fact<number>;
  readonly vocabulary: Fact<number>;
  /** Codes of ISO 639, sorted. */
  readonly languages: Fact<readonly string[]>;
  /** An SPDX identifier, or the hub's tag of a license that has none. */
  readonly licence: Fact<string>;
  /** Whether the license allows commercial use; `unknown` also where its terms were not read. */
  readonly commercialUse: Fact<CommercialUse>;
  readonly formats: readonly ModelFormat[];
}

/** A list of published models; see docs/models.md. */
export interface ModelCatalogue {
  readonly format: 1;
  readonly sources: readonly CatalogueSource[];
  /** Sorted by id. */
  readonly models: readonly CatalogueModel[];
}

/**
 * Accepts a catalogue: sources and models sorted by unique ids, every field a cited fact or `unknown`, no field that is
 * not known.
 * @throws UnderstudyError `catalogue/invalid` with the place, such as `models[3].layers`, in `facts`.
 */
export function parseModelCatalogue(value: unknown): ModelCatalogue {
  const root = record(value, 'catalogue', ['format', 'sources', 'models']);
  if (root['format'] !== 1) refuse('format', 'is not 1');
  const sources = list(root['sources'], 'sources', parseSource);
  ascending(sources, 'sources');
  const parser = new FactParser(new Set(sources.map(({ id }) => id)));
  const models = list(root['models'], 'models', (item, place) => parseModel(parser, item, place));
  ascending(models, 'models');
  return { format: 1, sources, models };
}

function parseSource(value: unknown, place: string): CatalogueSource {
  const source = record(value, place, ['id', 'title', 'version', 'address']);
  const address = text(source['address'], `${place}.address`);
  if (!isWebAddress(address)) refuse(`${place}.address`, 'is no https address');
  return {
    id: identifier(source['id'], `${place}.id`),
    title: text(source['title'], `${place}.title`),
    version: text(source['version'], `${place}.version`),
    address,
  };
}

const MODEL_FIELDS = [
  ...['id', 'name', 'family', 'publisher', 'task', 'parameters', 'architecture', 'layers', 'width', 'heads'],
  ...['kvHeads', 'context', 'vocabulary', 'languages', 'licence', 'commercialUse', 'formats'],
];

function parseModel(parser: FactParser, value: unknown, place: string): CatalogueModel {
  const model = record(value, place, MODEL_FIELDS);
  const fact = <Value>(field: string, accept: Accept<Value>): Fact<Value> =>
    parser.parse(model[field], `${place}.${field}`, accept);
  const formats = list(model['formats'], `${place}.formats`, (item, at) => parseFormat(parser, item, at));
  if (formats.length === 0) refuse(`${place}.formats`, 'is empty');
  return {
    id: identifier(model['id'], `${place}.id`),
    name: fact('name', acceptText),
    family: fact('family', acceptText),
    publisher: fact('publisher', acceptText),
    task: fact('task', (item) => MODEL_TASKS.find((task) => task === item)),
    parameters: fact('parameters', acceptCount),
    architecture: fact('architecture', acceptText),
    layers: fact('layers', acceptCount),
    width: fact('width', acceptCount),
    heads: fact('heads', acceptCount),
    kvHeads: fact('kvHeads', acceptCount),
    context: fact('context', acceptCount),
    vocabulary: fact('vocabulary', acceptCount),
    languages: fact('languages', acceptLanguages),
    licence: fact('licence', acceptText),
    commercialUse: fact('commercialUse', (item) => COMMERCIAL_USES.find((use) => use === item)),
    formats,
  };
}

const FORMAT_FIELDS = [
  ...[
    'kind',
    'repository',
    'address',
    'file',
    'quantization',
    'sizeBytes',
    'memoryMB',
    'requires',
    'context',
  ],
];

function parseFormat(parser: FactParser, value: unknown, place: string): ModelFormat {
  const format = record(value, place, FORMAT_FIELDS);
  const kind = FORMAT_KINDS.find((candidate) => candidate === format['kind']);
  if (kind === undefined) return refuse(`${place}.kind`, `is none of ${FORMAT_KINDS.join(', ')}`);
  const fact = <Value>(field: string, accept: Accept<Value>): Fact<Value> =>
    parser.parse(format[field], `${place}.${field}`, accept);
  return {
    kind,
    repository: fact('repository', (item) =>
      typeof item === 'string' && /^[\w.-]+\/[\w.-]+$/.test(item) ? item : undefined,
    ),
    address: fact('address', (item) => (typeof item === 'string' && isWebAddress(item) ? item : undefined)),
    file: fact('file', acceptText),
    quantization: fact('quantization', acceptText),
    sizeBytes: fact('sizeBytes', acceptCount),
    memoryMB: fact('memoryMB', (item) =>
      typeof item === 'number' && Number.isFinite(item) && item > 0 ? item : undefined,
    ),
    requires: fact('requires', (item) => (isStringArray(item) && item.length > 0 ? item : undefined)),
    context: fact('context', acceptCount),
  };
}

/** Gives the value when it is one, undefined when it is none. */
type Accept<Value> = (value: unknown) => Value | undefined;

const acceptText: Accept<string> = (value) =>
  typeof value === 'string' && value.trim() === value && value !== '' ? value : undefined;
const acceptCount: Accept<number> = (value) => (isInteger(value, 1) ? value : undefined);
const acceptLanguages: Accept<readonly string[]> = (value) => {
  if (!isStringArray(value) || value.length === 0) return undefined;
  const isSorted = value.every((code, index) => index === 0 || (value[index - 1] ?? '') < code);
  return isSorted && value.every((code) => /^[a-z]{2,3}$/.test(code)) ? value : undefined;
};

/** Parses facts whose citations name one of the sources. */
class FactParser {
  readonly #sources: ReadonlySet<string>;

  constructor(sources: ReadonlySet<string>) {
    this.#sources = sources;
  }

  parse<Value>(value: unknown, place: string, accept: Accept<Value>): Fact<Value> {
    if (value === 'unknown') return value;
    const fact = record(value, place, ['value', 'from', 'derived']);
    const accepted = accept(fact['value']);
    if (accepted === undefined) return refuse(place, 'has a value that it cannot have');
    const { from, derived } = fact;
    if (!isStringArray(from) || from.length === 0) return refuse(place, 'cites no source');
    for (const citation of from) {
      const [, source = ''] = /^([a-z0-9-]+):./.exec(citation) ?? [];
      if (!this.#sources.has(source)) refuse(place, `cites "${citation}", which names no source of the list`);
    }
    if (derived === undefined) return { value: accepted, from };
    return { value: accepted, from, derived: text(derived, `${place}.derived`) };
  }
}

function record(value: unknown, place: string, fields: readonly string[]): Record<string, unknown> {
  if (!isRecord(value)) return refuse(place, 'is no object');
  const stranger = Object.keys(value).find((key) => !fields.includes(key));
  return stranger === undefined ? value : refuse(`${place}.${stranger}`, 'is no field that is known');
}

function list<Item>(
  value: unknown,
  place: string,
  parse: (item: unknown, place: string) => Item,
): readonly Item[] {
  if (!Array.isArray(value)) return refuse(place, 'is no list');
  return value.map((item: unknown, index) => parse(item, `${place}[${index}]`));
}

function text(value: unknown, place: string): string {
  return acceptText(value) ?? refuse(place, 'is no text');
}

function identifier(value: unknown, place: string): string {
  const id = text(value, place);
  return /^[a-z0-9][a-z0-9._-]*$/.test(id) ? id : refuse(place, 'is no id of small letters and digits');
}

function ascending(items: readonly { readonly id: string }[], place: string): void {
  items.forEach(({ id }, index) => {
    if (index > 0 && (items[index - 1]?.id ?? '') >= id)
      refuse(`${place}[${index}].id`, 'is not sorted, or there twice');
  });
}

function isWebAddress(value: string): boolean {
  return URL.canParse(value) && new URL(value).protocol === 'https:';
}

function refuse(place: string, what: string): never {
  throw new UnderstudyError('catalogue/invalid', `In the catalogue of models, ${place} ${what}.`, {
    facts: { place },
  });
}
