import { expect } from '@open-wc/testing';
import type { Selector, Template } from '../../contracts/plan-configs.ts';
import type { PlanValue } from '../plan-value.ts';
import { renderTemplate } from './render-template.ts';

const values: { readonly [name: string]: PlanValue } = {
  'a.list': ['x', 'y'],
  'a.none': null,
  'a.flag': true,
};
const get = (selector: Selector): PlanValue | undefined => values[selector.join('.')];

describe('templates', () => {
  const template: Template = ['Items: ', { from: ['a', 'list'] }, '!', { from: ['a', 'none'] }];

  it('puts values in as text', () => {
    expect(renderTemplate(template, get, 'text')).to.equal('Items: ["x", "y"]!');
  });

  it('puts values in as Markdown', () => {
    expect(renderTemplate(template, get, 'markdown')).to.equal('Items: - x\n- y!');
  });

  it('writes the bare name of what is missing', () => {
    expect(renderTemplate([{ from: ['b', 'c', 'd'] }, { from: ['a', 'flag'] }], get, 'text')).to.equal(
      'b.c.dTrue',
    );
  });

  it('gives nothing for an empty template', () => {
    expect(renderTemplate([], get, 'text')).to.equal('');
  });
});
