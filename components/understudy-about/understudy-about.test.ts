import { expect, fixture, html } from '@open-wc/testing';
import type { Status } from '../../src/contracts/protocol.ts';
import { PanelActionEvent } from '../events/panel-action.ts';
import { zh } from '../messages/zh.ts';
import { textOf } from '../testing/chat-fixture.ts';
import { fakeStatus } from '../testing/fake-connection.ts';
import { definePanel } from '../understudy-panel/define-panel.ts';
import type { UnderstudyAbout } from './understudy-about.ts';

definePanel();

async function make(status: Status | null): Promise<{ element: UnderstudyAbout; root: ShadowRoot }> {
  const element = await fixture<UnderstudyAbout>(
    html`<understudy-about .status=${status}></understudy-about>`,
  );
  return { element, root: element.shadowRoot! };
}

describe('<understudy-about>', () => {
  describe('accessibility', () => {
    it('passes axe, also while the model loads and the question is open', async () => {
      const { element } = await make(
        fakeStatus({ generator: 'loading', generatorProgress: 0.3, outboxCount: 2 }),
      );
      await expect(element).to.be.accessible();
      await element.askToErase();
      await expect(element).to.be.accessible();
    });
  });

  describe('properties', () => {
    it('says release, responder, storage and waiting messages', async () => {
      const { root } = await make(fakeStatus({ reach: 'reachable', outboxCount: 2 }));
      const text = textOf(root.querySelector('dl')!);
      for (const words of [
        'Release 7',
        'online assistant when it can be reached',
        'in this browser only',
        '2 messages wait',
      ])
        expect(text).to.contain(words);
    });

    it('is honest about a browser that stores nothing', async () => {
      const { root } = await make(fakeStatus({ persistence: 'memory' }));
      expect(textOf(root.querySelector('dl')!)).to.contain('does not let the page store anything');
    });

    it('speaks the language of its messages', async () => {
      const { element, root } = await make(fakeStatus());
      element.messages = zh;
      await element.updateComplete;
      expect(textOf(root.querySelector('dl')!)).to.contain('版本 7');
    });
  });

  describe('events', () => {
    it('erases only after a second yes', async () => {
      const { element, root } = await make(fakeStatus());
      const actions: string[] = [];
      element.addEventListener(PanelActionEvent.type, (event) => {
        if (event instanceof PanelActionEvent) actions.push(event.action.type);
      });
      root.querySelector<HTMLElement>('.danger')!.click();
      await element.updateComplete;
      expect(actions).to.deep.equal([]);
      root.querySelector<HTMLElement>('.question .danger')!.click();
      await element.updateComplete;
      root.querySelector<HTMLElement>('.question .danger')!.click();
      expect(actions).to.deep.equal(['erase']);
    });
  });

  describe('keyboard', () => {
    it('moves the focus to the question', async () => {
      const { element, root } = await make(fakeStatus());
      await element.askToErase();
      expect(root.activeElement?.id).to.equal('question');
    });
  });

  describe('parts', () => {
    it('exposes the facts', async () => {
      expect((await make(null)).root.querySelector('[part=about]')).to.exist;
    });
  });

  describe('states', () => {
    it('shows how far the model is', async () => {
      const { root } = await make(fakeStatus({ generator: 'loading', generatorProgress: 0.25 }));
      expect(root.querySelector('progress')!.value).to.equal(0.25);
      expect((await make(fakeStatus({ generator: 'ready' }))).root.querySelector('progress')).to.equal(null);
    });

    it('waits for a connection', async () => {
      expect(textOf((await make(null)).root.querySelector('dl')!)).to.contain('Not on this device yet');
    });
  });
});
