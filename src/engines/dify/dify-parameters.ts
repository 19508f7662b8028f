import { isInteger, isRecord } from '../../contracts/json.ts';
import type { FormField } from '../../contracts/plan-configs.ts';
import { parseInputForm } from './dify-fields.ts';

/** What files an app takes. */
export interface DifyFileLimits {
  /** Largest file in bytes, by the type of the file. */
  readonly sizeBytes: Readonly<Record<'image' | 'document' | 'audio' | 'video' | 'custom', number>>;
  /** Most files of one message. */
  readonly count: number;
}

/** What the lead needs of an app's `/parameters`. */
export interface DifyParameters {
  /** Whether questions may be asked for that continue an answer. */
  readonly suggestsQuestions: boolean;
  readonly greeting: string;
  /** Questions offered at the start. */
  readonly suggestions: readonly string[];
  readonly form: readonly FormField[];
  /** Null where files cannot be sent with a message. */
  readonly files: DifyFileLimits | null;
}

/** Sizes that servers have unless they say otherwise, in MB. */
const DEFAULT_MB = { image: 10, document: 15, audio: 50, video: 100 } as const;
const DEFAULT_FILES = 10;
const MB: number = 1024 * 1024;
const MAX_GREETING_LENGTH = 2000;

/** Reads the answer of `/parameters`; null when it is none (a login page, another program). */
export function parseDifyParameters(value: unknown): DifyParameters | null {
  if (!isRecord(value)) return null;
  const known = 'user_input_form' in value || 'opening_statement' in value || 'system_parameters' in value;
  if (!known) return null;
  const after = value['suggested_questions_after_answer'];
  const greeting = value['opening_statement'];
  return {
    suggestsQuestions: isRecord(after) && after['enabled'] === true,
    greeting: typeof greeting === 'string' ? greeting.slice(0, MAX_GREETING_LENGTH) : '',
    suggestions: readQuestions(value['suggested_questions'], 6),
    form: parseInputForm(value['user_input_form']),
    files: parseFileLimits(value['file_upload'], value['system_parameters']),
  };
}

/** Reads the answer of `/messages/{id}/suggested-questions`: at most 3 short texts. */
export function parseSuggestedQuestions(value: unknown): readonly string[] {
  return readQuestions(isRecord(value) ? value['data'] : null, 3);
}

/** Limits of files in forms, which an app may ask for without taking any with its messages. */
export function fileLimitsOf(system: unknown, count: number): DifyFileLimits {
  const sizes = isRecord(system) ? system : {};
  const bytes = (name: string, megabytes: number): number => {
    const told = sizes[name];
    return (isInteger(told, 1) ? told : megabytes) * MB;
  };
  const document = bytes('file_size_limit', DEFAULT_MB.document);
  return {
    sizeBytes: {
      document,
      custom: document,
      image: bytes('image_file_size_limit', DEFAULT_MB.image),
      audio: bytes('audio_file_size_limit', DEFAULT_MB.audio),
      video: bytes('video_file_size_limit', DEFAULT_MB.video),
    },
    count,
  };
}

function parseFileLimits(upload: unknown, system: unknown): DifyFileLimits | null {
  if (!isRecord(upload)) return null;
  // Older servers know images only, and say so one level below.
  const image = isRecord(upload['image']) ? upload['image'] : {};
  const settings = upload['enabled'] === true ? upload : image['enabled'] === true ? image : null;
  if (settings === null) return null;
  const methods = settings['allowed_file_upload_methods'] ?? settings['transfer_methods'];
  if (Array.isArray(methods) && methods.length > 0 && !methods.includes('local_file')) return null;
  const count = settings['number_limits'];
  return fileLimitsOf(system, isInteger(count, 1) ? count : DEFAULT_FILES);
}

function readQuestions(list: unknown, most: number): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list
    .filter((text): text is string => typeof text === 'string' && text.trim() !== '' && text.length <= 200)
    .slice(0, most);
}
