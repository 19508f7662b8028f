import type { GgufMetadata } from '../gguf/metadata.ts';
import type { SpecialTokens } from './tokenizer.ts';
import type { Vocabulary } from './vocabulary.ts';
import { TOKEN_TYPES } from './vocabulary.ts';

/** Ids that stand for a role when a file does not say, by the kind of tokenizer. */
export interface RoleDefaults {
  readonly begin?: number;
  readonly end?: number;
  readonly unknown?: number;
  readonly pad?: number;
  readonly classify?: number;
  readonly separator?: number;
}

/** Texts of tokens that end an answer in published models; many files name only one of the two that a model uses. */
const END_TEXTS = [
  '<|im_end|>',
  '<|eot_id|>',
  '<|eom_id|>',
  '<|end|>',
  '<|endoftext|>',
  '<|end_of_text|>',
  '<end_of_turn>',
  '<end_of_utterance>',
  '<|return|>',
  '<|call|>',
  '<EOT>',
  '_<EOT>',
  '</s>',
] as const;

/** Has the form that models give control tokens, `<|im_end|>`. */
const LOOKS_SPECIAL = /^<\|.*\|>$/u;

/**
 * Reads which tokens have a role, and marks them as control tokens, which some files do not.
 * @throws UnderstudyError `engine/model-invalid` for ids outside of the vocabulary.
 */
export function readSpecialTokens(
  metadata: GgufMetadata,
  { tokens, index, types }: Vocabulary,
  defaults: RoleDefaults,
): SpecialTokens {
  const most = tokens.length - 1;
  const role = (name: string, preset?: number): number | null => {
    const fallback = preset !== undefined && preset <= most ? preset : null;
    return metadata.integer(`tokenizer.ggml.${name}_token_id`, 0, most, fallback);
  };
  for (let token = 0; token < types.length; token += 1) {
    if (types[token] === TOKEN_TYPES.userDefined && LOOKS_SPECIAL.test(tokens.at(token))) {
      types[token] = TOKEN_TYPES.control;
    }
  }
  const begin = role('bos', defaults.begin);
  const ends = [role('eos', defaults.end), role('eot'), role('eom')].filter((token) => token !== null);
  for (const text of END_TEXTS) {
    const token = index.findText(text);
    if (token >= 0 && (types[token] === TOKEN_TYPES.control || LOOKS_SPECIAL.test(text))) ends.push(token);
  }
  for (const token of begin === null ? ends : [begin, ...ends]) {
    if (types[token] === TOKEN_TYPES.normal || types[token] === TOKEN_TYPES.userDefined) {
      types[token] = TOKEN_TYPES.control;
    }
  }
  return {
    begin,
    end: ends[0] ?? null,
    ends: new Set(ends),
    pad: role('padding', defaults.pad),
    unknown: role('unknown', defaults.unknown),
    classify: role('cls', defaults.classify),
    // The format spells it so; files with the right spelling are met too.
    separator: role('seperator') ?? role('separator', defaults.separator),
  };
}
