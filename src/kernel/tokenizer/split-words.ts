import { invalidModel } from '../gguf/invalid-model.ts';

/** How a byte-level tokenizer cuts text before merging. */
export interface WordSplitter {
  /** Whether a word that is a token is that token, whatever the merges say. */
  readonly ignoresMerges: boolean;
  /** Whether models of this kind want their begin token when they do not say. */
  readonly addsBegin: boolean;
  /** Cuts text into words that together are the text. */
  split(text: string): string[];
}

/*
 * The expressions of the published tokenizers, with White_Space for \s: in JavaScript \s has U+FEFF and lacks U+0085, in
 * the tokenizers' own languages it is the other way round.
 */
const S = '\\p{White_Space}';
const GPT2 = `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^${S}\\p{L}\\p{N}]+|${S}+(?!\\P{White_Space})|${S}+`;
const gpt4 = (digits: string): string =>
  `'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}${digits}| ?[^${S}\\p{L}\\p{N}]+[\\r\\n]*|${S}*[\\r\\n]+|${S}+(?!\\P{White_Space})|${S}+`;

interface Cut {
  /** Applied one after the other, each to what the one before left; what none matches stays whole. */
  readonly expressions: readonly string[];
  readonly ignoresMerges?: boolean;
  readonly addsBegin?: boolean;
}

const PLAIN: Cut = { expressions: [GPT2] };
const DIGITS_FIRST: Cut = { expressions: ['\\p{N}', GPT2] };
const ONE_DIGIT: Cut = { expressions: [gpt4('')] };
const THREE_DIGITS: Cut = { expressions: [gpt4('{1,3}')] };
const LLAMA_3: Cut = { ...THREE_DIGITS, ignoresMerges: true, addsBegin: true };

/** By `tokenizer.ggml.pre`, the names of llama.cpp (src/llama-vocab.cpp). */
const CUTS: ReadonlyMap<string, Cut> = new Map(
  Object.entries({
    default: {
      expressions: ['[\\p{P}\\$\\+<=>\\^~\\|]+', GPT2, '\\p{N}+', '[0-9][0-9][0-9]'],
    },
    'gpt-2': PLAIN,
    'phi-2': PLAIN,
    mpt: PLAIN,
    olmo: PLAIN,
    jais: PLAIN,
    'jina-es': PLAIN,
    'jina-de': PLAIN,
    'jina-v2-es': PLAIN,
    'jina-v2-de': PLAIN,
    'roberta-bpe': PLAIN,
    smollm: DIGITS_FIRST,
    starcoder: DIGITS_FIRST,
    refact: DIGITS_FIRST,
    'command-r': DIGITS_FIRST,
    codeshell: DIGITS_FIRST,
    exaone: DIGITS_FIRST,
    'minerva-7b': DIGITS_FIRST,
    qwen2: ONE_DIGIT,
    'deepseek-r1-qwen': ONE_DIGIT,
    stablelm2: ONE_DIGIT,
    'llama-bpe': LLAMA_3,
    'llama-v3': LLAMA_3,
    llama3: LLAMA_3,
    falcon3: LLAMA_3,
    pixtral: LLAMA_3,
    dbrx: THREE_DIGITS,
    'smaug-bpe': THREE_DIGITS,
  } satisfies Record<string, Cut>),
);

/** Longest text that an expression is put to: engines keep a way back for each letter of a match. */
const MAX_STRETCH = 1 << 18;

/**
 * Gives the way a byte-level tokenizer cuts text.
 * @param name - `tokenizer.ggml.pre`.
 * @throws UnderstudyError `engine/model-invalid` for a name that is not known.
 */
export function wordSplitter(name: string): WordSplitter {
  const cut = CUTS.get(name);
  if (cut === undefined) {
    throw invalidModel(`The tokenizer cuts text as "${name}"; known are ${[...CUTS.keys()].join(', ')}.`);
  }
  const expressions = cut.expressions.map((expression) => new RegExp(expression, 'gu'));
  return {
    ignoresMerges: cut.ignoresMerges ?? false,
    addsBegin: cut.addsBegin ?? false,
    split: (text) => expressions.reduce(splitAll, stretches(text)),
  };
}

function stretches(text: string): string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length;) {
    let end = Math.min(text.length, start + MAX_STRETCH);
    // Not between the halves of a character.
    if (end < text.length && (text.charCodeAt(end) & 0xfc00) === 0xdc00) end -= 1;
    parts.push(text.slice(start, end));
    start = end;
  }
  return parts;
}

function splitAll(words: readonly string[], expression: RegExp): string[] {
  const parts: string[] = [];
  for (const word of words) {
    let end = 0;
    for (const match of word.matchAll(expression)) {
      if (match.index > end) parts.push(word.slice(end, match.index));
      parts.push(match[0]);
      end = match.index + match[0].length;
    }
    if (end < word.length) parts.push(word.slice(end));
  }
  return parts;
}
