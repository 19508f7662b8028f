import { CallReader } from './call-arguments.ts';
import type { PyArguments, PyValue } from './python-value.ts';
import {
  Missing,
  PyDict,
  PyList,
  PyObject,
  PyTuple,
  areEqual,
  compareValues,
  contains,
  isFloat,
  numberOf,
} from './python-value.ts';
import { TemplateFault } from './template-fault.ts';

/** A test: what stands behind `is`. */
export type TemplateTest = (value: PyValue, given: PyArguments) => boolean;

const other = (given: PyArguments): PyValue => new CallReader('test', given, ['other']).need('other');
const compared =
  (holds: (order: number) => boolean, sign: string): TemplateTest =>
  (value, given) =>
    holds(compareValues(value, other(given), sign));
const rest = (value: PyValue, divisor: number): number => {
  const number = numberOf(value);
  if (number === null) throw new TemplateFault('a number was expected');
  if (divisor === 0) throw new TemplateFault('integer modulo by zero');
  return ((number % divisor) + divisor) % divisor;
};
const isText = (value: PyValue): value is string => typeof value === 'string';
const isInteger = (value: PyValue): boolean => typeof value === 'number' && Number.isInteger(value);
const isIterable = (value: PyValue): boolean =>
  isText(value) ||
  value instanceof PyList ||
  value instanceof PyTuple ||
  value instanceof PyDict ||
  value instanceof Missing;

const equal: TemplateTest = (value, given) => areEqual(value, other(given));
const unequal: TemplateTest = (value, given) => !areEqual(value, other(given));

/** Tests that ask nothing of the environment. */
export const TEMPLATE_TESTS: ReadonlyMap<string, TemplateTest> = new Map<string, TemplateTest>([
  ['defined', (value) => !(value instanceof Missing)],
  ['undefined', (value) => value instanceof Missing],
  ['none', (value) => value === null],
  ['boolean', (value) => typeof value === 'boolean'],
  ['true', (value) => value === true],
  ['false', (value) => value === false],
  ['integer', isInteger],
  ['float', isFloat],
  ['number', (value) => numberOf(value) !== null],
  ['string', isText],
  ['mapping', (value) => value instanceof PyDict],
  ['sequence', (value) => isIterable(value)],
  ['iterable', isIterable],
  ['callable', (value) => value instanceof PyObject && value.call !== null],
  ['sameas', (value, given) => value === other(given)],
  ['escaped', () => false],
  ['lower', (value) => isText(value) && value.toLowerCase() === value && value.toUpperCase() !== value],
  ['upper', (value) => isText(value) && value.toUpperCase() === value && value.toLowerCase() !== value],
  ['odd', (value) => rest(value, 2) === 1],
  ['even', (value) => rest(value, 2) === 0],
  [
    'divisibleby',
    (value, given) =>
      rest(value, numberOf(new CallReader('divisibleby', given, ['num']).need('num')) ?? 0) === 0,
  ],
  ['in', (value, given) => contains(other(given), value)],
  ['eq', equal],
  ['==', equal],
  ['equalto', equal],
  ['ne', unequal],
  ['!=', unequal],
  ['lt', compared((order) => order < 0, '<')],
  ['<', compared((order) => order < 0, '<')],
  ['lessthan', compared((order) => order < 0, '<')],
  ['le', compared((order) => order <= 0, '<=')],
  ['<=', compared((order) => order <= 0, '<=')],
  ['gt', compared((order) => order > 0, '>')],
  ['>', compared((order) => order > 0, '>')],
  ['greaterthan', compared((order) => order > 0, '>')],
  ['ge', compared((order) => order >= 0, '>=')],
  ['>=', compared((order) => order >= 0, '>=')],
]);
