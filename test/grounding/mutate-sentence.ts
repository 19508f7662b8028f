/** A sentence changed so that it says something else. */
export interface Mutation {
  readonly attack: 'number' | 'unit' | 'negation dropped' | 'negation added' | 'name' | 'link' | 'limit';
  readonly statement: string;
}

const DIGITS = /(?<![\p{L}\p{N}.,:])\d+(?:[.,]\d+)*(?![\p{N}])/gu;
/** Units beside one another: each takes the place of the other. */
const UNITS = [
  ['hours', 'days'],
  ['days', 'weeks'],
  ['minutes', 'hours'],
  ['seconds', 'minutes'],
  ['months', 'years'],
  ['working days', 'days'],
  ['litres', 'millilitres'],
  ['°C', '°F'],
  ['cm', 'mm'],
  ['天', '小时'],
  ['个工作日', '天'],
  ['小时', '分钟'],
  ['分钟', '秒'],
  ['个月', '年'],
  ['升', '毫升'],
  ['元', '美元'],
] as const;
const NEGATIONS: readonly (readonly [found: RegExp, without: string])[] = [
  [/\bdo not /, ''],
  [/\bDo not (\p{Ll})/u, '$1'],
  [/\b(is|are|can|may|must|does|will) not\b/, '$1'],
  [/\bcannot\b/, 'can'],
  [/\bNever (\p{Ll})/u, '$1'],
  [/\bnever\b /, ''],
  [/\bno longer /, ''],
  [/不能/, '能'],
  [/不可以/, '可以'],
  [/不会/, '会'],
  [/不要/, '要'],
  [/(?<!有)没有/, '有'],
];
const AFFIRMATIONS: readonly (readonly [found: RegExp, denied: string])[] = [
  [/\b(is|are|can|may|must|will)\b(?! not)/, '$1 not'],
  [/(?<!不)可以/, '不可以'],
  [/(?<!不)能(?!否|不)/, '不能'],
  [/(?<!不)会(?!不)/, '不会'],
];
const LIMITS: readonly (readonly [found: RegExp, turned: string])[] = [
  [/\bwithin (?=\d)/, 'after '],
  [/\bat least\b/, 'at most'],
  [/\bup to\b/, 'at least'],
  [/\bmore than\b/, 'less than'],
  [/\bbefore\b/, 'after'],
  [/\bafter\b/, 'before'],
  [/\bunder (?=[£\d])/, 'over '],
  [/\bonly\b /, ''],
  [/\bunless\b/, 'if'],
  [/最多/, '至少'],
  [/之内|以内/, '之后'],
  [/以上/, '以下'],
  [/之前/, '之后'],
  [/除非/, '如果'],
];

/** Changes a sentence in every way that its words allow, one change each. `others` are names that the sentence does not tell. */
export function mutateSentence(
  sentence: string,
  others: readonly (readonly [name: string, other: string])[],
): Mutation[] {
  const mutations: Mutation[] = [];
  const add = (attack: Mutation['attack'], statement: string): void => {
    if (statement !== sentence) mutations.push({ attack, statement });
  };
  for (const { 0: digits, index } of sentence.matchAll(DIGITS)) {
    const swap = (number: string): string =>
      sentence.slice(0, index) + number + sentence.slice(index + digits.length);
    // The last digit one up, and a digit more in front.
    add('number', swap(digits.replace(/\d$/, (last) => String((Number(last) + 1) % 10))));
    add('number', swap(`1${digits}`));
  }
  for (const [one, other] of UNITS) {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const at = sentence.search(new RegExp(`(?<=\\d ?)${from}(?![\\p{Script=Latin}])`, 'u'));
      if (at >= 0) add('unit', sentence.slice(0, at) + to + sentence.slice(at + from.length));
    }
  }
  for (const [found, without] of NEGATIONS) add('negation dropped', sentence.replace(found, without));
  for (const [found, denied] of AFFIRMATIONS) add('negation added', sentence.replace(found, denied));
  for (const [found, turned] of LIMITS) add('limit', sentence.replace(found, turned));
  for (const [name, other] of others)
    if (sentence.includes(name) && !sentence.includes(other)) add('name', sentence.replace(name, other));
  add('link', `${sentence.replace(/[.。]$/, '')} https://example.com/elsewhere`);
  return mutations;
}
