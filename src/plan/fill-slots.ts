import type { IntentDefinition } from '../contracts/intent.ts';
import { localize } from '../contracts/language.ts';
import { SLOT_PLACE } from '../contracts/slot.ts';

/** What a visitor wrote, by the name of its slot. */
export interface SlotTexts {
  readonly [name: string]: string;
}

/** The answer of an intent, in which what the visitor wrote stands in the places of slots, as text; '' when it has none. */
export function answerOf(
  { answer, slots = [] }: IntentDefinition,
  texts: SlotTexts,
  language: string,
): string {
  const text = answer === null ? '' : localize(answer, language);
  if (slots.length === 0) return text;
  return text.replace(SLOT_PLACE, (place: string, name: string, instead: string | undefined) => {
    const written = slots.some((slot) => slot === name) && Object.hasOwn(texts, name) ? texts[name] : null;
    return written == null ? (instead ?? place) : asPlainMarkdown(written);
  });
}

/** Writes a line so that Markdown shows it as it is: visitors give no links, no lists and no tables to an answer of the owner's. */
function asPlainMarkdown(line: string): string {
  return line
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>|~]|^[-+#](?=\s)/g, '\\$&')
    .replace(/^(\d+)([.)] )/, '$1\\$2');
}
