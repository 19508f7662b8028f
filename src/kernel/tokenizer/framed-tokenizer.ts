import { SpecialTexts } from './special-texts.ts';
import type { TokenModel } from './token-model.ts';
import type { EncodeOptions, SpecialTokens, Tokenizer } from './tokenizer.ts';
import type { Vocabulary } from './vocabulary.ts';
import { TOKEN_TYPES } from './vocabulary.ts';

/** Tokens around a text. */
export interface Frame {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Parts of a tokenizer. */
export interface TokenizerParts {
  readonly vocabulary: Vocabulary;
  readonly model: TokenModel;
  readonly special: SpecialTokens;
  readonly frame: Frame;
}

const EMPTY = new Uint8Array(0);

/** A half of a character without the other half. */
const LONE_HALF = /\p{Surrogate}/u;

/** Puts special tokens and frame around a model that cuts plain text. */
export function createFramedTokenizer({ vocabulary, model, special, frame }: TokenizerParts): Tokenizer {
  const { tokens, types } = vocabulary;
  const isControl = (token: number): boolean => {
    const type = types[token];
    return type === undefined || CONTROL_TYPES.has(type);
  };
  const marked: number[] = [];
  for (let token = 0; token < types.length; token += 1) {
    if (types[token] !== TOKEN_TYPES.normal) marked.push(token);
  }
  const ofTypes = (wanted: ReadonlySet<number>): SpecialTexts =>
    new SpecialTexts(
      marked
        .filter((token) => wanted.has(types[token] ?? 0))
        .map((token) => [tokens.at(token), token] as const),
    );
  // What a model's authors added for texts such as runs of spaces is no control token and stands for itself everywhere.
  const added = ofTypes(new Set([TOKEN_TYPES.userDefined]));
  const all = ofTypes(new Set([TOKEN_TYPES.userDefined, TOKEN_TYPES.control, TOKEN_TYPES.unknown]));
  const cache: Uint8Array[] = [];

  const tokenBytes = (token: number): Uint8Array => {
    if (isControl(token)) return EMPTY;
    const known = cache[token];
    if (known !== undefined) return known;
    const bytes = types[token] === TOKEN_TYPES.userDefined ? tokens.bytesAt(token) : model.bytesOf(token);
    cache[token] = bytes;
    return bytes;
  };

  return {
    vocabularySize: tokens.length,
    special,
    isControl,
    tokenBytes,
    tokenText: (token) => tokens.at(token),
    encode(text, options: EncodeOptions = {}) {
      const output: number[] = options.frame === true ? [...frame.before] : [];
      const wellFormed = LONE_HALF.test(text) ? text.replace(/\p{Surrogate}/gu, '\ufffd') : text;
      let isFirst = true;
      for (const piece of (options.special === true ? all : added).split(wellFormed)) {
        if (typeof piece === 'number') output.push(piece);
        else model.append(piece, isFirst, output);
        isFirst = typeof piece === 'number';
      }
      if (options.frame === true) output.push(...frame.after);
      return output;
    },
    decode(ids) {
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      let text = '';
      for (const token of ids) text += decoder.decode(tokenBytes(token), { stream: true });
      text += decoder.decode();
      return model.addsSpace && text.startsWith(' ') ? text.slice(1) : text;
    },
  };
}

const CONTROL_TYPES: ReadonlySet<number> = new Set([
  TOKEN_TYPES.unknown,
  TOKEN_TYPES.control,
  TOKEN_TYPES.unused,
]);
