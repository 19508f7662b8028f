import type { Branding } from './bundle.ts';
import { parseBranding } from './bundle.ts';
import { parseErrorReport } from './errors.ts';
import { parseFormFields } from './form.ts';
import { isInteger, isRecord, isStringArray } from './json.ts';
import type { GeneratorState, Reach, Status, TranscriptEntry } from './protocol.ts';
import { parseTurnSummary } from './turn.ts';

/** The state before anything is known. */
export const INITIAL_STATUS: Status = {
  reach: 'none',
  release: null,
  branding: null,
  languages: [],
  generator: 'absent',
  generatorProgress: 0,
  outboxCount: 0,
  persistence: 'memory',
  faults: [],
};

const REACHES: readonly Reach[] = ['reachable', 'degraded', 'unreachable', 'none'];
const GENERATOR_STATES: readonly GeneratorState[] = ['absent', 'off', 'idle', 'loading', 'ready', 'failed'];

function parseOneOf<T extends string>(value: unknown, options: readonly T[], fallback: T): T {
  return options.find((option) => option === value) ?? fallback;
}

/** Accepts a generator state; `absent` for what is none. */
export function parseGeneratorState(value: unknown): GeneratorState {
  return parseOneOf(value, GENERATOR_STATES, 'absent');
}

function parseBrandingOrNull(value: unknown): Branding | null {
  return isRecord(value) ? parseBranding(value) : null;
}

/** Accepts a {@link Status} from the worker; fields that are not valid take their initial value. */
export function parseStatus(value: unknown): Status {
  if (!isRecord(value)) return INITIAL_STATUS;
  const { release, languages, generatorProgress, outboxCount, faults } = value;
  const form = parseFormFields(value['form']) ?? [];
  return {
    reach: parseOneOf(value['reach'], REACHES, 'none'),
    release: isInteger(release, 1) ? release : null,
    branding: parseBrandingOrNull(value['branding']),
    ...(form.length === 0 ? {} : { form }),
    ...(value['canRate'] === true ? { canRate: true } : {}),
    languages: isStringArray(languages) ? languages : [],
    generator: parseGeneratorState(value['generator']),
    generatorProgress: typeof generatorProgress === 'number' ? generatorProgress : 0,
    outboxCount: isInteger(outboxCount) ? outboxCount : 0,
    persistence: value['persistence'] === 'persistent' ? 'persistent' : 'memory',
    faults: Array.isArray(faults) ? faults.map(parseErrorReport) : [],
  };
}

/** Accepts a {@link TranscriptEntry} from worker or store; null when it is none. */
export function parseTranscriptEntry(value: unknown): TranscriptEntry | null {
  if (!isRecord(value)) return null;
  const { id, question, askedAtMs, state, answer, summary } = value;
  if (typeof id !== 'string' || typeof question !== 'string' || typeof answer !== 'string') return null;
  if (typeof askedAtMs !== 'number' || (state !== 'pending' && state !== 'answered' && state !== 'failed'))
    return null;
  return { id, question, askedAtMs, state, answer, summary: parseTurnSummary(summary) };
}
