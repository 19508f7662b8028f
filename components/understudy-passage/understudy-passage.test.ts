import { expect, fixture, html } from '@open-wc/testing';
import { zh } from '../messages/zh.ts';
import { textOf } from '../testing/chat-fixture.ts';
import { fakeCitation, fakePassage } from '../testing/fake-connection.ts';
import { XSS_PAYLOADS } from '../testing/xss-payloads.ts';
import { definePanel } from '../understudy-panel/define-panel.ts';
import type { PassageState, UnderstudyPassage } from './understudy-passage.ts';

definePanel();

const FOUND: PassageState = { state: 'found', passage: fakePassage() };

async function make(passage: PassageState, citation = fakeCitation()): Promise<ShadowRoot> {
  const element = await fixture<UnderstudyPassage>(
    html`<understudy-passage .citation=${citation} .passage=${passage}></understudy-passage>`,
  );
  return element.shadowRoot!;
}

describe('<understudy-passage>', () => {
  describe('accessibility', () => {
    it('passes axe loading, found and absent', async () => {
      for (const state of [{ state: 'loading' }, FOUND, { state: 'absent' }] as const)
        await expect((await make(state)).host).to.be.accessible();
    });
  });

  describe('properties', () => {
    it('shows title, headings and text with the supporting words marked', async () => {
      const root = await make(FOUND);
      expect(textOf(root.querySelector('h3')!)).to.equal('Returning an order');
      expect([...root.querySelectorAll('.headings li')].map(textOf)).to.deep.equal(['How long you have']);
      expect([...root.querySelectorAll('mark')].map((mark) => mark.textContent).join('')).to.equal(
        'You can return an unused Tap within 30 days of delivery.',
      );
      expect(root.querySelector('.markdown')!.getAttribute('lang')).to.equal('en');
    });

    it('speaks the language of its messages', async () => {
      const element = await fixture<UnderstudyPassage>(
        html`<understudy-passage
          .messages=${zh}
          .citation=${fakeCitation()}
          .passage=${FOUND}
        ></understudy-passage>`,
      );
      expect(textOf(element.shadowRoot!.querySelector('a')!)).to.contain('打开页面');
    });

    it('links to http and relative pages only', async () => {
      const link = async (url: string | null): Promise<string | undefined> => {
        const root = await make(
          { state: 'found', passage: fakePassage({ url }) },
          fakeCitation({ url: null }),
        );
        return root.querySelector<HTMLAnchorElement>('a[part=page-link]')?.href;
      };
      expect(await link('https://shop.example/a')).to.equal('https://shop.example/a');
      expect(await link('/help/a')).to.equal(`${location.origin}/help/a`);
      for (const url of ['javascript:alert(1)', 'mailto:a@b.co', 'data:text/html,x', null])
        expect(await link(url), String(url)).to.equal(undefined);
    });
  });

  describe('parts', () => {
    it('exposes text and link', async () => {
      const root = await make(FOUND);
      for (const part of ['passage', 'page-link'])
        expect(root.querySelector(`[part~=${part}]`), part).to.exist;
    });
  });

  describe('states', () => {
    it('says that the source is loading', async () => {
      expect((await make({ state: 'loading' })).querySelector('[role=status]')).to.exist;
    });

    it('shows the snippet when the passage is gone, or belongs to the lead', async () => {
      const gone = await make({ state: 'absent' });
      expect(textOf(gone.querySelector('.lead')!)).to.contain('no longer');
      expect(textOf(gone.querySelector('blockquote')!)).to.equal(fakeCitation().snippet);
      const lead = await make({ state: 'absent' }, fakeCitation({ passageId: null }));
      expect(textOf(lead.querySelector('.lead')!)).to.equal('The answer is based on:');
    });

    it('quotes a snippet that is not found in the passage', async () => {
      const root = await make(FOUND, fakeCitation({ snippet: 'Something else entirely.' }));
      expect(textOf(root.querySelector('blockquote')!)).to.equal('Something else entirely.');
      expect(root.querySelector('.markdown')).to.exist;
    });

    it('keeps hostile passages inert', async () => {
      for (const text of XSS_PAYLOADS) {
        const passage = fakePassage({ text, title: text, headings: [text], url: text });
        const root = await make({ state: 'found', passage }, fakeCitation({ snippet: text }));
        expect(root.querySelector('img, script, iframe, [onerror], [onload], form, input')).to.equal(null);
        for (const link of root.querySelectorAll('a'))
          expect(link.protocol).to.match(/^(https?|mailto|tel):$/);
      }
      expect(Reflect.get(globalThis, 'pwned')).to.equal(undefined);
    });
  });
});
