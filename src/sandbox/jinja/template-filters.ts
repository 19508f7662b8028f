/*
 * Jinja's filters, all in one table: each is a few lines, and who looks for one looks here, which is why this file is longer than others.
 */
import { capitalized, splitLines, stripText } from '../python/python-text.ts';
import { roundDecimal } from '../python/round-decimal.ts';
import { CallReader } from './call-arguments.ts';
import { formatPercent } from './format-value.ts';
import type { PyArguments, PyValue } from './python-value.ts';
import {
  Missing,
  PyDict,
  PyFloat,
  PyList,
  PyObject,
  PyTuple,
  areEqual,
  compareValues,
  isFloat,
  isTrue,
  itemsOf,
  lengthOf,
  numberOf,
  reprOf,
  toFloat,
  toText,
  typeName,
  valueOr,
} from './python-value.ts';
import { TemplateFault } from './template-fault.ts';
import { toJsonText } from './to-python-value.ts';
import { centered, replaceText, sortValues } from './value-methods.ts';
import { wrapText } from './wrap-text.ts';

/** What filters ask of the renderer. */
export interface FilterHelp {
  /** `value.name` or `value[key]`, missing when there is none. */
  readonly member: (of: PyValue, key: PyValue) => PyValue;
  /** Applies a filter by its name. */
  readonly filter: (name: string, value: PyValue, given: PyArguments) => PyValue;
  /** Applies a test by its name. */
  readonly test: (name: string, value: PyValue, given: PyArguments) => boolean;
  /** In [0, 1). */
  readonly random: () => number;
}

/** A filter: what stands behind `|`. */
export type TemplateFilter = (value: PyValue, given: PyArguments, help: FilterHelp) => PyValue;

const reader = (name: string, given: PyArguments, ...names: readonly string[]): CallReader =>
  new CallReader(name, given, names);
const ofText =
  (change: (text: string) => PyValue): TemplateFilter =>
  (value) =>
    change(toText(value));

/** What `attribute="a.b"` gives of an element, after a default. */
function attributeReader(
  attribute: PyValue,
  help: FilterHelp,
  otherwise: PyValue = null,
): (item: PyValue) => PyValue {
  if (attribute === null) return (item) => item;
  const keys =
    typeof attribute === 'number'
      ? [attribute]
      : toText(attribute)
          .split('.')
          .map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  return (item) => {
    let value = item;
    for (const key of keys) {
      value = help.member(value, key);
      if (value instanceof Missing && otherwise !== null) value = otherwise;
    }
    return value;
  };
}

const lowered = (value: PyValue): PyValue => (typeof value === 'string' ? value.toLowerCase() : value);

function numberFilter(value: PyValue): number {
  const number = numberOf(value);
  if (number === null) throw new TemplateFault(`a number was expected, not ${typeName(value)}`);
  return number;
}

/** `int`: leading and trailing blanks are allowed, and floats are cut. */
function toInteger(value: PyValue, otherwise: PyValue, base: number): PyValue {
  const number = numberOf(value);
  if (number !== null) return Number.isFinite(number) ? Math.trunc(number) : otherwise;
  if (typeof value !== 'string') return otherwise;
  const text = stripText(value, null, 3).replace(/(?<=\d)_(?=\d)/g, '');
  const prefix = { 16: /^([-+]?)0x/i, 8: /^([-+]?)0o/i, 2: /^([-+]?)0b/i }[base];
  const plain = prefix === undefined ? text : text.replace(prefix, '$1');
  const digits = base <= 10 ? `0-${base - 1}` : `0-9a-${String.fromCharCode(86 + base)}`;
  if (base >= 2 && base <= 36 && new RegExp(`^[-+]?[${digits}]+$`, 'i').test(plain))
    return Number.parseInt(plain, base);
  const float = toFloatNumber(value);
  return float === null || !Number.isFinite(float) ? otherwise : Math.trunc(float);
}

function toFloatNumber(value: PyValue): number | null {
  const number = numberOf(value);
  if (number !== null) return number;
  if (typeof value !== 'string') return null;
  const text = stripText(value, null, 3).replace(/(?<=\d)_(?=\d)/g, '');
  if (/^[-+]?(?:inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^[-+]?nan$/i.test(text)) return Number.NaN;
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text) ? Number(text) : null;
}

