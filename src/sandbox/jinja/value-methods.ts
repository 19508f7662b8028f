import {
  TEXT_TESTS,
  capitalized,
  expandTabs,
  splitBlank,
  splitLines,
  stripText,
  swapped,
} from '../python/python-text.ts';
import { CallReader } from './call-arguments.ts';
import { formatMethod } from './format-method.ts';
import type { PyArguments, PyValue } from './python-value.ts';
import {
  PyDict,
  PyList,
  PyObject,
  PyTuple,
  areEqual,
  compareValues,
  itemsOf,
  numberOf,
  toText,
  typeName,
  valueOr,
} from './python-value.ts';
import { TemplateFault } from './template-fault.ts';

/** Longest text that an operation may make. */
export const MAX_TEXT = 4_000_000;

type Method<T> = (self: T, given: PyArguments) => PyValue;
type Table<T> = Readonly<Record<string, Method<T>>>;
/** Gives attributes and items of values, for `format`. */
export type Member = (of: PyValue, key: PyValue) => PyValue;

const reader = (name: string, given: PyArguments, ...names: readonly string[]): CallReader =>
  new CallReader(name, given, names);
const list = (items: readonly string[]): PyList => new PyList(items);

function needText(value: PyValue): string {
  if (typeof value === 'string') return value;
  throw new TemplateFault(`must be str, not ${typeName(value)}`);
}

/** Pads a text to a width. */
export function padText(text: string, width: number, left: (missing: number) => number, mark = ' '): string {
  const missing = Math.max(0, Math.min(MAX_TEXT, width) - Array.from(text).length);
  const before = left(missing);
  return mark.repeat(before) + text + mark.repeat(missing - before);
}

/** `str.center`: the odd blank goes left in odd widths, as CPython has it. */
export const centered = (text: string, width: number, mark = ' '): string =>
  padText(text, width, (missing) => Math.floor(missing / 2) + (missing & width & 1), mark);

/** `text.replace(old, new, count)`; count below 0 = all. */
export function replaceText(text: string, old: string, by: string, count: number): string {
  const pieces = old === '' ? ['', ...Array.from(text), ''] : text.split(old);
  const times = count < 0 ? pieces.length - 1 : Math.min(count, pieces.length - 1);
  if (text.length + times * by.length > MAX_TEXT) throw new TemplateFault('a text is too long');
  const rest = old === '' ? pieces.slice(times).join('') : pieces.slice(times).join(old);
  return times === 0 ? text : `${pieces.slice(0, times).join(by)}${by}${rest}`;
}

function split(text: string, given: PyArguments, fromRight: boolean): PyList {
  const args = reader('split', given, 'sep', 'maxsplit');
  const most = args.integer('maxsplit', -1);
  const separator = args.value('sep');
  if (separator === null) return list(splitBlank(text, most, fromRight));
  const mark = needText(separator);
  if (mark === '') throw new TemplateFault('empty separator');
  const pieces = text.split(mark);
  if (most < 0 || pieces.length <= most + 1) return list(pieces);
  return fromRight
    ? list([pieces.slice(0, pieces.length - most).join(mark), ...pieces.slice(pieces.length - most)])
    : list([...pieces.slice(0, most), pieces.slice(most).join(mark)]);
}

function partition(text: string, given: PyArguments, fromRight: boolean): PyTuple {
  const mark = needText(reader('partition', given, 'sep').need('sep'));
  const at = fromRight ? text.lastIndexOf(mark) : text.indexOf(mark);
  if (at < 0) return new PyTuple(fromRight ? ['', '', text] : [text, '', '']);
  return new PyTuple([text.slice(0, at), mark, text.slice(at + mark.length)]);
}

/** Place of a text in another in code points, −1 when it is not there. */
function find(text: string, given: PyArguments, fromRight: boolean): number {
  const args = reader('find', given, 'sub', 'start', 'end');
  const points = Array.from(text);
  const clamp = (value: number): number =>
    Math.max(0, Math.min(points.length, value < 0 ? value + points.length : value));
  const from = clamp(args.integer('start', 0));
  const to = clamp(args.integer('end', points.length));
  const part = points.slice(from, to).join('');
  const needle = needText(args.need('sub'));
  const at = fromRight ? part.lastIndexOf(needle) : part.indexOf(needle);
  return at < 0 ? -1 : from + Array.from(part.slice(0, at)).length;
}

