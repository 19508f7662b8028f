import { rangeOf } from './calculate.ts';
import type { PyArguments, PyValue } from './python-value.ts';
import { PyDict, PyObject, itemsOf, numberOf, toText, valueOr } from './python-value.ts';
import { TemplateFault } from './template-fault.ts';

function dictOf({ values, named }: PyArguments): PyDict {
  const dict = new PyDict();
  const [first] = values;
  if (first instanceof PyDict) for (const [key, value] of first.entries()) dict.set(key, value);
  else if (first !== undefined)
    for (const entry of itemsOf(first)) {
      const [key = null, value = null] = itemsOf(entry);
      dict.set(key, value);
    }
  for (const [key, value] of named) dict.set(key, value);
  return dict;
}

function namespaceOf(given: PyArguments): PyValue {
  const values = new Map<string, PyValue>();
  for (const [key, value] of dictOf(given).entries()) values.set(toText(key), value);
  return new PyObject('<Namespace>', {
    attributes: values,
    assign: (name, value) => values.set(name, value),
  });
}

function cyclerOf({ values }: PyArguments): PyValue {
  if (values.length === 0) throw new TemplateFault('at least one item has to be provided');
  let at = 0;
  const current = (): PyValue => values[at % values.length] ?? null;
  const next = (): PyValue => {
    const value = current();
    at = (at + 1) % values.length;
    return value;
  };
  const reset = (): PyValue => {
    at = 0;
    return null;
  };
  return new PyObject('<Cycler>', {
    attributes: (name) => {
      if (name === 'current') return current();
      if (name === 'next') return new PyObject('<method next>', { call: next });
      return name === 'reset' ? new PyObject('<method reset>', { call: reset }) : undefined;
    },
  });
}

function joinerOf({ values, named }: PyArguments): PyValue {
  const mark = valueOr(values[0], () => valueOr(named.get('sep'), () => ', '));
  let isUsed = false;
  return new PyObject('<Joiner>', {
    call: () => {
      if (isUsed) return mark;
      isUsed = true;
      return '';
    },
  });
}

function range({ values }: PyArguments): PyValue {
  const numbers = values.map((value) => {
    const number = numberOf(value);
    if (number === null || !Number.isInteger(number)) throw new TemplateFault('range() takes integers only');
    return number;
  });
  if (numbers.length === 0 || numbers.length > 3) throw new TemplateFault('range expected 1 to 3 arguments');
  return rangeOf(numbers);
}

const functionOf = (name: string, call: (given: PyArguments) => PyValue): [string, PyValue] => [
  name,
  new PyObject(`<function ${name}>`, { call }),
];

/** Functions that every template has. */
export function templateGlobals(): ReadonlyMap<string, PyValue> {
  return new Map([
    functionOf('range', range),
    functionOf('dict', dictOf),
    functionOf('namespace', namespaceOf),
    functionOf('cycler', cyclerOf),
    functionOf('joiner', joinerOf),
  ]);
}