function roundFilter(value: PyValue, given: PyArguments): PyValue {
  const args = reader('round', given, 'precision', 'method');
  const number = numberFilter(value);
  const precision = args.integer('precision', 0);
  const method = args.text('method', 'common');
  if (method === 'common') {
    const rounded = Number(roundDecimal(number, precision));
    return isFloat(value) ? toFloat(rounded) : rounded;
  }
  if (method !== 'ceil' && method !== 'floor')
    throw new TemplateFault('method must be common, ceil or floor');
  const unit = 10 ** precision;
  return toFloat((method === 'ceil' ? Math.ceil(number * unit) : Math.floor(number * unit)) / unit);
}

function fileSize(value: PyValue, given: PyArguments): string {
  const isBinary = reader('filesizeformat', given, 'binary').isSet('binary');
  const bytes = toFloatNumber(value) ?? 0;
  const base = isBinary ? 1024 : 1000;
  const units = isBinary
    ? ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB']
    : ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  for (const [at, unit] of units.entries()) {
    const size = base ** (at + 2);
    if (bytes < size || at === units.length - 1) return `${((base * bytes) / size).toFixed(1)} ${unit}`;
  }
  return '';
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('>', '&gt;')
    .replaceAll('<', '&lt;')
    .replaceAll("'", '&#39;')
    .replaceAll('"', '&#34;');
}

function truncate(value: PyValue, given: PyArguments): string {
  const args = reader('truncate', given, 'length', 'killwords', 'end', 'leeway');
  const points = Array.from(toText(value));
  const length = args.integer('length', 255);
  const end = args.text('end', '...');
  const size = Array.from(end).length;
  if (length < size) throw new TemplateFault(`expected length >= ${size}, got ${length}`);
  if (points.length <= length + args.integer('leeway', 5)) return points.join('');
  const cut = points.slice(0, length - size).join('');
  if (args.isSet('killwords')) return cut + end;
  const at = cut.lastIndexOf(' ');
  return (at < 0 ? cut : cut.slice(0, at)) + end;
}

function indent(value: PyValue, given: PyArguments): string {
  const args = reader('indent', given, 'width', 'first', 'blank');
  const width = args.value('width');
  const margin =
    typeof width === 'string' ? width : ' '.repeat(Math.max(0, Math.min(1000, args.integer('width', 4))));
  const [first = '', ...lines] = splitLines(`${toText(value)}\n`, false);
  const isBlank = args.isSet('blank');
  const rest = lines.map((line) => `\n${line !== '' || isBlank ? margin + line : line}`);
  return (args.isSet('first') ? margin : '') + first + rest.join('');
}

function batch(value: PyValue, given: PyArguments): PyValue {
  const args = reader('batch', given, 'linecount', 'fill_with');
  const size = Math.max(1, args.integer('linecount', 1));
  const items = itemsOf(value);
  const rows: PyList[] = [];
  for (let at = 0; at < items.length; at += size) rows.push(new PyList(items.slice(at, at + size)));
  const last = rows.at(-1);
  const fill = args.value('fill_with');
  if (fill !== null && last !== undefined) while (last.items.length < size) last.items.push(fill);
  return new PyList(rows);
}

function slice(value: PyValue, given: PyArguments): PyValue {
  const args = reader('slice', given, 'slices', 'fill_with');
  const items = itemsOf(value);
  const count = Math.max(1, Math.min(10_000, args.integer('slices', 1)));
  const size = Math.floor(items.length / count);
  const extra = items.length % count;
  const fill = args.value('fill_with');
  let offset = 0;
  const columns = Array.from({ length: count }, (_, at) => {
    const start = offset + at * size;
    if (at < extra) offset += 1;
    const column = new PyList(items.slice(start, offset + (at + 1) * size));
    if (fill !== null && at >= extra) column.items.push(fill);
    return column;
  });
  return new PyList(columns);
}

/** A group prints as the tuple that it is. */
function group(key: PyValue, items: PyList): PyValue {
  return new PyTuple([key, items]);
}

