import type { EngineChoice } from './engine-choice.ts';
import { parseEngineChoices } from './engine-choice.ts';
import type { ModelAbility } from './engine.ts';
import { UnderstudyError } from './errors.ts';
import { parseFormFields } from './form.ts';
import { isInteger, isRecord, isStringArray } from './json.ts';
import type { LocalizedText } from './language.ts';
import type { FormField } from './plan-configs.ts';

/** Version of the bundle format this release reads and writes; see docs/formats/bundle.md. */
export const BUNDLE_VERSION = 1;

/** Name of the manifest in the bundle folder. */
export const MANIFEST_FILE = 'manifest.json';
/** Name of the chunk list in the bundle folder. */
export const CHUNKS_FILE = 'chunks.json';

/** Longest manifest a client reads, in bytes. */
export const MAX_MANIFEST_BYTES: number = 256 * 1024;
/** Longest chunk list a client reads, in bytes. */
export const MAX_CHUNKS_FILE_BYTES: number = 8 * 1024 * 1024;
/** Longest chunk a client reads, in bytes after decoding. */
export const MAX_CHUNK_BYTES: number = 1024 * 1024;

/** When an artifact is needed: to answer at all, or only to find and word answers better (fetched later, if at all). */
export type ArtifactNeed = 'answer' | 'wording';

/** One file reassembled from chunks. */
export interface ArtifactEntry {
  /** `plan`, `intents`, `passages`, `index`, `model`, `tokenizer`, `encoder`, `vectors`, … */
  readonly role: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** Lower-case hex digest of the whole artifact. */
  readonly sha256: string;
  readonly need: ArtifactNeed;
}

/** What the widget shows of the owner's brand. */
export interface Branding {
  readonly title: LocalizedText;
  readonly greeting: LocalizedText;
  /** CSS color `#rrggbb`. */
  readonly accent: string | null;
  /** Questions offered at the start. */
  readonly suggestions: { readonly [language: string]: readonly string[] };
  /** Page with other ways to reach people, null when there is none. */
  readonly contactUrl: string | null;
}

/** What the bundle says of its generator. */
export interface GeneratorEntry {
  /** Name of the model. */
  readonly name: string;
  readonly ability: ModelAbility;
}

/** The list of what a bundle holds; becomes a TUF target when bundles are signed. */
export interface Manifest {
  readonly format: 'understudy/manifest';
  readonly version: 1;
  readonly appId: string;
  /** Number of this release; versions only go up. */
  readonly release: number;
  readonly createdAt: string;
  readonly languages: readonly string[];
  readonly branding: Branding;
  readonly artifacts: { readonly [name: string]: ArtifactEntry };
  /** The engines to try, the best first; absent where the owner named none. */
  readonly engines?: readonly EngineChoice[];
  /** Absent where the bundle brings no model, or does not say: it can only quote. */
  readonly generator?: GeneratorEntry;
  /** What the visitor fills in before the first turn; absent where the app asks nothing. */
  readonly form?: readonly FormField[];
  /** Digest and length of chunks.json, so that both always belong together. */
  readonly chunks: { readonly sha256: string; readonly sizeBytes: number };
  /** Place of the owner's update policy (grace, expiry); null until bundles are signed. */
  readonly policy: null;
}

