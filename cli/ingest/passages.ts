import type { Passage } from '../../src/contracts/passage.ts';
import { countWords } from './count-words.ts';
import type { Block, Section, SourceDocument } from './source-document.ts';

/** Paragraphs are merged until a passage has this many words. */
const AIM_WORDS = 40;
/** Paragraphs are not merged beyond this many words. */
const MOST_WORDS = 180;
/** A block is only cut when it alone has more words than this. */
const CUT_WORDS = 260;
/** A paragraph directly before a list or table is its introduction when it is no longer than this. */
const INTRODUCTION_WORDS = 60;

/**
 * Cuts documents into passages: under one heading each, 40 to 180 words where the text allows.
 *
 * Lists, steps, tables and code stay whole up to 260 words, with the paragraph that introduces them; longer ones are cut
 * between items, rows or lines, tables with their head repeated. No text is lost. Ids are `document id#running number`.
 */
export function makePassages(documents: readonly SourceDocument[]): Passage[] {
  return documents.flatMap(passagesOf);
}

function passagesOf(document: SourceDocument): Passage[] {
  const texts = document.sections.flatMap((section) =>
    packSection(section).map((packed) => ({ ...packed, section })),
  );
  return texts.map(({ text, anchor, section }, index) => ({
    id: `${document.id}#${index + 1}`,
    documentId: document.id,
    title: document.title,
    headings: section.headings,
    url: anchoredUrl(document.url, anchor ?? encodedAnchor(section)),
    language: document.language,
    text,
    questions: index === 0 ? document.questions : [],
    tags: document.tags,
    ...(document.collection === undefined ? {} : { collection: document.collection }),
    ...(document.metadata === undefined ? {} : { metadata: document.metadata }),
  }));
}

/** A text that stays whole, with the place where it begins. */
interface Unit {
  readonly text: string;
  readonly anchor: string | null;
}

/** The address of a place in a page; an address that already names one stays. */
function anchoredUrl(url: string | null, anchor: string | null): string | null {
  return url === null || anchor === null || url.includes('#') ? url : `${url}#${anchor}`;
}

/** The place of a section in its page, as an address writes it; null where it has none. */
function encodedAnchor({ anchor }: Section): string | null {
  return anchor === undefined ? null : encodeURIComponent(anchor);
}

function packSection(section: Section): Unit[] {
  const packed: Unit[] = [];
  let open: Unit[] = [];
  let openWords = 0;
  const close = (): void => {
    const [first] = open;
    if (first !== undefined)
      packed.push({ text: open.map(({ text }) => text).join('\n\n'), anchor: first.anchor });
    open = [];
    openWords = 0;
  };
  for (const unit of toUnits(section.blocks)) {
    const words = countWords(unit.text);
    if (openWords > 0 && (openWords + words > MOST_WORDS || (openWords >= AIM_WORDS && words >= AIM_WORDS)))
      close();
    open.push(unit);
    openWords += words;
  }
  close();
  return packed;
}

/** Joins introductions to what they introduce and cuts what is too long; each unit then stays whole. */
function toUnits(blocks: readonly Block[]): Unit[] {
  const units: Unit[] = [];
  let introduction: Unit | null = null;
  for (const block of blocks) {
    const anchor = block.anchor ?? null;
    if (block.kind === 'paragraph') {
      if (introduction !== null) units.push(introduction);
      introduction = null;
      if (countWords(block.markdown) <= INTRODUCTION_WORDS) introduction = { text: block.markdown, anchor };
      else units.push(...cutBlock(block, '').map((text) => ({ text, anchor })));
    } else {
      const before: Unit | null = introduction;
      const place = before === null ? anchor : before.anchor;
      units.push(...cutBlock(block, before?.text ?? '').map((text) => ({ text, anchor: place })));
      introduction = null;
    }
  }
  if (introduction !== null) units.push(introduction);
  return units;
}

function cutBlock(block: Block, introduction: string): string[] {
  const withIntroduction = (text: string): string =>
    introduction === '' ? text : `${introduction}\n\n${text}`;
  if (countWords(block.markdown) <= CUT_WORDS) return [withIntroduction(block.markdown)];
  const parts = block.kind === 'paragraph' ? sentencesOf(block.markdown) : block.parts;
  const joint = block.kind === 'paragraph' ? '' : '\n';
  const cuts: string[] = [];
  let open: string[] = [];
  let words = 0;
  for (const part of parts) {
    const size = countWords(part);
    if (open.length > 0 && words + size > MOST_WORDS) {
      cuts.push(open.join(joint));
      open = [];
      words = 0;
    }
    open.push(part);
    words += size;
  }
  if (open.length > 0) cuts.push(open.join(joint));
  // The head is repeated with every piece of a table; an introduction belongs to each piece too, which it explains.
  return cuts
    .map((cut) =>
      [block.head, block.kind === 'paragraph' ? cut.trim() : cut, block.tail].filter((piece) => piece !== ''),
    )
    .map((pieces) => withIntroduction(pieces.join('\n')));
}

/** Cuts prose behind sentence ends; a text without any is cut between words. Joined again it is the same text. */
function sentencesOf(text: string): string[] {
  const sentences = text.match(/[\s\S]*?(?:[.!?]["')\]]*\s+|[。！？][”’」』）]*|$)/gu) ?? [text];
  return sentences
    .filter((sentence) => sentence !== '')
    .flatMap((sentence) => {
      if (countWords(sentence) <= MOST_WORDS) return [sentence];
      const pieces: string[] = [];
      const step = Math.ceil(sentence.length / Math.ceil(countWords(sentence) / (MOST_WORDS / 2)));
      let start = 0;
      while (start < sentence.length) {
        const blank = sentence.indexOf(' ', start + step);
        const wide = /[，、；\s]/u.exec(sentence.slice(start + step));
        const end = wide === null ? -1 : start + step + wide.index + 1;
        const stop = end > 0 ? end : blank > 0 ? blank + 1 : sentence.length;
        pieces.push(sentence.slice(start, stop));
        start = stop;
      }
      return pieces;
    });
}
