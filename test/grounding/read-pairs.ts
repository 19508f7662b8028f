import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Passage } from '../../src/contracts/passage.ts';

/** A statement about a passage, and whether the passage supports it. */
export interface StatementCase {
  readonly isSupported: boolean;
  /** `verbatim`, `cut`, `paraphrase`, … of what is supported; the attack of what is not. */
  readonly kind: string;
  readonly statement: string;
}

/** A passage with statements about it. */
export interface PassageCases {
  readonly passage: Passage;
  /** Settings may be chosen on `tune`; `held` only tells how they do. */
  readonly half: 'tune' | 'held';
  readonly cases: readonly StatementCase[];
}

const FOLDER = join(import.meta.dirname, '../fixtures/grounding');
const HEAD = /^## (\S+) (tune|held) \| (.+)$/;
const CASE = /^([+-]) ([^:]+): (.+)$/;

/** Reads the pairs of a language, `en` or `zh`; throws on a line that is none of its form. */
export function readPairs(language: 'en' | 'zh'): readonly PassageCases[] {
  const text = readFileSync(join(FOLDER, `pairs-${language}.txt`), 'utf8');
  return text
    .split(/^(?=## )/m)
    .slice(1)
    .map((section) => readSection(section.trimEnd().split('\n'), language));
}

function readSection(lines: readonly string[], language: string): PassageCases {
  const [first = '', ...rest] = lines;
  const [, id = '', half, title = ''] = HEAD.exec(first) ?? [];
  if (half !== 'tune' && half !== 'held') throw new Error(`This is no head of a passage: ${first}`);
  const texts: string[] = [];
  const cases: StatementCase[] = [];
  for (const line of rest) {
    const found = CASE.exec(line);
    const [, sign, kind = '', statement = ''] = found ?? [];
    if (found !== null) cases.push({ isSupported: sign === '+', kind, statement });
    else if (line.startsWith('>')) texts.push(line.slice(2));
    else throw new Error(`This is neither passage nor statement: ${line}`);
  }
  return { passage: passageOf(id, title, texts.join('\n'), language), half, cases };
}

/** Makes a passage of nothing but text. */
export function passageOf(id: string, title: string, text: string, language: string): Passage {
  return { id, documentId: id, title, headings: [], url: null, language, text, questions: [], tags: [] };
}
