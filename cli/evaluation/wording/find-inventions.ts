/** A piece of a statement that its source does not hold. */
export interface Invention {
  /** `word`: a long word, or two Chinese characters side by side; a fair paraphrase has such too. */
  readonly kind: 'number' | 'link' | 'name' | 'negation' | 'word';
  readonly piece: string;
}

/*
 * A judge of statements that shares no code with src/grounding, so that a mistake there shows here. It is coarser: it asks whether the
 * pieces stand in the source at all, not whether they stand together.
 */

const NUMBER = /\d+(?:[.,:]\d+)*/g;
const NUMBER_WORDS = new Map(
  'two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty ninety hundred'
    .split(' ')
    .map((word, at) => [
      word,
      [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20, 30, 40, 50, 60, 90, 100][at] ?? 0,
    ]),
);
const LINK =
  /(?:https?:\/\/|www\.)[^\s<>()[\]"'，。；！？、）]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[a-z\d-]+(?:\.[a-z\d-]+)*\.(?:com|net|org|io|co|cn|de|uk|eu|shop|store|info|biz|xyz|ru|example|test|invalid)\b(?:\/[^\s<>()[\]"'，。]*)?/giu;
const LINK_TARGET = /\]\(([^()\s]+)\)/g;
const LATIN_WORD = /[\p{Script=Latin}\d]+(?:[-'’][\p{Script=Latin}\d]+)*/gu;
const SENTENCE_START = /(?:^|[.!?:。！？：\n]["'”’)]?\s+|^\W+|\n\W*)$/u;
const LONG_WORD = 5;
/** Words with which a sentence may lead into what the page says. */
const OPENINGS = new Set(['there', 'these', 'those', 'which', 'before', 'after', 'please']);
const NEGATION = /^(?:not|no|never|without|nor|neither|不|没|沒|无|無|未|勿|别|別)$/u;
const AUXILIARY = /^(?:do|does|did)$/;
const TOKEN = /\p{Script=Han}|[\p{Script=Latin}\d]+/gu;

/** Finds the pieces of a statement that a source, the text of a page with its title and headings, does not hold. */
export function findInventions(statement: string, source: string): readonly Invention[] {
  const said = flatten(statement.replace(/\[\d{1,2}\]/g, ' '));
  const page = flatten(source);
  const readable = (text: string): string => text.replace(LINK_TARGET, '] ').replace(LINK, ' ');
  return [
    ...linksOf(said)
      .filter((link) => !page.toLowerCase().includes(link))
      .map((piece): Invention => ({ kind: 'link', piece })),
    ...foreignNumbers(readable(said), page),
    ...foreignWords(readable(said), page),
    ...turnedNegations(readable(said), readable(page)),
  ];
}

function flatten(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[‘’]/g, "'")
    .replace(/[*_`|>]/g, ' ')
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '');
}

function linksOf(text: string): readonly string[] {
  const targets = [...text.matchAll(LINK_TARGET)].map((match) => match[1] ?? '');
  return [...targets, ...(text.match(LINK) ?? [])].map((link) =>
    link
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/[.,;:!?/]+$/, ''),
  );
}

function numbersOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  const spelled = words.flatMap((word) => NUMBER_WORDS.get(word) ?? []);
  return new Set([...(text.match(NUMBER) ?? []), ...spelled.map(String)]);
}

function foreignNumbers(said: string, page: string): readonly Invention[] {
  const held = numbersOf(page);
  // The number of a step is not part of what it says.
  return [...numbersOf(said.replace(/^\s*\d{1,2}[.)]\s/gm, ' '))]
    .filter((number) => !held.has(number))
    .map((piece) => ({ kind: 'number', piece }));
}

/** Names are told by capitals inside a sentence, by digits, and by Latin letters in a Chinese text. */
function foreignWords(said: string, page: string): readonly Invention[] {
  const bare = (word: string): string => word.toLowerCase().replace(/'s?$/, '');
  const held = new Set(
    (page.match(LATIN_WORD) ?? []).flatMap((word) => [bare(word), ...bare(word).split('-')]),
  );
  const flat = page.toLowerCase();
  const isChinese = /\p{Script=Han}{2}/u.test(said);
  const found: Invention[] = [];
  for (const match of said.matchAll(LATIN_WORD)) {
    const word = bare(match[0]);
    // Numbers, in digits or in words, are looked at by themselves.
    if (/^\d+$/.test(word) || NUMBER_WORDS.has(word)) continue;
    if (held.has(word) || held.has(word.replace(/s$/, ''))) continue;
    const isFirst = SENTENCE_START.test(said.slice(0, match.index));
    const isName = isChinese || /\d/.test(word) || (/^\p{Lu}/u.test(match[0]) && !isFirst);
    if (isName) found.push({ kind: 'name', piece: match[0] });
    // It may be inflected otherwise than on the page; its first letters may not differ.
    else if (
      word.length >= LONG_WORD &&
      !OPENINGS.has(word) &&
      !flat.includes(word.slice(0, Math.max(4, word.length - 3)))
    )
      found.push({ kind: 'word', piece: match[0] });
  }
  return [
    ...found,
    ...hanPairs(said)
      .filter((pair) => !page.includes(pair))
      .map((piece): Invention => ({ kind: 'word', piece })),
  ];
}

function hanPairs(text: string): readonly string[] {
  return [...text.matchAll(/(?=(\p{Script=Han}{2}))/gu)].map((match) => match[1] ?? '');
}

/** A token with the number of negations right before it. */
interface Told {
  readonly token: string;
  readonly negations: number;
}

/** Where a statement tells the words of a sentence in their order, but denies what that affirms, or affirms what it denies. */
function turnedNegations(said: string, page: string): readonly Invention[] {
  const statement = tell(said);
  if (statement.length < 3) return [];
  const matches = page.split(/(?<=[.!?。！？])\s*|\n/u).flatMap((sentence) => {
    const told = tell(sentence);
    return told.flatMap((_, start) => {
      const part = told.slice(start, start + statement.length);
      const isSame =
        part.length === statement.length && part.every((one, at) => one.token === statement[at]?.token);
      return isSame ? [part.every((one, at) => one.negations === statement[at]?.negations)] : [];
    });
  });
  return matches.length > 0 && !matches.includes(true) ? [{ kind: 'negation', piece: said.trim() }] : [];
}

function tell(text: string): readonly Told[] {
  const tokens =
    text
      .toLowerCase()
      .replace(/\bcannot\b/g, 'can not')
      .replace(/\bcan't\b/g, 'can not')
      .replace(/\bwon't\b/g, 'will not')
      .replace(/n't\b/g, ' not')
      .match(TOKEN) ?? [];
  const told: Told[] = [];
  let negations = 0;
  for (const token of tokens) {
    if (AUXILIARY.test(token)) continue;
    if (NEGATION.test(token)) {
      negations += 1;
      continue;
    }
    told.push({ token, negations });
    negations = 0;
  }
  return told;
}
