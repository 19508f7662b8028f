import { expect } from '@open-wc/testing';
import { html, render } from 'lit';
import { en } from '../messages/en.ts';
import { CANARY, XSS_PAYLOADS } from '../testing/xss-payloads.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { renderMarkdown } from './render-markdown.ts';

const SAFE_TAGS = new Set(
  'P,STRONG,EM,CODE,PRE,UL,OL,LI,A,BR,DIV,TABLE,THEAD,TBODY,TR,TH,TD,BUTTON'.split(','),
);
const SAFE_LINK = /^(https?|mailto|tel):/;

function draw(text: string): HTMLElement {
  const host = document.createElement('div');
  document.body.append(host);
  const cite = (index: number): ReturnType<typeof html> => html`<button>${index}</button>`;
  render(renderMarkdown(parseMarkdown(text, { hasHardBreaks: true }), { messages: en, cite }), host);
  return host;
}

describe('renderMarkdown and hostile text', () => {
  it('has at least 40 payloads to face', () => {
    expect(XSS_PAYLOADS.length).to.be.greaterThan(40);
    expect(new Set(XSS_PAYLOADS).size).to.equal(XSS_PAYLOADS.length);
  });

  for (const payload of XSS_PAYLOADS) {
    it(`keeps ${JSON.stringify(payload)} inert`, async () => {
      Reflect.deleteProperty(globalThis, 'pwned');
      const host = draw(payload);
      for (const element of host.querySelectorAll('*')) {
        expect(SAFE_TAGS.has(element.tagName), element.tagName).to.be.true;
        for (const { name, value } of element.attributes) {
          expect(name.startsWith('on'), name).to.be.false;
          if (name === 'href') expect(value).to.match(SAFE_LINK);
          expect(['src', 'srcset', 'style', 'action', 'formaction', 'data', 'srcdoc']).to.not.include(name);
        }
      }
      for (const link of host.querySelectorAll('a')) {
        expect(link.rel).to.equal('noopener noreferrer nofollow');
        expect(link.referrerPolicy).to.equal('no-referrer');
        expect(link.target).to.equal('_blank');
        // An address in the text may be followed, but only under its own name.
        if (link.hostname === 'canary.invalid') expect(link.textContent).to.contain('canary.invalid');
      }
      // A handler or a request would have come by the next task.
      await new Promise((resolve) => setTimeout(resolve));
      expect(Reflect.get(globalThis, 'pwned')).to.equal(undefined);
      const requests = performance.getEntriesByType('resource').map((entry) => entry.name);
      expect(requests.some((name) => name.startsWith(CANARY))).to.be.false;
      host.remove();
    });
  }
});
