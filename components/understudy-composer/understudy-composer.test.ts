import { expect, fixture, html } from '@open-wc/testing';
import type { PanelAction } from '../events/panel-action.ts';
import { PanelActionEvent } from '../events/panel-action.ts';
import { zh } from '../messages/zh.ts';
import { press } from '../testing/chat-fixture.ts';
import { definePanel } from '../understudy-panel/define-panel.ts';
import type { DraftStore } from './draft.ts';
import { sessionDrafts } from './draft.ts';
import type { UnderstudyComposer } from './understudy-composer.ts';

definePanel();

const LIMIT = 4000;

async function make(template = html`<understudy-composer></understudy-composer>`): Promise<{
  composer: UnderstudyComposer;
  field: HTMLTextAreaElement;
  actions: PanelAction[];
}> {
  const composer = await fixture<UnderstudyComposer>(template);
  const actions: PanelAction[] = [];
  composer.addEventListener(PanelActionEvent.type, (event) => {
    if (event instanceof PanelActionEvent) actions.push(event.action);
  });
  return { composer, field: composer.shadowRoot!.querySelector('textarea')!, actions };
}

async function type(composer: UnderstudyComposer, text: string): Promise<void> {
  const field = composer.shadowRoot!.querySelector('textarea')!;
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await composer.updateComplete;
}

const button = (composer: UnderstudyComposer, name: 'send' | 'stop'): HTMLButtonElement | null =>
  composer.shadowRoot!.querySelector(`.${name}`);

describe('<understudy-composer>', () => {
  describe('accessibility', () => {
    it('passes axe empty, answering and over the limit', async () => {
      const { composer } = await make();
      await expect(composer).to.be.accessible();
      composer.isAnswering = true;
      await type(composer, 'a'.repeat(LIMIT + 1));
      await expect(composer).to.be.accessible();
    });
  });

  describe('properties', () => {
    it('speaks the language of its messages', async () => {
      const { field } = await make(html`<understudy-composer .messages=${zh}></understudy-composer>`);
      expect(field.getAttribute('aria-label')).to.equal('您的消息');
    });

    it('keeps the draft and brings it back', async () => {
      const drafts = new Map<string, string>();
      const store: DraftStore = {
        load: (key) => drafts.get(key) ?? '',
        save: (key, text) => drafts.set(key, text),
      };
      const template = html`<understudy-composer .drafts=${store} draft-key="k"></understudy-composer>`;
      await type((await make(template)).composer, 'half a question');
      expect(drafts.get('k')).to.equal('half a question');
      const { composer, field } = await make(template);
      expect(field.value).to.equal('half a question');
      field.dispatchEvent(press('Enter'));
      expect(drafts.get('k')).to.equal('');
      expect(composer.value).to.equal('');
    });

    it('goes on without storage', async () => {
      const original = Object.getOwnPropertyDescriptor(window, 'sessionStorage')!;
      Object.defineProperty(window, 'sessionStorage', {
        configurable: true,
        get: () => {
          throw new DOMException('No.', 'SecurityError');
        },
      });
      expect(sessionDrafts.load('k')).to.equal('');
      sessionDrafts.save('k', 'x');
      Object.defineProperty(window, 'sessionStorage', original);
    });
  });

  describe('events', () => {
    it('sends once on a double click', async () => {
      const { composer, actions } = await make();
      await type(composer, ' hello ');
      button(composer, 'send')!.click();
      button(composer, 'send')!.click();
      expect(actions).to.deep.equal([{ type: 'send', text: 'hello' }]);
    });

    it('stops the answer', async () => {
      const { composer, actions } = await make(
        html`<understudy-composer is-answering></understudy-composer>`,
      );
      button(composer, 'stop')!.click();
      expect(actions).to.deep.equal([{ type: 'stop' }]);
    });
  });

  describe('keyboard', () => {
    it('sends on Enter and breaks the line on Shift+Enter', async () => {
      const { composer, field, actions } = await make();
      await type(composer, 'hello');
      const breaking = press('Enter', { shiftKey: true });
      field.dispatchEvent(breaking);
      expect(breaking.defaultPrevented).to.equal(false);
      expect(actions).to.have.length(0);
      field.dispatchEvent(press('Enter'));
      expect(actions).to.deep.equal([{ type: 'send', text: 'hello' }]);
    });

    it('sends once while Enter is held down', async () => {
      const { composer, field, actions } = await make();
      await type(composer, 'hello');
      field.dispatchEvent(press('Enter'));
      await type(composer, 'next');
      for (let index = 0; index < 5; index += 1) field.dispatchEvent(press('Enter', { repeat: true }));
      expect(actions).to.have.length(1);
    });

    it('does not send while an input method composes', async () => {
      const { composer, field, actions } = await make();
      await type(composer, 'ni hao');
      field.dispatchEvent(press('Enter', { isComposing: true }));
      field.dispatchEvent(press('Enter', { keyCode: 229 }));
      expect(actions).to.have.length(0);
      expect(composer.value).to.equal('ni hao');
    });
  });

  describe('parts', () => {
    it('exposes frame, field and buttons', async () => {
      const { composer } = await make(html`<understudy-composer is-answering></understudy-composer>`);
      await type(composer, 'a');
      for (const part of ['composer', 'input', 'send', 'stop'])
        expect(composer.shadowRoot!.querySelector(`[part~=${part}]`), part).to.exist;
    });
  });

  describe('states', () => {
    it('offers only stop while answering with an empty field, and both with text', async () => {
      const { composer } = await make(html`<understudy-composer is-answering></understudy-composer>`);
      expect([button(composer, 'send'), button(composer, 'stop')].map((each) => each !== null)).to.deep.equal(
        [false, true],
      );
      await type(composer, 'next');
      expect(button(composer, 'send')).to.exist;
    });

    it('counts near the limit, refuses beyond it and keeps the text', async () => {
      const { composer, field, actions } = await make();
      const counter = composer.shadowRoot!.querySelector<HTMLElement>('#counter')!;
      expect(counter.hidden).to.equal(true);
      await type(composer, 'a'.repeat(LIMIT - 10));
      expect(counter.textContent.trim()).to.equal('10 characters left');
      await type(composer, 'a'.repeat(LIMIT + 5));
      expect(counter.textContent.trim()).to.equal('Too long: remove 5 characters');
      expect(field.getAttribute('aria-invalid')).to.equal('true');
      field.dispatchEvent(press('Enter'));
      expect(actions).to.have.length(0);
      expect(composer.value).to.have.length(LIMIT + 5);
    });

    it('grows with the text up to six lines', async () => {
      const { composer, field } = await make();
      const one = field.offsetHeight;
      await type(composer, 'a\nb\nc');
      expect(field.offsetHeight).to.be.greaterThan(one + 20);
      const three = field.offsetHeight;
      await type(composer, 'x\n'.repeat(50));
      const most = field.offsetHeight;
      expect(most).to.be.greaterThan(three);
      expect(most).to.be.lessThan(one * 6);
      await type(composer, '');
      expect(field.offsetHeight).to.equal(one);
    });

    it('mirrors in right-to-left pages', async () => {
      const wrapper = await fixture<HTMLElement>(
        html`<div dir="rtl"><understudy-composer></understudy-composer></div>`,
      );
      const composer = wrapper.firstElementChild as UnderstudyComposer;
      await composer.updateComplete;
      const field = composer.shadowRoot!.querySelector('textarea')!.getBoundingClientRect();
      expect(button(composer, 'send')!.getBoundingClientRect().right).to.be.at.most(field.left + 8);
    });
  });
});
