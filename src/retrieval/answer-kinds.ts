import type { AnswerKind } from './question-form.ts';

const COUNT = String.raw`(?:\d[\d.,]*(?:\s?[–-]\s?\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|half)`;
const DURATION = new RegExp(
  String.raw`\b${COUNT} (?:\p{L}+ )?(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?)\b|\b(?:at once|same day|immediately|straight away|overnight|next (?:working )?day|no (?:minimum|time limit))\b|[\d一二两三四五六七八九十半]\s?个?(?:工作日|天|周|星期|月|年|小时|分钟|秒)|当天|立即|立刻|马上|\b\d+ (?:Tage?n?|Wochen?|Monate?n?|Jahre?n?|jours?|semaines?|mois|ans?|días?|semanas?|meses|años?)\b`,
  'iu',
);
const PRICE =
  /[£$€¥]\s?\d|\d\s?(?:[£$€¥]|pounds?\b|euros?\b|dollars?\b|元|英镑|欧元|块)|\b(?:free|no (?:charge|fee|cost)|at no cost|nothing)\b|免费|包邮|不收费|\d\s?%/iu;
const CLOCK =
  /\b\d{1,2}[:.]\d{2}\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:january|february|march|april|june|july|august|september|october|november|december)\b|星期|周[一二三四五六日]|\d\s?点/iu;
const CONTACT = /\S@\S+\.\S|\+?\d[\d ]{7,}\d/u;
const PLACE =
  /\*\*|\b(?:open|under|at the|stands?|below|beside|behind|inside|bottom|foot|top|rim|page|section|menu|button)\b|\b\d+ \p{Lu}\p{L}+ \p{Lu}|打开|位于|地址|底部|上面|下面|下方|里面|页面/u;
const CAUSE =
  /\b(?:because|causes?d?|reason|due to|usually|mostly|comes? from|means|often|as it|since)\b|因为|由于|原因|多半|引起|说明/iu;
const VERDICT =
  /^(?:yes|no|not)\b|\b(?:can|cannot|can't|may|must|need not|not possible|possible|allowed|not|never|only|neither|free)\b|可以|不能|不可|不支持|不需要|支持|只能|无法|^(?:能|不|是)/iu;

const TESTS: { readonly [Kind in AnswerKind]: ((text: string) => boolean) | null } = {
  duration: (text) => DURATION.test(text),
  price: (text) => PRICE.test(text),
  quantity: (text) => /\d/u.test(text),
  time: (text) => CLOCK.test(text) || DURATION.test(text),
  place: (text) => PLACE.test(text),
  contact: (text) => CONTACT.test(text),
  cause: (text) => CAUSE.test(text),
  verdict: (text) => VERDICT.test(text),
  // Told by the block, not by the words in it.
  meaning: null,
  steps: null,
  choice: null,
};

/** Reports whether a sentence, item or row holds a span of the kind asked for; false for kinds told by blocks alone. */
export function holdsAnswer(kind: AnswerKind, text: string): boolean {
  return TESTS[kind]?.(text) ?? false;
}

/** How well a block suits a kind that whole blocks answer, 0 to 1: steps of a task, rows or items to choose from. */
export function blockSuits(
  kind: AnswerKind,
  block: { readonly kind: string; readonly isOrdered?: boolean },
): number {
  const isList = block.kind === 'list';
  if (kind === 'steps') return isList && block.isOrdered === true ? 1 : 0;
  if (kind === 'choice') return block.kind === 'table' || (isList && block.isOrdered !== true) ? 1 : 0;
  if (kind === 'meaning') return block.kind === 'table' ? 0.5 : 0;
  return 0;
}
