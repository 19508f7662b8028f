import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readText } from './text.ts';

describe('readText', () => {
  it('takes a first short line as title and joins wrapped lines', () => {
    const { title, sections } = readText(
      'Delivery times\n\nWe send parcels\nevery day.\n\n* fast\n* cheap\n',
    );
    assert.equal(title, 'Delivery times');
    assert.deepEqual(
      sections[0]?.blocks.map((block) => block.markdown),
      ['We send parcels every day.', '- fast\n- cheap'],
    );
  });

  it('keeps a first sentence in the text', () => {
    assert.equal(readText('We send parcels.\n\nEvery day.').title, null);
  });
});
