import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { FormField } from '../../src/contracts/plan-configs.ts';
import { formParts } from './form-parts.ts';

const field = (name: string): FormField => ({
  name,
  label: name,
  type: 'text',
  isRequired: false,
  maxLength: null,
  options: [],
  default: null,
});
const shape = (content: string, names: readonly string[]): readonly string[] =>
  formParts(content, names.map(field)).map((part) =>
    part.type === 'text' ? part.markdown : `<${part.field.name}>`,
  );

describe('formParts', () => {
  it('puts fields where they are marked and the rest at the end', () => {
    expect(shape('Name: {{#$output.name#}}\n\nThen wait.', ['note', 'name'])).to.deep.equal([
      'Name:',
      '<name>',
      'Then wait.',
      '<note>',
    ]);
  });

  it('shows the fields alone where there is no text', () => {
    expect(shape('', ['a', 'b'])).to.deep.equal(['<a>', '<b>']);
  });

  it('lets marks of no field, and second marks, vanish without cutting the text', () => {
    expect(shape('One {{#$output.gone#}}two.\n\n{{#$output.a#}}{{#$output.a#}}', ['a'])).to.deep.equal([
      'One two.',
      '<a>',
    ]);
  });

  it('shows every field exactly once, whatever the content', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('{{#$output.a#}}', '{{#$output.b#}}', '{{#$output.x#}}'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const fields = shape(pieces.join(''), ['a', 'b']).filter((part) => /^<[ab]>$/.test(part));
        return fields.filter((part) => part === '<a>').length >= 1 && fields.length >= 2;
      }),
    );
  });
});
