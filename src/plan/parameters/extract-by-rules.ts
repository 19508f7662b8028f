import type { Json } from '../../contracts/json.ts';
import type { ParameterDefinition } from '../../contracts/plan-configs.ts';
import { guessLanguage } from '../../text/guess-language.ts';
import { localDay } from '../../text/slots/calendar.ts';
import { findEmails, findLinks } from '../../text/slots/find-addresses.ts';
import { findCodes } from '../../text/slots/find-codes.ts';
import { findDates } from '../../text/slots/find-dates.ts';
import type { FoundNumber } from '../../text/slots/find-numbers.ts';
import { findNumbers } from '../../text/slots/find-numbers.ts';
import { findPhones } from '../../text/slots/find-phones.ts';
import { MAX_LOOKED_AT } from '../../text/slots/find-slots.ts';
import { findTimes } from '../../text/slots/find-times.ts';
import type { FoundPiece } from '../../text/slots/found-piece.ts';
import { outside } from '../../text/slots/found-piece.ts';
import { topicWords } from '../classes/class-words.ts';
import { findOptions } from './find-options.ts';
import { findCalled, findFlag, findPhrase } from './find-phrases.ts';
import type { ParameterKind } from './parameter-kind.ts';
import { callsOfParameter, kindOfParameter } from './parameter-kind.ts';

/** What stands in a message, found once for all parameters. */
interface Findings {
  readonly message: string;
  readonly texts: { readonly [Kind in ParameterKind]?: readonly FoundPiece<string>[] };
  readonly numbers: readonly FoundNumber[];
}

/** Lists whose elements are texts. */
const LISTS_OF_TEXTS: ReadonlySet<string> = new Set(['array', 'array[string]', 'array[any]']);

/**
 * Finds parameters in a message by rules: what has a form of its own (addresses, numbers, days, options), what is called by name
 * ("city: Kyoto"), and names and places by the words that bring them in. English and Chinese.
 *
 * @param nowMs - The time of the message, for days such as "tomorrow".
 * @returns The values by name, those that were found; nothing is guessed.
 */
export function extractByRules(
  message: string,
  parameters: readonly ParameterDefinition[],
  nowMs: number,
): ReadonlyMap<string, Json> {
  const findings = look(message.slice(0, MAX_LOOKED_AT), nowMs);
  const taken = new Set<FoundPiece<unknown>>();
  const values = new Map<string, Json>();
  for (const parameter of parameters) {
    const value = findOne(findings, parameter, parameters, taken);
    if (value !== null) values.set(parameter.name, value);
  }
  return values;
}

function look(message: string, nowMs: number): Findings {
  const email = findEmails(message);
  const url = findLinks(message);
  const language = guessLanguage(message, 'en');
  // Of 3/4/2026 in English nobody can say which day it is: nothing is guessed. Elsewhere the day comes first.
  const dates = findDates(message, {
    today: localDay(nowMs),
    isMonthFirst: language === 'en' ? null : false,
    language,
  });
  // A parameter is one day.
  const date = dates.flatMap(({ value, start, end }) =>
    value.from === value.to ? [{ value: value.from, start, end }] : [],
  );
  const time = outside(findTimes(message), date);
  const code = outside(findCodes(message), date);
  // What is called a number of an order is none of a telephone.
  const phone = outside(findPhones(message), [
    ...date,
    ...code.filter(({ value }) => /[^\d\s().+-]/.test(value)),
  ]);
  // Of digits alone nobody can say whether they are a number, unless they are called an order's.
  const named = code.filter(({ value, isCalled }) => isCalled || /[A-Z-]/i.test(value));
  const others = [...email, ...url, ...dates, ...time, ...phone, ...named];
  const numbers = findNumbers(message, others, language);
  return { message, texts: { email, url, date, time, code, phone }, numbers };
}

