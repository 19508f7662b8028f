import type { QuestionOfText } from './drafted-question.ts';
import { factsOf } from './drafted-question.ts';

/** Verbs that begin the headings of help pages, in the form they have there. */
const VERBS = new Set(
  (
    'accept activate add adjust allow apply ask assign attach block book bring buy call cancel change charge check choose claim clean ' +
    'clear close collect configure confirm connect contact convert copy correct create customize cut deactivate delete deliver disable ' +
    'disconnect download drain edit enable exchange export find fit fix follow forward get give import increase insert install invite ' +
    'join keep leave link lock log make manage mark measure merge move open order pair pause pay place post prepare print protect ' +
    'publish put raise recycle redeem reduce refill register remove rename renew repair replace report request reset restart restore ' +
    'resume return rinse save schedule see select sell send set share sign skip start stop submit subscribe switch take talk test ' +
    'track transfer try turn uninstall unlock unsubscribe update upgrade upload use verify view wash write'
  ).split(' '),
);
/** Words that point at something said before: a question must stand alone. */
const POINTERS =
  /\b(?:it|its|them|they|their|this|that|these|those|one|ones|he|she|there|then|here|above|below)\b/i;
/** Beginnings of what is no subject, and of one that only its page explains. */
const NO_SUBJECT =
  /^(?:about|after|all|also|and|as|at|because|before|both|but|by|during|either|every|everyone|for|from|if|in|most|neither|on|or|other|others|people|since|so|some|someone|until|we|when|where|while|with|without|you)\b/i;
/** A subject with a verb of its own is no subject. */
const CLAUSE = /\b(?:is|are|was|has|have|and|which|that|who)\b/i;
/** Ends that leave out what they are about. */
const CUT_OFF = /\b(?:do|does|did|so|not|is|are|be|of|to|with|for|and|or|the|a|an|my)\?$/i;
/** Two things to do in one heading do not make one question. */
const JOINED = /\b(?:or|and) \w+ing\b|,/i;
const QUESTION_WORD =
  /^(?:how|what|which|when|where|who|why|can|may|do|does|is|are|will|should|must)\b.*\?$/i;
const MAX_WORDS = 14;

/** The question that an English heading asks or announces; null when it announces none that stands alone. */
export function englishHeadingQuestion(heading: string): string | null {
  const text = heading.trim().replace(/^\d+[.)]\s*/, '');
  if (QUESTION_WORD.test(text)) return POINTERS.test(text) ? null : accept(text);
  const [first = '', ...rest] = text.replace(/[.!]$/, '').split(/\s+/);
  const verb = first.toLowerCase();
  const base = VERBS.has(verb) ? verb : baseOfGerund(verb);
  if (base === null || rest.length === 0 || POINTERS.test(rest.join(' ')) || JOINED.test(text)) return null;
  return accept(`How do I ${base} ${fromVisitor(rest.join(' '))}?`);
}

