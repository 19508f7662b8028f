import { UnderstudyError } from '../../contracts/errors.ts';
import { isRecord } from '../../contracts/json.ts';

/**
 * How the next token is chosen.
 *
 * Names and ranges are the field's; the defaults are those of llama.cpp (`common_params_sampling` in `common/common.h`),
 * but for the temperature: an answer that quotes sources should not depend on chance, so it is 0 here and 0.8 there.
 */
export interface SamplingOptions {
  /** 0 to 100; 0 takes the likeliest token always (greedy). Default 0. */
  readonly temperature?: number;
  /** Keeps the k likeliest tokens; an integer of at least 0, 0 is off. Default 40. */
  readonly topK?: number;
  /** Keeps the fewest tokens whose probabilities add up to p; 0 to 1, 1 is off. Default 0.95. */
  readonly topP?: number;
  /** Keeps tokens of at least this share of the likeliest one's probability; 0 to 1, 0 is off. Default 0.05. */
  readonly minP?: number;
  /** Divides positive logits of recent tokens and multiplies negative ones; 0.01 to 100, 1 is off. Default 1. */
  readonly repetitionPenalty?: number;
  /** How many of the last tokens the three penalties look at; an integer, 0 to 65536, 0 is off. Default 64. */
  readonly repetitionWindow?: number;
  /** Taken from a recent token's logit once for each time it occurs; −2 to 2, 0 is off. Default 0. */
  readonly frequencyPenalty?: number;
  /** Taken from a recent token's logit once; −2 to 2, 0 is off. Default 0. */
  readonly presencePenalty?: number;
  /** Same seed, same tokens; an integer, 0 to 2⁵³ − 1. Default 0. */
  readonly seed?: number;
}

/** Options with every field set. */
export type ResolvedSamplingOptions = Required<SamplingOptions>;

interface Field {
  readonly fallback: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly isInteger?: boolean;
}

const FIELDS: Readonly<Record<keyof SamplingOptions, Field>> = {
  temperature: { fallback: 0, minimum: 0, maximum: 100 },
  topK: { fallback: 40, minimum: 0, maximum: Number.MAX_SAFE_INTEGER, isInteger: true },
  topP: { fallback: 0.95, minimum: 0, maximum: 1 },
  minP: { fallback: 0.05, minimum: 0, maximum: 1 },
  repetitionPenalty: { fallback: 1, minimum: 0.01, maximum: 100 },
  repetitionWindow: { fallback: 64, minimum: 0, maximum: 65_536, isInteger: true },
  frequencyPenalty: { fallback: 0, minimum: -2, maximum: 2 },
  presencePenalty: { fallback: 0, minimum: -2, maximum: 2 },
  seed: { fallback: 0, minimum: 0, maximum: Number.MAX_SAFE_INTEGER, isInteger: true },
};

/**
 * Accepts {@link SamplingOptions} from outside. Nothing is clamped: a value that would be bent is a mistake of the caller.
 *
 * @throws UnderstudyError `client/bad-option` for a name that is not known, and for what is no number of the range.
 */
export function parseSamplingOptions(value: unknown): ResolvedSamplingOptions {
  if (!isRecord(value)) throw bad('The sampling options are no object.', { option: 'sampling' });
  for (const name of Object.keys(value))
    if (!Object.hasOwn(FIELDS, name))
      throw bad(`The sampling option "${name.slice(0, 64)}" is not known.`, { option: name.slice(0, 64) });
  const read = (name: keyof SamplingOptions): number => {
    const { fallback, minimum, maximum, isInteger } = FIELDS[name];
    const given = value[name];
    if (given === undefined) return fallback;
    if (typeof given === 'number' && given >= minimum && given <= maximum)
      // −0 is within the ranges, and prints as no one expects.
      if (isInteger !== true || Number.isInteger(given)) return given === 0 ? 0 : given;
    const kind = isInteger === true ? 'an integer' : 'a number';
    throw bad(`The sampling option ${name} is not ${kind} from ${minimum} to ${maximum}.`, { option: name });
  };
  return {
    temperature: read('temperature'),
    topK: read('topK'),
    topP: read('topP'),
    minP: read('minP'),
    repetitionPenalty: read('repetitionPenalty'),
    repetitionWindow: read('repetitionWindow'),
    frequencyPenalty: read('frequencyPenalty'),
    presencePenalty: read('presencePenalty'),
    seed: read('seed'),
  };
}

function bad(happened: string, facts: { readonly option: string }): UnderstudyError {
  return new UnderstudyError('client/bad-option', happened, { facts });
}