function findOne(
  findings: Findings,
  parameter: ParameterDefinition,
  all: readonly ParameterDefinition[],
  taken: Set<FoundPiece<unknown>>,
): Json | null {
  const { type, options } = parameter;
  const isList = type.startsWith('array');
  if (options.length > 0) {
    const found = findOptions(findings.message, options);
    return isList ? (found.length > 0 ? found : null) : (found[0] ?? null);
  }
  if (type === 'boolean') {
    const words = [...topicWords(parameter.description).keys()].filter(
      (word) => word.length > 3 || /\p{Script=Han}{2}/u.test(word),
    );
    return findFlag(findings.message, callsOfParameter(parameter), words);
  }
  if (type === 'number' || type === 'integer' || type === 'float')
    return take(nearestNumber(findings, parameter, all, taken), taken);
  if (type === 'array[number]') {
    const numbers = findings.numbers.map(({ value }) => value);
    return numbers.length > 0 ? numbers : null;
  }
  if (isList) return LISTS_OF_TEXTS.has(type) ? findTexts(findings, parameter) : null;
  return type === 'object' ? null : findText(findings, parameter, all, taken);
}

function take<T extends Json>(piece: FoundPiece<T> | null, taken: Set<FoundPiece<unknown>>): T | null {
  if (piece === null) return null;
  taken.add(piece);
  return piece.value;
}

function findText(
  findings: Findings,
  parameter: ParameterDefinition,
  all: readonly ParameterDefinition[],
  taken: Set<FoundPiece<unknown>>,
): string | null {
  const { message, texts } = findings;
  const kind = kindOfParameter(parameter);
  const pieces = texts[kind];
  if (pieces !== undefined) {
    const own = pieces.find((piece) => !taken.has(piece)) ?? null;
    const value = take(own, taken);
    if (value !== null) return value;
  }
  const called = findCalled(message, callsOfParameter(parameter));
  if (called !== null) return called;
  if (kind === 'money' || kind === 'count') {
    const number = take(nearestNumber(findings, parameter, all, taken), taken);
    return number === null ? null : String(number);
  }
  // What the message is about is the message, as long as nothing else is sought in it.
  if (kind === 'whole') return message.trim() === '' ? null : message.trim();
  return findPhrase(message, kind);
}

function findTexts({ message, texts }: Findings, parameter: ParameterDefinition): readonly string[] | null {
  const own = texts[kindOfParameter(parameter)];
  if (own !== undefined && own.length > 0) return [...new Set(own.map(({ value }) => value))];
  const called = findCalled(message, callsOfParameter(parameter), true);
  const list = (called ?? '').split(/\s*(?:[,，、;；]|\band\b|和)\s*/).filter((item) => item !== '');
  return list.length > 0 ? list : null;
}

/** The number that is meant: an amount of money for money, else the one nearest to the parameter's words; a lone one for a lone parameter. */
function nearestNumber(
  { message, numbers }: Findings,
  parameter: ParameterDefinition,
  all: readonly ParameterDefinition[],
  taken: ReadonlySet<FoundPiece<unknown>>,
): FoundNumber | null {
  const kind = kindOfParameter(parameter);
  const free = numbers.filter((number) => !taken.has(number));
  const fitting =
    kind === 'money' && free.some(({ isMoney }) => isMoney)
      ? free.filter(({ isMoney }) => isMoney)
      : kind === 'count'
        ? free.filter(({ isMoney }) => !isMoney)
        : free;
  const words = [
    ...callsOfParameter(parameter),
    ...topicWords(`${parameter.name.replaceAll('_', ' ')} ${parameter.description}`).keys(),
  ];
  const lower = message.toLowerCase();
  const places = words.flatMap((word) =>
    word.length > 1 && lower.includes(word.toLowerCase()) ? [lower.indexOf(word.toLowerCase())] : [],
  );
  const distance = ({ start }: FoundNumber): number =>
    Math.min(...places.map((place) => Math.abs(place - start)));
  const [near] =
    places.length === 0 ? [] : [...fitting].sort((left, right) => distance(left) - distance(right));
  if (near !== undefined && distance(near) <= 40) return near;
  const [only] = fitting;
  if (only === undefined) return null;
  const rivals = all.filter(
    ({ name, type }) =>
      name !== parameter.name && (type === 'number' || type === 'integer' || type === 'float'),
  );
  const isClear =
    fitting.length === 1 &&
    (kind === 'money' ? only.isMoney || rivals.length === 0 : rivals.length === 0 || kind === 'count');
  return isClear ? only : null;
}