function groupBy(value: PyValue, given: PyArguments, help: FilterHelp): PyValue {
  const args = reader('groupby', given, 'attribute', 'default', 'case_sensitive');
  const read = attributeReader(args.need('attribute'), help, args.value('default'));
  const keyOf = args.isSet('case_sensitive') ? read : (item: PyValue) => lowered(read(item));
  const groups: { key: PyValue; shown: PyValue; items: PyList }[] = [];
  for (const item of sortValues(itemsOf(value), keyOf, false)) {
    const key = keyOf(item);
    const last = groups.at(-1);
    if (last !== undefined && areEqual(last.key, key)) last.items.items.push(item);
    else groups.push({ key, shown: read(item), items: new PyList([item]) });
  }
  return new PyList(groups.map(({ shown, items }) => group(shown, items)));
}

function sort(value: PyValue, given: PyArguments, help: FilterHelp): PyValue {
  const args = reader('sort', given, 'reverse', 'case_sensitive', 'attribute');
  const attribute = args.value('attribute');
  const readers = (attribute === null ? [null] : toText(attribute).split(',')).map((name) =>
    attributeReader(name, help),
  );
  const keep = args.isSet('case_sensitive') ? (key: PyValue) => key : lowered;
  const keyOf = (item: PyValue): PyValue => new PyTuple(readers.map((read) => keep(read(item))));
  return new PyList(sortValues(itemsOf(value), keyOf, args.isSet('reverse')));
}

function unique(value: PyValue, given: PyArguments, help: FilterHelp): PyValue {
  const args = reader('unique', given, 'case_sensitive', 'attribute');
  const read = attributeReader(args.value('attribute'), help);
  const keep = args.isSet('case_sensitive') ? (key: PyValue) => key : lowered;
  const seen = new PyDict();
  const kept = itemsOf(value).filter((item) => {
    const key = keep(read(item));
    if (seen.has(key)) return false;
    seen.set(key, true);
    return true;
  });
  return new PyList(kept);
}

function extreme(value: PyValue, given: PyArguments, help: FilterHelp, sign: 1 | -1): PyValue {
  const args = reader('min', given, 'case_sensitive', 'attribute');
  const read = attributeReader(args.value('attribute'), help);
  const keep = args.isSet('case_sensitive') ? (key: PyValue) => key : lowered;
  const [first, ...others] = itemsOf(value);
  if (first === undefined) return new Missing('No aggregated item, sequence was empty.');
  let best = first;
  for (const item of others) if (sign * compareValues(keep(read(item)), keep(read(best))) < 0) best = item;
  return best;
}

function sum(value: PyValue, given: PyArguments, help: FilterHelp): PyValue {
  const args = reader('sum', given, 'attribute', 'start');
  const read = attributeReader(args.value('attribute'), help);
  const items = itemsOf(value).map(read);
  const start = args.has('start') ? args.value('start') : 0;
  const total = items.reduce<number>((so, item) => so + numberFilter(item), numberFilter(start));
  return [start, ...items].some(isFloat) ? toFloat(total) : total;
}

function map(value: PyValue, given: PyArguments, help: FilterHelp): PyValue {
  const attribute = given.named.get('attribute');
  if (given.values.length === 0 && attribute !== undefined) {
    const read = attributeReader(attribute, help, given.named.get('default') ?? null);
    return new PyList(itemsOf(value).map(read));
  }
  const [name, ...values] = given.values;
  if (name === undefined) throw new TemplateFault('map requires a filter argument');
  const title = toText(name);
  return new PyList(itemsOf(value).map((item) => help.filter(title, item, { values, named: given.named })));
}

function choose(isKept: boolean, hasAttribute: boolean): TemplateFilter {
  return (value, given, help) => {
    const values = [...given.values];
    const attribute = hasAttribute ? values.shift() : null;
    if (attribute === undefined) throw new TemplateFault('Missing parameter for attribute name');
    const read = attributeReader(attribute, help);
    const name = values.shift();
    const kept = itemsOf(value).filter((item) => {
      const part = read(item);
      const holds =
        name === undefined ? isTrue(part) : help.test(toText(name), part, { values, named: given.named });
      return holds === isKept;
    });
    return new PyList(kept);
  };
}

function join(value: PyValue, given: PyArguments, help: FilterHelp): string {
  const args = reader('join', given, 'd', 'attribute');
  const read = attributeReader(args.value('attribute'), help);
  return itemsOf(value)
    .map((item) => toText(read(item)))
    .join(args.text('d', ''));
}

