import type { JsonObject } from '../../src/contracts/json.ts';
import { isJson, isRecord } from '../../src/contracts/json.ts';
import { parseValues } from './form-values.ts';
import type { PageValues } from './start-form.ts';

/**
 * Reads what a page says about the form before the first turn: the element's `inputs` and `prefill`, properties as
 * objects, attributes as JSON. What is neither counts as nothing.
 */
export function pageValues(host: EventTarget): PageValues {
  return { inputs: read(host, 'inputs'), prefill: read(host, 'prefill') };
}

/** Name under which the form's values of an element are kept: the address of its bundle, else its lead. */
export function formKey(host: EventTarget): string {
  const bundle: unknown = Reflect.get(host, 'bundle');
  const lead: unknown = Reflect.get(host, 'lead');
  const address = typeof bundle === 'string' ? bundle : typeof lead === 'string' ? lead : '';
  return URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI).href : address;
}

function read(host: EventTarget, name: 'inputs' | 'prefill'): JsonObject {
  const value: unknown = Reflect.get(host, name);
  if (isRecord(value) && isJson(value)) return value;
  return (host instanceof Element ? parseValues(host.getAttribute(name)) : null) ?? {};
}
