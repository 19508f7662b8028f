import type { PyValue } from './python-value.ts';
import { Missing, PyObject, areEqual, valueOr } from './python-value.ts';
import { TemplateFault } from './template-fault.ts';

/** Where a loop is. */
export interface LoopState {
  readonly items: readonly PyValue[];
  index: number;
  readonly depth: number;
  /** Values that `loop.changed` saw last. */
  seen: readonly PyValue[] | null;
}

/**
 * The variable `loop` within a loop.
 * @param recurse - Renders the loop over other items; null when it is not recursive.
 */
export function loopValue(state: LoopState, recurse: ((items: PyValue) => string) | null): PyValue {
  const { items } = state;
  return new PyObject(`<LoopContext ${state.index + 1}/${items.length}>`, {
    attributes: (name) => {
      const { index } = state;
      switch (name) {
        case 'index':
          return index + 1;
        case 'index0':
          return index;
        case 'revindex':
          return items.length - index;
        case 'revindex0':
          return items.length - index - 1;
        case 'first':
          return index === 0;
        case 'last':
          return index === items.length - 1;
        case 'length':
          return items.length;
        case 'depth':
          return state.depth + 1;
        case 'depth0':
          return state.depth;
        case 'previtem':
          return valueOr(items[index - 1], () => new Missing('there is no previous item'));
        case 'nextitem':
          return valueOr(items[index + 1], () => new Missing('there is no next item'));
        case 'cycle':
          return new PyObject('<method cycle>', {
            call: ({ values }) => {
              const value = values[index % values.length];
              if (value === undefined) throw new TemplateFault('no items for cycling given');
              return value;
            },
          });
        case 'changed':
          return new PyObject('<method changed>', {
            call: ({ values }) => {
              const { seen } = state;
              state.seen = values;
              return seen?.every((value, at) => areEqual(value, values[at] ?? null)) !== true;
            },
          });
        default:
          return undefined;
      }
    },
    call: ({ values }) => {
      if (recurse === null)
        throw new TemplateFault("The loop must have the 'recursive' marker to be called recursively.");
      return recurse(values[0] ?? null);
    },
  });
}
