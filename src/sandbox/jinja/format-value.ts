import { separateThousands } from '../python/python-text.ts';
import { roundDecimal } from '../python/round-decimal.ts';
import type { PyValue } from './python-value.ts';
import {
  Missing,
  PyDict,
  PyTuple,
  floatText,
  isFloat,
  numberOf,
  reprOf,
  toText,
  typeName,
} from './python-value.ts';
import { TemplateFault } from './template-fault.ts';

/** A longer field is an attack. */
const MAX_WIDTH = 10_000;

const SPEC = /^(?:([\s\S])?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/u;

/** `format(value, spec)`. @throws TemplateFault. */
export function formatValue(value: PyValue, spec: string): string {
  if (spec === '') return toText(value);
  const match = SPEC.exec(spec);
  if (match === null) throw new TemplateFault(`Invalid format specifier '${spec}'`);
  const [, fill, align, sign = '-', alternate, zero, width = '0', separator, precision, type] = match;
  if (Number(width) > MAX_WIDTH || Number(precision ?? 0) > 1000)
    throw new TemplateFault('a format is too wide');
  const number = numberOf(value);
  const places = precision === undefined ? null : Number(precision);
  const pad = (text: string, prefix: string): string => {
    const size = Number(width) - Array.from(text).length - prefix.length;
    const mark = fill ?? (zero === undefined ? ' ' : '0');
    const place = align ?? (zero !== undefined && number !== null ? '=' : number === null ? '<' : '>');
    const filler = mark.repeat(Math.max(0, size));
    if (place === '<') return prefix + text + filler;
    if (place === '=') return prefix + filler + text;
    if (place === '>') return filler + prefix + text;
    const left = Math.floor(filler.length / 2);
    return mark.repeat(left) + prefix + text + mark.repeat(filler.length - left);
  };
  if (number === null || (typeof value === 'boolean' && (type === undefined || type === 's'))) {
    if (type !== undefined && type !== 's')
      throw new TemplateFault(`Unknown format code '${type}' for object of type '${typeName(value)}'`);
    const text = toText(value);
    return pad(places === null ? text : Array.from(text).slice(0, places).join(''), '');
  }
  const prefix = number < 0 || Object.is(number, -0) ? '-' : sign === '-' ? '' : sign;
  let body = formatNumber(Math.abs(number), isFloat(value), type ?? '', places, alternate !== undefined);
  if (separator !== undefined) body = separateThousands(body).replaceAll(',', separator);
  return pad(body, prefix);
}

function formatNumber(
  size: number,
  isFloating: boolean,
  type: string,
  places: number | null,
  isLong: boolean,
): string {
  switch (type) {
    case 'b':
    case 'o':
    case 'x':
    case 'X': {
      if (isFloating) throw new TemplateFault(`Unknown format code '${type}' for object of type 'float'`);
      const radix = { b: 2, o: 8, x: 16, X: 16 }[type];
      const digits = BigInt(size).toString(radix);
      return (isLong ? `0${type}` : '') + (type === 'X' ? digits.toUpperCase() : digits);
    }
    case 'c':
      return String.fromCodePoint(size);
    case 'e':
    case 'E': {
      const text = fixExponent(size.toExponential(Math.min(100, places ?? 6)));
      return type === 'E' ? text.toUpperCase() : text;
    }
    case 'f':
    case 'F':
      return fixed(size, places ?? 6);
    case '%':
      return `${fixed(size * 100, places ?? 6)}%`;
    case 'g':
    case 'G':
    case 'n': {
      const text = general(size, places ?? 6);
      return type === 'G' ? text.toUpperCase() : text;
    }
    case 'd':
      if (isFloating) throw new TemplateFault("Unknown format code 'd' for object of type 'float'");
      return BigInt(size).toString();
    default:
      if (!isFloating) return BigInt(size).toString();
      if (places === null) return floatText(size);
      return general(size, places === 0 ? 1 : places, true);
  }
}

/** Digits after the point, however large the number. */
function fixed(size: number, places: number): string {
  if (!Number.isFinite(size)) return floatText(size);
  if (size < 1e21) return roundDecimal(size, Math.min(100, places));
  const whole = BigInt(size).toString();
  return places === 0 ? whole : `${whole}.${'0'.repeat(places)}`;
}

function general(size: number, places: number, keepsPoint = false): string {
  if (!Number.isFinite(size)) return floatText(size);
  const precision = Math.max(1, Math.min(100, places));
  const exponent = size === 0 ? 0 : Number(size.toExponential(precision - 1).split('e')[1]);
  const isShort = exponent < -4 || exponent >= precision;
  const text = isShort
    ? size.toExponential(precision - 1)
    : size.toFixed(Math.max(0, precision - 1 - exponent));
  const [digits = '', power] = text.split('e');
  const plain = digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
  if (power !== undefined) return fixExponent(`${plain}e${power}`);
  return keepsPoint && !plain.includes('.') ? `${plain}.0` : plain;
}

/** Two digits at least. */
const fixExponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');

const CONVERSION = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([diouxXeEfFgGcrsa%])/g;

/** `text % values`. @throws TemplateFault. */
export function formatPercent(text: string, given: PyValue): string {
  const values = given instanceof PyTuple ? [...given.items] : [given];
  let used = 0;
  const take = (): PyValue => {
    const value = values[used];
    used += 1;
    if (value === undefined) throw new TemplateFault('not enough arguments for format string');
    return value;
  };
  const out = text.replace(
    CONVERSION,
    (
      _whole,
      key: string | undefined,
      flags: string,
      width: string | undefined,
      places: string | undefined,
      type: string,
    ) => {
      if (type === '%') return '%';
      const size = width === '*' ? toText(take()) : (width ?? '');
      const precision = places === '*' ? toText(take()) : places;
      const value = key === undefined ? take() : memberOf(given, key);
      if (key !== undefined) used = values.length;
      return conversion(value, type, flags, size, precision);
    },
  );
  if (
    used < values.length &&
    !(given instanceof PyDict) &&
    !(values.length === 1 && given instanceof Missing)
  )
    throw new TemplateFault('not all arguments converted during string formatting');
  return out;
}

function memberOf(given: PyValue, key: string): PyValue {
  const value = given instanceof PyDict ? given.get(key) : undefined;
  if (value === undefined) throw new TemplateFault(`'${key}'`);
  return value;
}

function conversion(
  value: PyValue,
  type: string,
  flags: string,
  width: string,
  places: string | undefined,
): string {
  const align = flags.includes('-') ? '<' : '>';
  if (type === 's' || type === 'r' || type === 'a') {
    const text = type === 's' ? toText(value) : reprOf(value);
    return formatValue(text, `${align}${width}${places === undefined ? '' : `.${places}`}`);
  }
  if (type === 'c')
    return formatValue(
      typeof value === 'number' ? String.fromCodePoint(value) : toText(value),
      `${align}${width}`,
    );
  const number = numberOf(value);
  if (number === null)
    throw new TemplateFault(`%${type} format: a real number is required, not ${typeName(value)}`);
  const sign = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const zero = flags.includes('0') && align === '>' ? '0' : '';
  const long = flags.includes('#') ? '#' : '';
  if ('diu'.includes(type)) {
    const whole = Math.trunc(number);
    return formatValue(whole, zero === '' ? `${align}${sign}${width}d` : `${sign}0${width}d`);
  }
  const start = zero === '' ? align : '';
  const end = places === undefined ? '' : `.${places}`;
  const whole = 'oxX'.includes(type) ? Math.trunc(number) : value;
  return formatValue(whole, `${start}${sign}${long}${zero}${width}${'oxX'.includes(type) ? '' : end}${type}`);
}
