import { cleanLine } from '../clean-text.ts';
import { countWords } from '../count-words.ts';
import { MARKER } from './reading-order.ts';
import type { Line } from './reading-order.ts';
import type { PdfPage } from './running-lines.ts';

/** An entry of the outline; `depth` counts from 0. */
export interface OutlineEntry {
  readonly title: string;
  readonly depth: number;
}

/** A heading and the lines it takes. */
export interface FoundHeading {
  readonly text: string;
  readonly lineCount: number;
  /** Names its look: size and weight. */
  readonly look: string;
}

/** Letters larger than the body by this factor are a heading's. */
const LARGER = 1.14;
const MOST_WORDS = 24;
const MOST_LINES = 3;

/** Size of the letters that most of the text is written in, and whether most of that is bold. */
export interface BodyLook {
  readonly size: number;
  readonly isBold: boolean;
}

/** Measures the body text of a document. */
export function findBody(pages: readonly PdfPage[]): BodyLook {
  const letters = new Map<string, { size: number; isBold: boolean; count: number }>();
  for (const { size, isBold, text } of pages.flatMap(({ lines }) => lines)) {
    const entry = letters.get(lookOf(size, isBold)) ?? { size, isBold, count: 0 };
    entry.count += text.length;
    letters.set(lookOf(size, isBold), entry);
  }
  const [most] = [...letters.values()].sort((a, b) => b.count - a.count);
  return { size: most?.size ?? 10, isBold: most?.isBold ?? false };
}

/** Reads the heading that begins with a line: what the outline names, or few words in larger or bolder letters than the body. */
export function readHeading(
  lines: readonly Line[],
  start: number,
  body: BodyLook,
  outline: ReadonlyMap<string, number>,
): FoundHeading | null {
  const first = lines[start];
  if (first === undefined) return null;
  const look = lookOf(first.size, first.isBold);
  const isLarger = first.size >= body.size * LARGER;
  const isBolder = first.isBold && !body.isBold && first.size >= body.size * 0.95;
  let text = first.text;
  let count = 1;
  for (; count <= MOST_LINES; count += 1) {
    const line = lines[start + count];
    const last = lines[start + count - 1];
    if (line === undefined || last === undefined || line.column !== first.column) break;
    const gap = line.y - last.y;
    if (lookOf(line.size, line.isBold) !== look || gap <= 0 || gap > 1.6 * line.size) break;
    // Two names of the outline below each other are two headings.
    if (outline.has(outlineKey(text)) || outline.has(outlineKey(line.text))) break;
    text += ` ${line.text}`;
  }
  if (outline.has(outlineKey(text)) && countWords(text) <= MOST_WORDS)
    return { text, lineCount: count, look };
  const isShort = count <= MOST_LINES && countWords(text) <= (isLarger ? MOST_WORDS : MOST_WORDS / 2);
  const isSentence = /[.;,。；，、…]$/.test(text);
  const marker = /^\S+/.exec(text)?.[0] ?? '';
  const isItem = MARKER.test(marker) && !/^\d/.test(marker);
  const hasWords = /\p{L}{2}|\p{sc=Han}/u.test(text);
  if (!(isLarger || isBolder) || !isShort || isSentence || isItem || !hasWords) return null;
  return first.segments.length > 1 && !isLarger ? null : { text, lineCount: count, look };
}

/** How a title is compared with the outline: without numbers and marks before it. */
export function outlineKey(text: string): string {
  return cleanLine(text)
    .toLowerCase()
    .replace(/^[\d.\s()]+(?=\D)/, '');
}

function lookOf(size: number, isBold: boolean): string {
  return `${Math.round(size * 2) / 2}${isBold ? ' bold' : ''}`;
}