function dictSort(value: PyValue, given: PyArguments): PyValue {
  const args = reader('dictsort', given, 'case_sensitive', 'by', 'reverse');
  const by = args.text('by', 'key') === 'value' ? 1 : 0;
  if (!(value instanceof PyDict)) throw new TemplateFault('dictsort needs a mapping');
  const keep = args.isSet('case_sensitive') ? (key: PyValue) => key : lowered;
  const items = value.entries().map((entry) => new PyTuple(entry));
  const keyOf = (item: PyValue): PyValue => keep(item instanceof PyTuple ? (item.items[by] ?? null) : null);
  return new PyList(sortValues(items, keyOf, args.isSet('reverse')));
}

function urlEncode(value: PyValue): string {
  const quote = (text: string, safe: string): string =>
    Array.from(new TextEncoder().encode(text), (byte) => {
      const character = String.fromCharCode(byte);
      return byte < 0x80 && (/[\w.~-]/.test(character) || safe.includes(character))
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    }).join('');
  const pairs =
    value instanceof PyDict
      ? value.entries()
      : value instanceof PyList || value instanceof PyTuple
        ? value.items.map((item) => itemsOf(item))
        : null;
  if (pairs === null) return quote(toText(value), '/');
  return pairs
    .map(
      ([key = null, item = null]) =>
        `${quote(toText(key), '').replaceAll('%20', '+')}=${quote(toText(item), '').replaceAll('%20', '+')}`,
    )
    .join('&');
}

