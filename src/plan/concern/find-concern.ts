import { normalizeText } from '../../text/normalize-text.ts';
import type { Concern, FoundConcern } from './concern.ts';
import { EMERGENCY_PATTERNS } from './emergency-patterns.ts';
import { insultLanguage } from './insult-language.ts';
import type { MessagePattern } from './message-pattern.ts';
import { PROMPT_REQUEST_PATTERNS } from './prompt-request-patterns.ts';
import { SELF_HARM_PATTERNS } from './self-harm-patterns.ts';

/** What is said in more characters is a story, of which only the beginning is looked at. */
const MAX_LENGTH = 1000;
/** The gravest first. */
const PATTERNS: readonly (readonly [Concern, readonly MessagePattern[]])[] = [
  ['self_harm', SELF_HARM_PATTERNS],
  ['emergency', EMERGENCY_PATTERNS],
  ['prompt_request', PROMPT_REQUEST_PATTERNS],
];

/**
 * Finds what a message is about where no page can be its answer, in English, Chinese, German, French and Spanish; null in all doubt:
 * a question that is taken for a cry for help goes unanswered.
 */
export function findConcern(text: string): FoundConcern | null {
  const message = normalizeText(text.slice(0, MAX_LENGTH)).replace(/\s+/g, ' ').trim();
  const sentences = message.split(/(?<=[.!?;。！？；])\s*/u);
  for (const [concern, patterns] of PATTERNS)
    for (const { language, tells, unless } of patterns)
      if (sentences.some((sentence) => tells.test(sentence) && unless?.test(sentence) !== true))
        return { concern, language };
  const language = insultLanguage(message);
  return language === null ? null : { concern: 'insult', language };
}
