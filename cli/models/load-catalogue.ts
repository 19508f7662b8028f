import type { Fact, ModelCatalogue } from '../../src/contracts/model-catalogue.ts';
import { parseModelCatalogue } from '../../src/contracts/model-catalogue.ts';

/** Reads the catalogue that comes with the command; it is a file of its own, so that other commands do not read it. */
export async function loadCatalogue(): Promise<ModelCatalogue> {
  const module: { readonly default: unknown } = await import('../../models/catalogue/catalogue.json', {
    with: { type: 'json' },
  });
  return parseModelCatalogue(module.default);
}

/** The value of a fact; null when it is unknown. */
export function known<Value>(fact: Fact<Value>): Value | null {
  return fact === 'unknown' ? null : fact.value;
}
