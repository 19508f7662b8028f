import { isRecord } from '../../../src/contracts/json.ts';
import { cleanLine } from '../clean-text.ts';
import { attribute, find, isElement } from '../html-tree.ts';
import type { HtmlNode } from '../html-tree.ts';

/** A question and its answer, as schema.org's Question notes them. */
export interface NotedQuestion {
  readonly question: string;
  /** HTML or plain text. */
  readonly answer: string;
}

/** What a page notes of itself for machines. */
export interface StructuredData {
  /** Names of a BreadcrumbList, outermost first. */
  readonly breadcrumb: readonly string[];
  readonly questions: readonly NotedQuestion[];
}

const MAX_SCRIPTS = 20;
const MAX_CHARACTERS = 500_000;
const MAX_OBJECTS = 5_000;
const MAX_DEPTH = 12;
const MAX_QUESTIONS = 500;
const MAX_CRUMBS = 10;

/** Reads the JSON-LD of a page. Broken or boundless data is as if it were not there. */
export function readStructuredData(document: HtmlNode): StructuredData {
  const objects: Record<string, unknown>[] = [];
  for (const text of scriptsOf(document)) {
    try {
      collectObjects(JSON.parse(text), objects, 0);
    } catch (error) {
      // JSON.parse: the script is no JSON.
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  const crumbs = objects.find((object) => isType(object, 'BreadcrumbList'));
  const questions = objects
    .filter((object) => isType(object, 'Question'))
    .slice(0, MAX_QUESTIONS)
    .flatMap((object) => questionOf(object) ?? []);
  return { breadcrumb: crumbs === undefined ? [] : crumbsOf(crumbs), questions };
}

function scriptsOf(document: HtmlNode): string[] {
  const texts: string[] = [];
  find(document, (element) => {
    if (element.tagName !== 'script') return false;
    if ((attribute(element, 'type') ?? '').trim().toLowerCase() !== 'application/ld+json') return false;
    const text = element.childNodes.map((node) => ('value' in node ? node.value : '')).join('');
    // Generators wrap it so, from the time when browsers showed it.
    if (text.length <= MAX_CHARACTERS)
      texts.push(text.replace(/^\s*(?:<!--|\/\/<!\[CDATA\[)|(?:-->|\/\/\]\]>)\s*$/g, ''));
    return texts.length >= MAX_SCRIPTS || !isElement(element);
  });
  return texts;
}

function collectObjects(value: unknown, found: Record<string, unknown>[], depth: number): void {
  if (depth > MAX_DEPTH || found.length >= MAX_OBJECTS) return;
  if (Array.isArray(value)) {
    for (const entry of value) collectObjects(entry, found, depth + 1);
  } else if (isRecord(value)) {
    found.push(value);
    for (const entry of Object.values(value)) collectObjects(entry, found, depth + 1);
  }
}

function isType(object: Record<string, unknown>, name: string): boolean {
  return listOf(object['@type']).some(
    (type) => typeof type === 'string' && type.replace(/^(?:https?:\/\/schema\.org\/|schema:)/, '') === name,
  );
}

function questionOf(object: Record<string, unknown>): NotedQuestion | null {
  const question = (textIn(object['name']) || textIn(object['text'])).replace(/<[^<>]*>/g, ' ');
  const answers = [...listOf(object['acceptedAnswer']), ...listOf(object['suggestedAnswer'])];
  const answer = answers
    .map((entry) => textIn(isRecord(entry) ? entry['text'] : entry))
    .find((text) => text !== '');
  return question === '' || question.length > 500 || answer === undefined
    ? null
    : { question: cleanLine(question), answer };
}

function crumbsOf(list: Record<string, unknown>): string[] {
  return listOf(list['itemListElement'])
    .slice(0, MAX_CRUMBS)
    .filter(isRecord)
    .map((entry, at) => ({ entry, at: Number(entry['position'] ?? at) }))
    .sort((one, other) => one.at - other.at)
    .map(({ entry }) => textIn(entry['name']) || textIn(isRecord(entry['item']) ? entry['item']['name'] : ''))
    .map(cleanLine)
    .filter((name) => name !== '');
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
