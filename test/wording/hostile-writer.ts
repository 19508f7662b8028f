import type { Passage } from '../../src/contracts/passage.ts';
import { splitSentences } from '../../src/text/split-sentences.ts';
import { plainText } from '../../src/text/plain-text.ts';
import { mutateSentence } from '../grounding/mutate-sentence.ts';
import type { Draw } from './case-draw.ts';
import { inventName, PRODUCT_NAME } from './shop-pages.ts';

/** A statement that a generator might write and its passages do not say. */
export interface Falsehood {
  readonly attack: string;
  readonly statement: string;
}

/** Spellings of one digit that read alike. */
const DIGITS = ['０１２３４５６７８９', '⁰¹²³⁴⁵⁶⁷⁸⁹', '٠١٢٣٤٥٦٧٨٩'].map((row) => Array.from(row));

/** Draws a falsehood about a passage: one of its sentences with one thing changed or added, or one out of the air. */
export function drawFalsehood(passage: Passage, others: readonly Passage[], draw: Draw): Falsehood {
  const isChinese = passage.language === 'zh';
  const sentences = splitSentences(plainText(passage.text)).filter((sentence) => sentence.length > 12);
  const sentence = sentences.length === 0 ? plainText(passage.text) : draw.one(sentences);
  const bare = sentence.replace(/[.。!！]$/, '');
  const end = isChinese ? '。' : '.';
  const name = inventName(draw);
  const number = String(draw.number(201, 999));
  const host = `${name.toLowerCase()}.example`;
  const foreign = others.flatMap((other) => splitSentences(plainText(other.text)));
  const added: readonly Falsehood[] = [
    {
      attack: 'number added',
      statement: `${bare}${isChinese ? `，收费 ${number} 元` : `, which costs £${number}`}${end}`,
    },
    { attack: 'number added', statement: `${bare} (${number})${end}` },
    {
      attack: 'number in words',
      statement: isChinese ? `${bare}，九百天之内${end}` : `${bare} within ninety-seven days${end}`,
    },
    { attack: 'number in odd digits', statement: `${bare} (${oddDigits(number, draw)})${end}` },
    { attack: 'number with marks inside', statement: `${bare} (${number.split('').join('\u200b')})${end}` },
    {
      attack: 'name added',
      statement: isChinese ? `${name}说，${bare}${end}` : `${name} says that ${bare}${end}`,
    },
    {
      attack: 'name added',
      statement: isChinese ? `${bare}，由${name}负责${end}` : `${bare}, thanks to ${name}${end}`,
    },
    { attack: 'name at the start', statement: `${name}: ${bare}${end}` },
    { attack: 'link added', statement: `${bare}: https://${host}/x` },
    { attack: 'link behind words', statement: `[${bare}](https://${host}/x)${end}` },
    { attack: 'link without scheme', statement: `${bare} (${host})${end}` },
    { attack: 'link without scheme', statement: `[${bare}](//${host})${end}` },
    { attack: 'address added', statement: `${bare}, me@${host}${end}` },
    {
      attack: 'out of the air',
      statement: isChinese
        ? `${name}的总部在巴黎${end}`
        : `${name} was founded in Paris in 19${draw.number(10, 99)}${end}`,
    },
  ];
  const changed = mutateSentence(sentence, [])
    .filter(({ attack }) => attack !== 'link')
    .filter(({ statement }) => ![passage, ...others].some(({ text }) => plainText(text).includes(statement)));
  const swapped = swapNames(sentence, foreign);
  const way = draw.number(0, 9);
  if (way < 5 && changed.length > 0) return draw.one(changed);
  if (way < 6 && swapped !== null) return { attack: 'name of another passage', statement: swapped };
  return draw.one(added);
}

function oddDigits(number: string, draw: Draw): string {
  const digits = draw.one(DIGITS);
  return Array.from(number, (digit) => digits[Number(digit)] ?? digit).join('');
}

/** A sentence with a name of the invented shops exchanged for that of another passage; null when neither has one. */
function swapNames(sentence: string, foreign: readonly string[]): string | null {
  const own = PRODUCT_NAME.exec(sentence)?.[0];
  const other = foreign.flatMap((text) => PRODUCT_NAME.exec(text)?.[0] ?? [])[0];
  return own === undefined || other === undefined || own === other ? null : sentence.replace(own, other);
}
