import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { isRecord } from '../../src/contracts/json.ts';
import type { CatalogueModel } from '../../src/contracts/model-catalogue.ts';
import { parseModelCatalogue } from '../../src/contracts/model-catalogue.ts';
import { enginesOf } from './engine-fit.ts';
import { known, loadCatalogue } from './load-catalogue.ts';

const text = readFileSync(new URL('../../models/catalogue/catalogue.json', import.meta.url), 'utf8');
const { models, sources } = await loadCatalogue();

function factsOf(model: CatalogueModel): unknown[] {
  const fields = (record: object, plain: string): unknown[] =>
    Object.entries(record).flatMap(([field, fact]: [string, unknown]) =>
      field === plain || field === 'formats' ? [] : [fact],
    );
  return [...fields(model, 'id'), ...model.formats.flatMap((format) => fields(format, 'kind'))];
}

function withChange(
  change: (root: Record<string, unknown>, model: Record<string, unknown>) => void,
): unknown {
  const root: unknown = JSON.parse(text);
  assert.ok(isRecord(root) && Array.isArray(root['models']));
  const model: unknown = root['models'][3];
  assert.ok(isRecord(model));
  change(root, model);
  return root;
}

function placeOfRefusal(value: unknown): unknown {
  try {
    parseModelCatalogue(value);
  } catch (error) {
    assert.ok(isUnderstudyError(error, 'catalogue/invalid'), String(error));
    return error.facts['place'];
  }
  return null;
}

describe('the catalogue of models', () => {
  it('holds at least 50 models that one of the engines runs, and at least 30 that the kernel runs', () => {
    const runBy = (engine: string | null): number =>
      models.filter((model) =>
        model.formats.some((format) => {
          const engines: readonly string[] = enginesOf(model, format);
          return engine === null ? engines.length > 0 : engines.includes(engine);
        }),
      ).length;
    assert.ok(runBy(null) >= 50, String(runBy(null)));
    assert.ok(runBy('kernel') >= 30, String(runBy('kernel')));
    for (const engine of ['transformers', 'wllama', 'webllm', 'prompt-api'])
      assert.ok(runBy(engine) > 0, engine);
  });

  it('cites a source for every field, or says that it is unknown', () => {
    for (const model of models) {
      for (const fact of factsOf(model)) {
        if (fact === 'unknown') continue;
        assert.ok(isRecord(fact) && Array.isArray(fact['from']) && fact['from'].length > 0, model.id);
      }
    }
  });

  it('names no source that nothing is taken from', () => {
    for (const { id } of sources) assert.ok(text.includes(`"${id}:`), id);
  });

  it('holds shapes whose heads divide and whose embeddings are fewer than all parameters', () => {
    let compared = 0;
    for (const model of models) {
      const [parameters, layers, width, heads, keyHeads, vocabulary] = [
        known(model.parameters),
        known(model.layers),
        known(model.width),
        known(model.heads),
        known(model.kvHeads),
        known(model.vocabulary),
      ];
      if (parameters === null || layers === null || width === null || vocabulary === null) continue;
      if (heads === null || keyHeads === null) continue;
      assert.equal(heads % keyHeads, 0, model.id);
      assert.ok(vocabulary * width < parameters, `${model.id}: the embeddings alone are more than the model`);
      compared += 1;
    }
    assert.ok(compared >= 40, String(compared));
  });

  it('leaves out what web-llm has commented out of its list', () => {
    const distilled = models.find(({ id }) => id === 'deepseek-r1-distill-qwen-1.5b');
    assert.ok(distilled !== undefined);
    assert.ok(distilled.formats.every(({ kind }) => kind !== 'mlc'));
  });
});

describe('parseModelCatalogue', () => {
  it('names the place of a value without citation, of a strange source, of a strange field', () => {
    assert.equal(placeOfRefusal(withChange((_, model) => (model['layers'] = 12))), 'models[3].layers');
    assert.equal(
      placeOfRefusal(withChange((_, model) => (model['layers'] = { value: 12, from: [] }))),
      'models[3].layers',
    );
    assert.equal(
      placeOfRefusal(
        withChange((_, model) => (model['layers'] = { value: 12, from: ['my-memory:somewhere'] })),
      ),
      'models[3].layers',
    );
    assert.equal(placeOfRefusal(withChange((_, model) => (model['colour'] = 'unknown'))), 'models[3].colour');
  });

  it('refuses values that cannot be: no layers, unsorted languages, an address that is no https', () => {
    const from = ['hub-index:x'];
    const refused: readonly (readonly [string, unknown])[] = [
      ['layers', 0],
      ['layers', 2.5],
      ['languages', ['zh', 'en']],
      ['languages', []],
      ['task', 'paint'],
      ['licence', ' MIT'],
      ['commercialUse', 'maybe'],
    ];
    for (const [field, value] of refused) {
      assert.equal(
        placeOfRefusal(withChange((_, model) => (model[field] = { value, from }))),
        `models[3].${field}`,
      );
    }
    const address = 'javascript:alert(1)';
    const source = { id: 'a-source', title: 'A', version: '1', address };
    assert.equal(placeOfRefusal(withChange((root) => (root['sources'] = [source]))), 'sources[0].address');
  });

  it('refuses two models of one id, and a list that is not sorted', () => {
    const swap = withChange((root) => {
      assert.ok(Array.isArray(root['models']));
      root['models'].reverse();
    });
    assert.match(String(placeOfRefusal(swap)), /^models\[1\]\.id$/);
    const twice = withChange((root, model) => {
      assert.ok(Array.isArray(root['models']));
      root['models'].splice(3, 0, model);
    });
    assert.equal(placeOfRefusal(twice), 'models[4].id');
  });

  it('accepts or refuses any JSON with a code, never with another error', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, other) => {
        placeOfRefusal(value);
        placeOfRefusal({ format: 1, sources: value, models: other });
        placeOfRefusal({ format: 1, sources: [], models: [value] });
        placeOfRefusal(withChangeOfFields(value));
      }),
      { numRuns: 200 },
    );
  });
});

/** A model whose fields are all the same strange value. */
function withChangeOfFields(value: unknown): unknown {
  const [model] = models;
  const fields = Object.fromEntries(Object.keys(model ?? {}).map((field) => [field, value]));
  return { format: 1, sources: [], models: [fields] };
}
