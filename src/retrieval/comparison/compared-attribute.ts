import { normalizeText } from '../../text/normalize-text.ts';
import type { AnswerKind } from '../question-form.ts';

/** On what two things are compared. */
export interface ComparedAttribute {
  /** What kind of span tells it; null when the words do not say. */
  readonly kind: AnswerKind | null;
  /** The words of the attribute, without those that only compare; '' when none are left. */
  readonly words: string;
}

/** Words that compare, and what pages call that in which one of two is more so. */
interface Comparative {
  readonly kind: AnswerKind | null;
  readonly pattern: RegExp;
  readonly noun: { readonly spaced: string; readonly unspaced: string };
}

/** Words of scripts without spaces are told from parts of longer ones (长 in 长度) by what stands beside them. */
function comparative(
  kind: AnswerKind | null,
  spaced: string,
  unspaced: string,
  nouns = ['', ''],
): Comparative {
  const pattern = new RegExp(`(?<!\\p{L})(?:${spaced})(?!\\p{L})|(?:更|还)?(?:${unspaced})`, 'giu');
  return { kind, pattern, noun: { spaced: nouns[0] ?? '', unspaced: nouns[1] ?? '' } };
}

const COMPARATIVES: readonly Comparative[] = [
  comparative(
    'price',
    'cheaper|cheapest|dearer|pricier|(?:more |less |as )?(?:expensive|costly)|cheap|costs?|prices?|(?:billig|günstig)er|teurer|preis|kostet|(?:plus |moins )?ch[eè]re?s?|prix|(?:más |menos )?(?:car|barat)[oa]s?|precio|cuesta',
    '贵(?![公司店方])|便宜|实惠|划算|价格|价钱|费用|多少钱',
  ),
  comparative(
    'duration',
    'faster|fastest|quicker|quickest|slower|sooner|longer|longest|shorter|schneller|langsamer|länger|kürzer|(?:plus |moins )?(?:rapide|longue?|courte?)s?|(?:más |menos )?(?:rápid|larg|cort)[oa]s?',
    '快(?![递件捷])|慢|久|(?<![增成])长(?![度期])|短(?![信期])',
  ),
  comparative(
    'quantity',
    'heavier|lighter|schwerer|leichter|(?:plus|moins) (?:lourde?|légère?)s?',
    '重量|重(?![新要复])|(?<!年)轻(?!松)',
    ['weight', '重量'],
  ),
  comparative(
    'quantity',
    'bigger|biggest|larger|largest|smaller|smallest|größer|kleiner|(?:plus|moins) (?:grande?|petite?)s?',
    '大小|大(?![概家约])|小(?![时程])',
    ['size', '尺寸'],
  ),
  comparative('quantity', 'taller|higher than|wider|narrower|thicker|thinner', '[宽窄厚薄](?![度带])', [
    'size',
    '尺寸',
  ]),
  comparative('quantity', 'hotter|colder|warmer|wärmer|kälter', '热(?![门线])|冷', ['temperature', '温度']),
  comparative(
    'quantity',
    'higher|highest|lower|lowest|more|most|less|least|fewer|greater|höher|mehr|weniger|plus|moins|más|menos',
    '多(?!少)|(?<!多)少|高(?![度级])|低',
  ),
  comparative(
    null,
    'better|best|worse|easier|harder|safer|simpler|stronger|weaker|newer|older|nicer|(?:the )?same|different|equally|equal|favou?rite|prefer|besser|schlechter|meilleure?s?|mejor|peor|difference|the',
    '好(?![处评])|差(?![别异])|强(?!度)|弱|区别|差别|差异|不同|一样',
  ),
];
const ASKING =
  /(?<!\p{L})(?:which|what|who|one|has|have|is|are|does|do|of (?:them|the two|both)|whats|welche[rsnm]?|was|lequel|laquelle|quel(?:le)?|cuál|qué)(?!\p{L})|哪一?[个种款家边]|谁|[吗呢么]|多少|一点|一些|两个|两者|它们/giu;

/** Reads what a question says beside the two things it compares. */
export function comparedAttribute(about: string): ComparedAttribute {
  let words = normalizeText(about);
  const isUnspaced = /\p{Script=Han}/u.test(words);
  let kind: AnswerKind | null = null;
  const nouns: string[] = [];
  for (const one of COMPARATIVES) {
    const rest = words.replace(one.pattern, ' ');
    if (rest === words) continue;
    kind ??= one.kind;
    nouns.push(isUnspaced ? one.noun.unspaced : one.noun.spaced);
    words = rest;
  }
  const said = [words.replace(ASKING, ' '), ...nouns].join(' ').replace(/\s+/gu, ' ').trim();
  // Nearly every text has a number: more or less of what was not said asks for nothing.
  return { kind: kind === 'quantity' && said === '' ? null : kind, words: said };
}

const QUESTIONS: { readonly [Kind in AnswerKind]?: { readonly [language: string]: string } } = {
  price: { en: 'how much is', zh: '多少钱', de: 'was kostet', fr: 'combien coûte', es: 'cuánto cuesta' },
  duration: { en: 'how long', zh: '多久', de: 'wie lange', fr: 'combien de temps', es: 'cuánto tiempo' },
};

/** Asks for the attribute of one thing alone. */
export function askOfOne(name: string, { kind, words }: ComparedAttribute, language: string): string {
  const form = kind === null ? '' : (QUESTIONS[kind]?.[language] ?? '');
  return (language === 'zh' ? [name, words, form] : [form, name, words])
    .filter((one) => one !== '')
    .join(' ');
}