function hasEnd(text: string, given: PyArguments, test: (part: string) => boolean): boolean {
  const wanted = reader('startswith', given, 'prefix').need('prefix');
  const ends = wanted instanceof PyTuple ? wanted.items : [wanted];
  return ends.some((end) => test(needText(end)));
}

const tested =
  (name: string): Method<string> =>
  (text) =>
    TEXT_TESTS.get(name)?.test(text) ?? false;
const stripped =
  (sides: number): Method<string> =>
  (text, given) => {
    const characters = reader('strip', given, 'chars').value('chars');
    return stripText(text, characters === null ? null : needText(characters), sides);
  };
/** Python's title: letters in turn. */
const titleCase = (text: string): string => text.replace(/\p{L}[\p{L}\p{M}]*/gu, (word) => capitalized(word));

const TEXT_METHODS: Table<string> = {
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  casefold: (text) => text.toLowerCase(),
  title: titleCase,
  capitalize: capitalized,
  swapcase: swapped,
  strip: stripped(3),
  lstrip: stripped(1),
  rstrip: stripped(2),
  split: (text, given) => split(text, given, false),
  rsplit: (text, given) => split(text, given, true),
  splitlines: (text, given) =>
    list(splitLines(text, reader('splitlines', given, 'keepends').isSet('keepends'))),
  partition: (text, given) => partition(text, given, false),
  rpartition: (text, given) => partition(text, given, true),
  join: (text, given) =>
    itemsOf(reader('join', given, 'iterable').need('iterable'))
      .map(needText)
      .join(text),
  replace: (text, given) => {
    const args = reader('replace', given, 'old', 'new', 'count');
    return replaceText(
      text,
      needText(args.need('old')),
      needText(args.need('new')),
      args.integer('count', -1),
    );
  },
  startswith: (text, given) => hasEnd(text, given, (part) => text.startsWith(part)),
  endswith: (text, given) => hasEnd(text, given, (part) => text.endsWith(part)),
  find: (text, given) => find(text, given, false),
  rfind: (text, given) => find(text, given, true),
  index: (text, given) => {
    const at = find(text, given, false);
    if (at < 0) throw new TemplateFault('substring not found');
    return at;
  },
  count: (text, given) => {
    const part = needText(reader('count', given, 'sub').need('sub'));
    return part === '' ? Array.from(text).length + 1 : text.split(part).length - 1;
  },
  zfill: (text, given) => {
    const width = reader('zfill', given, 'width').integer('width', 0);
    const sign = /^[-+]/.exec(text)?.[0] ?? '';
    return sign + padText(text.slice(sign.length), width - sign.length, (missing) => missing, '0');
  },
  center: (text, given) => {
    const args = reader('center', given, 'width', 'fillchar');
    return centered(text, args.integer('width', 0), args.text('fillchar', ' '));
  },
  ljust: (text, given) => {
    const args = reader('ljust', given, 'width', 'fillchar');
    return padText(text, args.integer('width', 0), () => 0, args.text('fillchar', ' '));
  },
  rjust: (text, given) => {
    const args = reader('rjust', given, 'width', 'fillchar');
    return padText(text, args.integer('width', 0), (missing) => missing, args.text('fillchar', ' '));
  },
  expandtabs: (text, given) => expandTabs(text, reader('expandtabs', given, 'tabsize').integer('tabsize', 8)),
  removeprefix: (text, given) => {
    const part = needText(reader('removeprefix', given, 'prefix').need('prefix'));
    return text.startsWith(part) ? text.slice(part.length) : text;
  },
  removesuffix: (text, given) => {
    const part = needText(reader('removesuffix', given, 'suffix').need('suffix'));
    return part !== '' && text.endsWith(part) ? text.slice(0, -part.length) : text;
  },
  isalpha: tested('alpha'),
  isdigit: tested('digit'),
  isdecimal: tested('decimal'),
  isnumeric: tested('numeric'),
  isalnum: tested('alnum'),
  isspace: tested('space'),
  isascii: (text) => text === '' || (TEXT_TESTS.get('ascii')?.test(text) ?? false),
  islower: (text) => text.toLowerCase() === text && text.toUpperCase() !== text,
  isupper: (text) => text.toUpperCase() === text && text.toLowerCase() !== text,
  istitle: (text) => titleCase(text) === text && text.toLowerCase() !== text.toUpperCase(),
};

