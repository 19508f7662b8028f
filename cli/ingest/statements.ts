import type { Passage } from '../../src/contracts/passage.ts';
import { analyzeText } from '../../src/retrieval/analyze.ts';
import { isFiller } from '../../src/retrieval/filler-words.ts';
import { normalizeText } from '../../src/text/normalize-text.ts';
import { parseMarkdownBlocks } from '../../src/text/markdown-blocks.ts';
import { plainText } from '../../src/text/plain-text.ts';
import { splitSentences } from '../../src/text/split-sentences.ts';
import { type Measure, measureText } from './measured-values.ts';

/** A sentence, an item of a list or a cell of a table, and what it states. */
export interface Statement {
  readonly passage: Passage;
  readonly order: number;
  readonly text: string;
  /** Terms that say what it is about, without numbers; of a cell those of its row and column. */
  readonly terms: ReadonlySet<string>;
  /** How many they are, counted as often as they are said. */
  readonly length: number;
  /** Names with digits, versions, and numbers that measure nothing: another one makes another thing. */
  readonly codes: string;
  /** Words by which it holds in some cases only. */
  readonly conditions: string;
  readonly measures: readonly Measure[];
  readonly isNegated: boolean;
  readonly isCell: boolean;
}

const EXAMPLE =
  /\b(?:examples?|e\.g|for instance|scenario|suppose|imagine|let's say|sample|demo|z\. ?b|beispiel|par exemple|por ejemplo)\b|例如|比如|假设|举例|示例|样例|譬如/iu;
/** Titles and headings of what was true once. */
const DATED =
  /\b(?:release notes?|change ?log|what's new|release history|version history|history|archive|news|bulletin|announcement|minutes of|\d{4}-\d{2}(?:-\d{2})?|(?:19|20)\d{2})\b|更新日志|发行说明|版本历史|公告|新增功能/iu;
const CONDITION =
  /(?<!\p{L})(?:if|when|unless|until|while|once|after|before|during|except|without|with|only|otherwise|already|first|next|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun|wenn|falls|nach|vor|ohne|si|sans|avant|après|sin|antes|después)(?!\p{L})|如果|若|当|除非|之前|之后|以前|以后|期间|只有|没有|周[一二三四五六日]|星期[一二三四五六日]/giu;
const NEGATION =
  /(?<!\p{L})(?:(?:no|not)(?! (?:more|less|fewer|later|earlier|longer|shorter|greater|lower|higher) than)|never|cannot|can't|don't|doesn't|won't|isn't|aren't|didn't|nor|none|neither|without|nicht|kein\p{L}*|nie|pas|jamais|nunca)(?!\p{L})|不(?!(?:得|能|可以?|会|允许)?(?:超过|多于|少于|低于))(?:能|可以?|会|支持|需要|要|允许|得|用|必)|无法|没有|未/giu;
const NEGATED = new RegExp(NEGATION.source, 'iu');
const WHETHER = /\bor not\b|是否/gu;
const CODE = /(?<!\p{L})[\p{L}-]*\d[\p{L}\d._-]*/gu;

/** Takes passages apart into what they state. Code, examples and pages of what was true once are left out. */
export function statementsOf(passage: Passage, order: number): Statement[] {
  if ([passage.title, ...passage.headings].some((head) => DATED.test(head))) return [];
  return parseMarkdownBlocks(passage.text).flatMap((block): Statement[] => {
    if (block.kind === 'code') return [];
    if (block.kind === 'table') {
      return block.rows.flatMap(({ cells }) =>
        cells.slice(1).flatMap((cell, at) => {
          const subject = `${cells[0] ?? ''} ${block.header[at + 1] ?? ''}`;
          return cell === ''
            ? []
            : [state(passage, order, `${subject.trim()}: ${cell}`, { subject, said: cell })];
        }),
      );
    }
    const texts = block.kind === 'list' ? block.items.map(({ markdown }) => markdown) : [block.markdown];
    return texts
      .flatMap((text) => text.split('\n'))
      .flatMap((line) => splitSentences(line))
      .map((sentence) => plainText(sentence).trim())
      .filter((sentence) => sentence !== '' && !EXAMPLE.test(sentence))
      .map((sentence) => state(passage, order, sentence, null));
  });
}

function state(
  passage: Passage,
  order: number,
  text: string,
  cell: { readonly subject: string; readonly said: string } | null,
): Statement {
  const normal = normalizeText(text);
  const { measures, rest } = measureText(cell === null ? normal : normalizeText(cell.said));
  const about = cell === null ? rest : normalizeText(cell.subject);
  const words = about.replace(NEGATION, ' ').replace(CODE, ' ');
  const codes = `${about} ${rest}`.match(CODE) ?? [];
  const terms = analyzeText(words, passage.language).filter((term) => !isFiller(term));
  return {
    passage,
    order,
    text,
    terms: new Set(terms),
    length: terms.length,
    codes: [...new Set(codes)].sort().join(' '),
    conditions: [...new Set(rest.match(CONDITION) ?? [])].sort().join(' '),
    measures,
    isNegated: NEGATED.test(normal.replace(WHETHER, ' ')),
    isCell: cell !== null,
  };
}
