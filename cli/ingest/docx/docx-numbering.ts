import { elementsOf } from '../../../src/plan/document/xml.ts';
import type { XmlElement } from '../../../src/plan/document/xml.ts';
import { childOf, valueOf } from './docx-properties.ts';

/** Deepest level of a list. */
const MAX_LEVEL = 8;

/** Counts the items of a document's lists. */
export interface DocxNumbering {
  /** The marker of the next item, `- ` or `3. `; null when the list has no marks. */
  next(numberId: string, level: number): string | null;
}

interface Level {
  readonly format: string;
  readonly start: number;
}

/** Reads the lists of a document; lists of one definition are counted on, as the office program does. */
export function readNumbering(part: XmlElement | null): DocxNumbering {
  const elements = part === null ? [] : elementsOf(part);
  const definitions = new Map<string, readonly Level[]>();
  for (const element of elements)
    if (element.name === 'abstractNum')
      definitions.set(element.attributes['abstractNumId'] ?? '', levelsOf(element));
  const lists = new Map<string, { definition: string; starts: ReadonlyMap<number, number> }>();
  for (const element of elements)
    if (element.name === 'num')
      lists.set(element.attributes['numId'] ?? '', {
        definition: valueOf(element, 'abstractNumId') ?? '',
        starts: startsOf(element),
      });
  const counters = new Map<string, number[]>();
  const begun = new Set<string>();
  return {
    next(numberId, wanted) {
      const level = Math.min(Math.max(0, Math.trunc(wanted)), MAX_LEVEL);
      const list = lists.get(numberId);
      const { format, start } = definitions.get(list?.definition ?? '')?.[level] ?? {
        format: 'bullet',
        start: 1,
      };
      if (format === 'none') return null;
      if (format === 'bullet') return '- ';
      const key = list?.definition ?? numberId;
      const counts = counters.get(key) ?? [];
      counters.set(key, counts);
      const override = list?.starts.get(level);
      if (override !== undefined && !begun.has(`${numberId} ${level}`)) counts[level] = override - 1;
      begun.add(`${numberId} ${level}`);
      const count = (counts[level] ?? start - 1) + 1;
      counts[level] = count;
      counts.length = level + 1;
      return `${count}. `;
    },
  };
}

function levelsOf(definition: XmlElement): readonly Level[] {
  const levels: Level[] = [];
  for (const element of elementsOf(definition)) {
    const index = Number(element.attributes['ilvl'] ?? '0');
    if (element.name !== 'lvl' || !(index >= 0 && index <= MAX_LEVEL)) continue;
    levels[index] = { format: valueOf(element, 'numFmt') ?? 'decimal', start: countOf(element, 'start') };
  }
  return levels;
}

function startsOf(list: XmlElement): ReadonlyMap<number, number> {
  return new Map(
    elementsOf(list)
      .filter(({ name }) => name === 'lvlOverride')
      .filter((element) => childOf(element, 'startOverride') !== undefined)
      .map((element) => [Number(element.attributes['ilvl'] ?? '0'), countOf(element, 'startOverride')]),
  );
}

function countOf(element: XmlElement, name: string): number {
  const count = Number(valueOf(element, name) ?? '1');
  return Number.isInteger(count) && count >= 0 && count < 100_000 ? count : 1;
}