/** Forms of sentences that give a figure of their subject, and the question for it; `#` stands for the subject. */
const FIGURES: readonly (readonly [form: RegExp, question: string])[] = [
  [figure('costs', ''), 'How much does # cost?'],
  [figure('takes', 'days?|weeks?|hours?|minutes?|seconds?'), 'How long does # take?'],
  [figure('(?:lasts|runs)', 'days?|weeks?|months?|years?|hours?'), 'How long does # last?'],
  [figure('holds', ''), 'How much does # hold?'],
  [figure('weighs', ''), 'How much does # weigh?'],
];
const DEFINES = /^((?:An? )?\p{L}[\p{L}\p{N} -]{2,40}?) is (?:an?|the) \p{L}/u;
const WITHIN = /\b[Yy]ou (?:can|may|have to|must) (\p{L}[^.;:]{3,60}?) (?:within|up to) (?=\d)/u;
const ALLOWED = /^(?:Yes, )?[Yy]ou (can|may|cannot|can't|may not|need not) (\p{L}[^.;:,(]{5,60})[.,;(]/u;
const CONDITION = /^(?:If|When) ([^,.;:]{8,70}), /u;
/** What makes a condition a state that a visitor is in. */
const STATE =
  /\b(?:is|are|has|have|does|do|did|was|cannot|can't|not|no|stays?|stops?|shows?|blinks?|fails?|arrives?)\b/;

/** Questions that an English sentence answers by its form: figures, definitions, permissions, conditions. */
export function englishSentenceQuestions(sentence: string): readonly QuestionOfText[] {
  const facts = factsOf(sentence);
  const made: QuestionOfText[] = [];
  if (facts.length > 0) {
    for (const [form, question] of FIGURES) {
      const of = form.exec(sentence)?.[1];
      if (of !== undefined && !NO_SUBJECT.test(of) && !CLAUSE.test(of))
        made.push({
          question: question.replace('#', () => subject(of)),
          facts: facts.slice(0, 1),
          kind: 'fact',
        });
    }
  }
  const defined = DEFINES.exec(sentence)?.[1];
  if (defined !== undefined && !NO_SUBJECT.test(defined) && !/^The /i.test(defined))
    made.push({ question: `What is ${subject(defined)}?`, facts: [], kind: 'definition' });
  const within = WITHIN.exec(sentence)?.[1];
  if (within !== undefined)
    made.push({
      question: `How long do I have to ${fromVisitor(within)}?`,
      facts: facts.slice(0, 1),
      kind: 'fact',
    });
  const [, verb = '', allowed] = ALLOWED.exec(sentence) ?? [];
  if (allowed !== undefined && within === undefined) {
    const asks = verb === 'need not' ? 'Do I need to' : 'Can I';
    made.push({ question: `${asks} ${fromVisitor(allowed)}?`, facts, kind: 'yesno' });
  }
  const state = CONDITION.exec(sentence)?.[1];
  if (state !== undefined && STATE.test(state))
    made.push({ question: `What should I do if ${fromVisitor(state)}?`, facts, kind: 'condition' });
  return made.filter(({ question }) => standsAlone(question));
}

function standsAlone(question: string): boolean {
  return !POINTERS.test(question) && !CUT_OFF.test(question) && accept(question) !== null;
}

/** A sentence that says of its subject that it costs, takes or holds so much. */
function figure(verb: string, units: string): RegExp {
  const behind = units === '' ? '' : `[^.]*?\\b(?:${units})\\b`;
  return new RegExp(
    `^(\\p{Lu}[\\p{L}\\p{N}'’ -]{2,50}?) ${verb} (?:about |up to |around |for |only )?[£€$¥]?\\d${behind}`,
    'u',
  );
}

function accept(question: string): string | null {
  const words = question.split(/\s+/).length;
  return words >= 3 && words <= MAX_WORDS ? question : null;
}

function baseOfGerund(word: string): string | null {
  if (!word.endsWith('ing')) return null;
  const stem = word.slice(0, -3);
  const ways = [stem, `${stem}e`, stem.replace(/(.)\1$/, '$1')];
  return ways.find((way) => VERBS.has(way)) ?? null;
}

/** A subject in the middle of a question: only names keep their capital. */
function subject(text: string): string {
  return fromVisitor(
    text
      .trim()
      .replace(/^(?:The|A|An|Our|Your|Each|Every) /, (article) => article.toLowerCase())
      .replace(/^our /, 'the '),
  );
}

/** Turns what is said to the visitor into what the visitor says. */
function fromVisitor(text: string): string {
  return text
    .trim()
    .replace(/\byour\b/gi, 'my')
    .replace(/\byours\b/gi, 'mine')
    .replace(/\byourself\b/gi, 'myself')
    .replace(/\byou are\b/gi, 'I am')
    .replace(/\b(for|to|with|from|of|on|at|by|tell|give|send) you\b/gi, '$1 me')
    .replace(/\byou\b/gi, 'I');
}
