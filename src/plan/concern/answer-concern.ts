import { localize } from '../../contracts/language.ts';
import type { ResponderOutcome, ResponderPart } from '../../contracts/responder.ts';
import { CONCERN_TEXTS, CONTACT_TEXT } from './concern-texts.ts';
import { answerOf } from '../fill-slots.ts';
import type { PlanServices } from '../step-handler.ts';
import type { FoundConcern } from './concern.ts';

/** An address that a link of the Markdown subset can hold. */
const LINKABLE = /^[^\s()<>]{1,2000}$/;

/**
 * Says what there is to say to a concern, before any step: the answer of the owner's intent of that name, else the built-in words, with
 * the owner's contact for somebody in danger and an offer of people after an insult.
 * @returns The outcome of the turn; null when the owner has such messages looked up in the pages: the plan runs.
 */
export function* answerConcern(
  { concern, language }: FoundConcern,
  { classifier, contactUrl = null }: Pick<PlanServices, 'classifier' | 'contactUrl'>,
): Generator<ResponderPart, Partial<ResponderOutcome> | null> {
  const owner = classifier.definition(concern);
  if (owner?.action === 'retrieve') return null;
  const isDanger = concern === 'emergency' || concern === 'self_harm';
  const hasContact = isDanger && owner?.answer == null && contactUrl !== null && LINKABLE.test(contactUrl);
  const contact = hasContact
    ? `\n\n${localize(CONTACT_TEXT, language).replace('{url}', () => contactUrl)}`
    : '';
  // What somebody in need named is not repeated: the words in its stead stand.
  const said =
    owner?.answer == null ? localize(CONCERN_TEXTS[concern], language) : answerOf(owner, {}, language);
  yield { type: 'text-delta', text: said + contact };
  // Whoever is in danger is not told to leave a message.
  const isOffered = owner === null ? concern === 'insult' : owner.action === 'handoff';
  if (isOffered) yield { type: 'handoff', reason: 'asked' };
  return { intent: concern, confidence: 1, isWorded: false, isRefusal: !isDanger };
}