/** Index of an element. @throws TemplateFault. */
function indexIn(items: readonly PyValue[], wanted: PyValue): number {
  const at = items.findIndex((item) => areEqual(item, wanted));
  if (at < 0) throw new TemplateFault('the value is not in the list');
  return at;
}

/** Orders values; the same ones keep their order. */
export function sortValues(
  items: readonly PyValue[],
  keyOf: (item: PyValue) => PyValue,
  isReversed: boolean,
): readonly PyValue[] {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  const sign = isReversed ? -1 : 1;
  return keyed.toSorted((a, b) => sign * compareValues(a.key, b.key)).map(({ item }) => item);
}

const LIST_METHODS: Table<PyList> = {
  append: ({ items }, given) => {
    items.push(reader('append', given, 'item').need('item'));
    return null;
  },
  extend: ({ items }, given) => {
    items.push(...itemsOf(reader('extend', given, 'items').need('items')));
    return null;
  },
  insert: ({ items }, given) => {
    const args = reader('insert', given, 'index', 'item');
    items.splice(args.integer('index', 0), 0, args.need('item'));
    return null;
  },
  pop: ({ items }, given) => {
    const [value] = items.splice(reader('pop', given, 'index').integer('index', -1), 1);
    if (value === undefined) throw new TemplateFault('pop from empty list');
    return value;
  },
  remove: ({ items }, given) => {
    items.splice(indexIn(items, reader('remove', given, 'item').need('item')), 1);
    return null;
  },
  index: ({ items }, given) => indexIn(items, reader('index', given, 'item').need('item')),
  count: ({ items }, given) => {
    const wanted = reader('count', given, 'item').need('item');
    return items.filter((item) => areEqual(item, wanted)).length;
  },
  reverse: ({ items }) => {
    items.reverse();
    return null;
  },
  sort: ({ items }, given) => {
    const args = reader('sort', given, 'reverse');
    items.splice(0, items.length, ...sortValues(items, (item) => item, args.isSet('reverse')));
    return null;
  },
  clear: ({ items }) => {
    items.length = 0;
    return null;
  },
  copy: ({ items }) => new PyList(items),
};

const DICT_METHODS: Table<PyDict> = {
  items: (dict) => new PyList(dict.entries().map((entry) => new PyTuple(entry))),
  keys: (dict) => new PyList(dict.entries().map(([key]) => key)),
  values: (dict) => new PyList(dict.entries().map(([, value]) => value)),
  get: (dict, given) => {
    const args = reader('get', given, 'key', 'default');
    return valueOr(dict.get(args.need('key')), () => args.value('default'));
  },
  setdefault: (dict, given) => {
    const args = reader('setdefault', given, 'key', 'default');
    const key = args.need('key');
    if (!dict.has(key)) dict.set(key, args.value('default'));
    return dict.get(key) ?? null;
  },
  update: (dict, given) => {
    const [other] = given.values;
    if (other instanceof PyDict) for (const [key, value] of other.entries()) dict.set(key, value);
    for (const [key, value] of given.named) dict.set(key, value);
    return null;
  },
  pop: (dict, given) => {
    const args = reader('pop', given, 'key', 'default');
    const key = args.need('key');
    const value = dict.get(key);
    if (value === undefined && !args.has('default')) throw new TemplateFault(toText(key));
    dict.delete(key);
    return valueOr(value, () => args.value('default'));
  },
  copy: (dict) => new PyDict(dict.entries()),
};

function bound<T>(self: T, table: Table<T>, name: string): PyValue | undefined {
  const method = Object.hasOwn(table, name) ? table[name] : undefined;
  return method === undefined
    ? undefined
    : new PyObject(`<method ${name}>`, { call: (given) => method(self, given) });
}

/** A method of a value; undefined when it has none of the name. */
export function methodOf(value: PyValue, name: string, member: Member): PyValue | undefined {
  if (typeof value === 'string') {
    if (name !== 'format') return bound(value, TEXT_METHODS, name);
    return new PyObject('<method format>', { call: (given) => formatMethod(value, given, member) });
  }
  if (value instanceof PyList) return bound(value, LIST_METHODS, name);
  if (value instanceof PyDict) return bound(value, DICT_METHODS, name);
  if (value instanceof PyTuple && (name === 'index' || name === 'count'))
    return bound(new PyList(value.items), LIST_METHODS, name);
  const number = numberOf(value);
  if (number !== null && name === 'is_integer')
    return new PyObject('<method is_integer>', { call: () => Number.isInteger(number) });
  return undefined;
}