/** One chunk of an artifact. */
export interface ChunkEntry {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** How the bytes of one artifact lie in the bundle folder. */
export interface ChunkedArtifact {
  /** How chunk and whole files are stored on the host; digests are of the decoded bytes. */
  readonly encoding: 'identity' | 'gzip';
  /** True when `files/ab/<sha256 of the artifact>` holds it as one file, for first visits. */
  readonly hasWholeFile: boolean;
  readonly chunks: readonly ChunkEntry[];
}

/** The chunk list of a bundle. */
export interface ChunkList {
  readonly format: 'understudy/chunks';
  readonly version: 1;
  readonly artifacts: { readonly [name: string]: ChunkedArtifact };
}

const MAX_GENERATOR_NAME = 200;
const SHA256 = /^[0-9a-f]{64}$/;
const ARTIFACT_NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;
const ACCENT = /^#[0-9a-f]{6}$/i;

function isSha256(value: unknown): value is string {
  return typeof value === 'string' && SHA256.test(value);
}

function invalidManifest(what: string): UnderstudyError {
  return new UnderstudyError('bundle/manifest-invalid', `The manifest is not valid: ${what}.`);
}

function parseVersion(value: Record<string, unknown>): void {
  const version = value['version'];
  if (!isInteger(version, 1)) throw invalidManifest('it has no version');
  if (version !== BUNDLE_VERSION) {
    throw new UnderstudyError(
      'bundle/version-unsupported',
      `The bundle has format version ${String(version)}.`,
      {
        facts: { found: version, supported: BUNDLE_VERSION },
      },
    );
  }
}

function parseLocalized(value: unknown): LocalizedText {
  const text: Record<string, string> = {};
  if (isRecord(value)) {
    for (const [language, entry] of Object.entries(value))
      if (typeof entry === 'string') text[language] = entry;
  }
  return text;
}

/** Accepts branding; fields that are not valid are left empty. @throws UnderstudyError `bundle/manifest-invalid` when it is no object. */
export function parseBranding(value: unknown): Branding {
  if (!isRecord(value)) throw invalidManifest('it has no branding');
  const suggestions: Record<string, readonly string[]> = {};
  if (isRecord(value['suggestions'])) {
    for (const [language, list] of Object.entries(value['suggestions']))
      if (isStringArray(list)) suggestions[language] = list;
  }
  const { accent, contactUrl } = value;
  return {
    title: parseLocalized(value['title']),
    greeting: parseLocalized(value['greeting']),
    accent: typeof accent === 'string' && ACCENT.test(accent) ? accent : null,
    suggestions,
    contactUrl: typeof contactUrl === 'string' ? contactUrl : null,
  };
}

function parseForm(value: unknown): readonly FormField[] {
  const form = value === undefined ? [] : parseFormFields(value);
  if (form === null) throw invalidManifest('its form has a field that is none');
  return form;
}

function parseArtifact(name: string, value: unknown): ArtifactEntry {
  if (!ARTIFACT_NAME.test(name)) throw invalidManifest(`"${name}" is no artifact name`);
  if (!isRecord(value)) throw invalidManifest(`artifact "${name}" is empty`);
  const { role, mediaType, sizeBytes, sha256, need } = value;
  if (typeof role !== 'string' || typeof mediaType !== 'string')
    throw invalidManifest(`artifact "${name}" has no role`);
  if (!isInteger(sizeBytes) || !isSha256(sha256))
    throw invalidManifest(`artifact "${name}" has no size or digest`);
  if (need !== 'answer' && need !== 'wording')
    throw invalidManifest(`artifact "${name}" does not say when it is needed`);
  return { role, mediaType, sizeBytes, sha256, need };
}

/** Accepts what a manifest says of its generator; null when it says nothing that is understood. */
function parseGenerator(value: unknown): GeneratorEntry | null {
  if (!isRecord(value)) return null;
  const { name, ability } = value;
  if (typeof name !== 'string' || name === '' || name.length > MAX_GENERATOR_NAME) return null;
  return ability === 'quotes' || ability === 'general' ? { name, ability } : null;
}

/**
 * Accepts a manifest from the network or the store.
 * @throws UnderstudyError `bundle/version-unsupported`, `bundle/manifest-invalid`.
 */
export function parseManifest(value: unknown): Manifest {
  if (!isRecord(value) || value['format'] !== 'understudy/manifest')
    throw invalidManifest('it is not of this format');
  parseVersion(value);
  const { appId, release, createdAt, languages, artifacts, chunks } = value;
  if (typeof appId !== 'string' || appId === '') throw invalidManifest('it names no app');
  if (!isInteger(release, 1)) throw invalidManifest('it has no release number');
  if (typeof createdAt !== 'string' || !isStringArray(languages))
    throw invalidManifest('it lacks date or languages');
  if (!isRecord(artifacts) || !isRecord(chunks)) throw invalidManifest('it lists no artifacts');
  const { sha256, sizeBytes } = chunks;
  if (!isSha256(sha256) || !isInteger(sizeBytes, 1)) throw invalidManifest('it does not bind its chunk list');
  const entries: Record<string, ArtifactEntry> = {};
  for (const [name, entry] of Object.entries(artifacts)) entries[name] = parseArtifact(name, entry);
  const engines = parseEngineChoices(value['engines']);
  const generator = parseGenerator(value['generator']);
  const form = parseForm(value['form']);
  return {
    format: 'understudy/manifest',
    version: BUNDLE_VERSION,
    appId,
    release,
    createdAt,
    languages,
    branding: parseBranding(value['branding']),
    artifacts: entries,
    ...(engines === null ? {} : { engines }),
    ...(generator === null ? {} : { generator }),
    ...(form.length === 0 ? {} : { form }),
    chunks: { sha256, sizeBytes },
    policy: null,
  };
}

/**
 * Accepts the chunk list that belongs to a manifest: every artifact is covered and the lengths add up.
 * @throws UnderstudyError `bundle/chunks-invalid`.
 */
export function parseChunkList(value: unknown, manifest: Manifest): ChunkList {
  const fail = (what: string): UnderstudyError =>
    new UnderstudyError('bundle/chunks-invalid', `The chunk list is not valid: ${what}.`);
  if (!isRecord(value) || value['format'] !== 'understudy/chunks' || value['version'] !== BUNDLE_VERSION) {
    throw fail('it is not of this format');
  }
  const listed = value['artifacts'];
  if (!isRecord(listed)) throw fail('it lists no artifacts');
  const artifacts: Record<string, ChunkedArtifact> = {};
  for (const [name, entry] of Object.entries(manifest.artifacts)) {
    const chunked = Object.hasOwn(listed, name) ? listed[name] : undefined;
    if (!isRecord(chunked) || !Array.isArray(chunked['chunks'])) throw fail(`artifact "${name}" is missing`);
    const { encoding, hasWholeFile } = chunked;
    if (encoding !== 'identity' && encoding !== 'gzip') throw fail(`artifact "${name}" has no encoding`);
    let total = 0;
    const chunks = chunked['chunks'].map((chunk: unknown): ChunkEntry => {
      if (!isRecord(chunk) || !isSha256(chunk['sha256']) || !isInteger(chunk['sizeBytes'], 1)) {
        throw fail(`a chunk of "${name}" has no digest or length`);
      }
      if (chunk['sizeBytes'] > MAX_CHUNK_BYTES) throw fail(`a chunk of "${name}" is too long`);
      total += chunk['sizeBytes'];
      return { sha256: chunk['sha256'], sizeBytes: chunk['sizeBytes'] };
    });
    if (total !== entry.sizeBytes) throw fail(`the chunks of "${name}" do not add up to its length`);
    artifacts[name] = { encoding, hasWholeFile: hasWholeFile === true, chunks };
  }
  return { format: 'understudy/chunks', version: BUNDLE_VERSION, artifacts };
}

/** Path of a chunk in the bundle folder. */
export function chunkPath(sha256: string): string {
  return `chunks/${sha256.slice(0, 2)}/${sha256}`;
}

/** Path of a whole artifact in the bundle folder. */
export function wholeFilePath(sha256: string): string {
  return `files/${sha256.slice(0, 2)}/${sha256}`;
}
