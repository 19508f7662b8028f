import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { GrammarVocabulary } from './token-trie.ts';

/** One vocabulary a tokenizer: what is computed of it is kept by identity. */
const vocabularies = new WeakMap<Tokenizer, GrammarVocabulary>();

/** The tokens of a tokenizer as grammars see them. */
export function grammarVocabulary(tokenizer: Tokenizer): GrammarVocabulary {
  const known = vocabularies.get(tokenizer);
  if (known !== undefined) return known;
  const vocabulary: GrammarVocabulary = {
    size: tokenizer.vocabularySize,
    ends: tokenizer.special.ends,
    tokenBytes: (token) => tokenizer.tokenBytes(token),
  };
  vocabularies.set(tokenizer, vocabulary);
  return vocabulary;
}