/** Jinja's own title: words begin behind blanks, hyphens and brackets. */
const titleFilter = (text: string): string =>
  text
    .split(/([-\s({[<]+)/)
    .map((word) => capitalized(word))
    .join('');

function htmlAttributes(value: PyValue, given: PyArguments): string {
  if (!(value instanceof PyDict)) throw new TemplateFault('xmlattr needs a mapping');
  const parts = value
    .entries()
    .filter(([, item]) => item !== null && !(item instanceof Missing))
    .map(([key, item]) => {
      const name = toText(key);
      if (/[\s/>=]/.test(name))
        throw new TemplateFault(`Invalid character in attribute name: ${reprOf(name)}`);
      return `${escapeHtml(name)}="${escapeHtml(toText(item))}"`;
    });
  const text = parts.join(' ');
  return text !== '' && reader('xmlattr', given, 'autospace').isSet('autospace', true) ? ` ${text}` : text;
}

/** JSON that is safe within HTML, as Jinja writes it. */
function toJson(value: PyValue, given: PyArguments): string {
  const args = reader('tojson', given, 'indent');
  if (value instanceof Missing || value instanceof PyObject)
    throw new TemplateFault(`Object of type ${typeName(value)} is not JSON serializable`);
  const size = args.value('indent') === null ? null : args.integer('indent', 0);
  return toJsonText(value, size, true)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll("'", '\\u0027');
}

function stripTags(text: string): string {
  let plain = text.replace(/<!--[\s\S]*?-->/g, '');
  plain = plain.replace(/<[^>]*>/g, '');
  const entities: Readonly<Record<string, string>> = {
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    nbsp: '\u00a0',
    '#39': "'",
    '#34': '"',
  };
  return plain
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ')
    .replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole);
}

function toList(value: PyValue): PyValue {
  return new PyList(itemsOf(value));
}

const defaulted: TemplateFilter = (value, given) => {
  const args = reader('default', given, 'default_value', 'boolean');
  const isGone = value instanceof Missing || (args.isSet('boolean') && !isTrue(value));
  return isGone ? (args.has('default_value') ? args.value('default_value') : '') : value;
};
const escaped: TemplateFilter = ofText(escapeHtml);
const length: TemplateFilter = (value) => lengthOf(value);

/** Filters by their names. */
export const TEMPLATE_FILTERS: ReadonlyMap<string, TemplateFilter> = new Map<string, TemplateFilter>([
  [
    'abs',
    (value) => {
      const size = Math.abs(numberFilter(value));
      return isFloat(value) ? toFloat(size) : size;
    },
  ],
  ['attr', (value, given, help) => help.member(value, reader('attr', given, 'name').need('name'))],
  ['batch', batch],
  ['capitalize', ofText(capitalized)],
  [
    'center',
    (value, given) => centered(toText(value), reader('center', given, 'width').integer('width', 80)),
  ],
  ['count', length],
  ['d', defaulted],
  ['default', defaulted],
  ['dictsort', dictSort],
  ['e', escaped],
  ['escape', escaped],
  ['filesizeformat', fileSize],
  ['first', (value) => valueOr(itemsOf(value)[0], () => new Missing('No first item, sequence was empty.'))],
  [
    'float',
    (value, given) => {
      const args = reader('float', given, 'default');
      const number = toFloatNumber(value);
      if (number !== null) return toFloat(number);
      return args.has('default') ? args.value('default') : new PyFloat(0);
    },
  ],
  ['forceescape', escaped],
  [
    'format',
    (value, given) => {
      if (given.values.length > 0 && given.named.size > 0)
        throw new TemplateFault("can't handle positional and keyword arguments at the same time");
      const named = new PyDict(given.named.entries());
      return formatPercent(toText(value), given.named.size > 0 ? named : new PyTuple(given.values));
    },
  ],
  ['groupby', groupBy],
  ['indent', indent],
  [
    'int',
    (value, given) => {
      const args = reader('int', given, 'default', 'base');
      return toInteger(value, args.has('default') ? args.value('default') : 0, args.integer('base', 10));
    },
  ],
  [
    'items',
    (value) => {
      if (value instanceof Missing) return new PyList([]);
      if (!(value instanceof PyDict)) throw new TemplateFault('Can only get item pairs from a mapping.');
      return new PyList(value.entries().map((entry) => new PyTuple(entry)));
    },
  ],
  ['join', join],
  ['last', (value) => valueOr(itemsOf(value).at(-1), () => new Missing('No last item, sequence was empty.'))],
  ['length', length],
  ['list', toList],
  ['lower', ofText((text) => text.toLowerCase())],
  ['map', map],
  ['max', (value, given, help) => extreme(value, given, help, -1)],
  ['min', (value, given, help) => extreme(value, given, help, 1)],
  ['pprint', (value) => reprOf(value)],
  [
    'random',
    (value, _given, help) => {
      const items = itemsOf(value);
      return valueOr(
        items[Math.floor(help.random() * items.length)],
        () => new Missing('No random item, sequence was empty.'),
      );
    },
  ],
  ['reject', choose(false, false)],
  ['rejectattr', choose(false, true)],
  [
    'replace',
    (value, given) => {
      const args = reader('replace', given, 'old', 'new', 'count');
      return replaceText(
        toText(value),
        toText(args.need('old')),
        toText(args.need('new')),
        args.integer('count', -1),
      );
    },
  ],
  [
    'reverse',
    (value) =>
      typeof value === 'string'
        ? Array.from(value).toReversed().join('')
        : new PyList(itemsOf(value).toReversed()),
  ],
  ['round', roundFilter],
  ['safe', (value) => toText(value)],
  ['select', choose(true, false)],
  ['selectattr', choose(true, true)],
  ['slice', slice],
  ['sort', sort],
  ['string', ofText((text) => text)],
  ['striptags', ofText(stripTags)],
  ['sum', sum],
  ['title', ofText(titleFilter)],
  ['tojson', toJson],
  [
    'trim',
    (value, given) => {
      const characters = reader('trim', given, 'chars').value('chars');
      return stripText(toText(value), characters === null ? null : toText(characters), 3);
    },
  ],
  ['truncate', truncate],
  ['unique', unique],
  ['upper', ofText((text) => text.toUpperCase())],
  ['urlencode', (value) => urlEncode(value)],
  ['wordcount', ofText((text) => text.match(/[\p{L}\p{M}\p{N}_]+/gu)?.length ?? 0)],
  [
    'wordwrap',
    (value, given) => {
      const args = reader('wordwrap', given, 'width', 'break_long_words', 'wrapstring', 'break_on_hyphens');
      const mark = args.text('wrapstring', '\n');
      return splitLines(toText(value), false)
        .map((line) =>
          wrapText(line, args.integer('width', 79), {
            breaksWords: args.isSet('break_long_words', true),
            breaksHyphens: args.isSet('break_on_hyphens', true),
          }).join(mark),
        )
        .join(mark);
    },
  ],
  ['xmlattr', htmlAttributes],
]);
