import { ANSWER_KINDS, type AnswerKind } from './question-form.ts';

// Texts are put in lower case first: expressions that leave the case open take four to six times as long.
const COUNT = String.raw`(?:\d[\d.,]*(?:\s?[–-]\s?\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|half)`;
const DURATION = new RegExp(
  String.raw`\b${COUNT} (?:\p{L}+ )?(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?)\b|\b(?:at once|same day|immediately|straight away|overnight|next (?:working )?day|no (?:minimum|time limit))\b|[\d一二两三四五六七八九十半]\s?个?(?:工作日|天|周|星期|月|年|小时|分钟|秒)|当天|立即|立刻|马上|\b\d+ (?:tage?n?|wochen?|monate?n?|jahre?n?|jours?|semaines?|mois|ans?|días?|semanas?|meses|años?)\b`,
  'u',
);
const PRICE =
  /[£$€¥]\s?\d|\d\s?(?:[£$€¥]|pounds?\b|euros?\b|dollars?\b|元|英镑|欧元|块)|\b(?:free|no (?:charge|fee|cost)|at no cost|nothing)\b|免费|包邮|不收费|\d\s?%/u;
const CLOCK =
  /\b\d{1,2}[:.]\d{2}\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:january|february|march|april|june|july|august|september|october|november|december)\b|星期|周[一二三四五六日]|\d\s?点/u;
const CONTACT = /\S@\S+\.\S|\+?\d[\d ]{7,}\d/u;
const PLACE =
  /\*\*|\b(?:open|under|at the|stands?|below|beside|behind|inside|bottom|foot|top|rim|page|section|menu|button)\b|\b\d+ \p{Lu}\p{L}+ \p{Lu}|打开|位于|地址|底部|上面|下面|下方|里面|页面/u;
const CAUSE =
  /\b(?:because|causes?d?|reason|due to|usually|mostly|comes? from|means|often|as it|since)\b|因为|由于|原因|多半|引起|说明/u;
const VERDICT =
  /^(?:yes|no|not)\b|\b(?:can|cannot|can't|may|must|need not|not possible|possible|allowed|not|never|only|neither|free)\b|可以|不能|不可|不支持|不需要|支持|只能|无法|^(?:能|不|是)/u;

const DURATION_BIT = 1 << ANSWER_KINDS.indexOf('duration');
const TIME_BIT = 1 << ANSWER_KINDS.indexOf('time');

const TESTS: { readonly [Kind in AnswerKind]: RegExp | null } = {
  duration: DURATION,
  price: PRICE,
  quantity: /\d/u,
  time: CLOCK,
  place: PLACE,
  contact: CONTACT,
  cause: CAUSE,
  verdict: VERDICT,
  // Told by the block, not by the words in it.
  meaning: null,
  steps: null,
  choice: null,
};

/** Whether a text or, for all kinds but places, which capitals tell too, the same in lower case holds a span. */
function holds(kind: AnswerKind, text: string, lower: string): boolean {
  return TESTS[kind]?.test(kind === 'place' ? text : lower) ?? false;
}

/** Reports whether a sentence, item or row holds a span of the kind asked for; false for kinds told by blocks alone. */
export function holdsAnswer(kind: AnswerKind, text: string): boolean {
  const lower = text.toLowerCase();
  return holds(kind, text, lower) || (kind === 'time' && holds('duration', text, lower));
}

/** The kinds that a text holds a span of, but verdicts, which nearly every text holds: for each of `ANSWER_KINDS` a bit, by its place. */
export function answersHeld(text: string): number {
  const lower = text.toLowerCase();
  const isHeld = (kind: AnswerKind): boolean => kind !== 'verdict' && holds(kind, text, lower);
  const held = ANSWER_KINDS.reduce((bits, kind, at) => (isHeld(kind) ? bits | (1 << at) : bits), 0);
  return (held & DURATION_BIT) === 0 ? held : held | TIME_BIT;
}

/** What of a block tells which answers it suits. */
export interface BlockShape {
  readonly kind: string;
  readonly isOrdered?: boolean;
}

/** How well a block suits a kind that whole blocks answer, 0 to 1: steps of a task, rows or items to choose from. */
export function blockSuits(kind: AnswerKind, block: BlockShape): number {
  const isList = block.kind === 'list';
  if (kind === 'steps') return isList && block.isOrdered === true ? 1 : 0;
  if (kind === 'choice') return block.kind === 'table' || (isList && block.isOrdered !== true) ? 1 : 0;
  if (kind === 'meaning') return block.kind === 'table' ? 0.5 : 0;
  return 0;
}

/** Shapes of which one suits a kind. */
const SHAPES: readonly BlockShape[] = [
  { kind: 'list', isOrdered: true },
  { kind: 'list', isOrdered: false },
  { kind: 'table' },
];

/** The shapes that some blocks have, a bit each; for {@link shapesSuit}. */
export function blockShapes(blocks: readonly BlockShape[]): number {
  const isThere = (shape: BlockShape): boolean =>
    blocks.some(({ kind, isOrdered }) => kind === shape.kind && isOrdered === shape.isOrdered);
  return SHAPES.reduce((bits, shape, at) => bits | (isThere(shape) ? 1 << at : 0), 0);
}

/** How well the best of some blocks suits a kind, by the bits of {@link blockShapes}. */
export function shapesSuit(kind: AnswerKind, shapes: number): number {
  const found = SHAPES.filter((_, at) => (shapes & (1 << at)) !== 0);
  return found.reduce((best, shape) => Math.max(best, blockSuits(kind, shape)), 0);
}
