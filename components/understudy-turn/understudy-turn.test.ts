import { expect, fixture, html } from '@open-wc/testing';
import type { TurnPart } from '../../src/contracts/turn.ts';
import type { TurnView } from '../conversation/turn-view.ts';
import { applyPart, newTurn } from '../conversation/turn-view.ts';
import type { PanelAction } from '../events/panel-action.ts';
import { PanelActionEvent } from '../events/panel-action.ts';
import { zh } from '../messages/zh.ts';
import { press, textOf } from '../testing/chat-fixture.ts';
import { fakeAnswer, fakeCitation, fakeForm, fakeSummary } from '../testing/fake-connection.ts';
import { XSS_PAYLOADS } from '../testing/xss-payloads.ts';
import { definePanel } from '../understudy-panel/define-panel.ts';
import type { UnderstudyForm } from '../understudy-form/understudy-form.ts';
import type { UnderstudyTurn } from './understudy-turn.ts';

definePanel();

const play = (parts: readonly TurnPart[], question = 'How long?'): TurnView =>
  parts.reduce(applyPart, newTurn('1', question));
const answered = (): TurnView => play(fakeAnswer('You have **30 days** [1].', [fakeCitation()]));
const interrupted = (): TurnView =>
  play([
    { type: 'route-decided', responder: 'lead', reason: 'lead-reachable' },
    { type: 'text-delta', text: 'The light means' },
    { type: 'route-decided', responder: 'understudy', reason: 'lead-interrupted' },
    { type: 'text-delta', text: 'A red light [1].' },
    { type: 'citation', citation: fakeCitation() },
    { type: 'suggestion', text: 'And now?' },
    { type: 'handoff', reason: 'not-in-pages' },
    { type: 'end', summary: fakeSummary() },
  ]);

async function make(
  turn: TurnView,
): Promise<{ element: UnderstudyTurn; root: ShadowRoot; actions: PanelAction[] }> {
  const element = await fixture<UnderstudyTurn>(
    html`<understudy-turn .turn=${turn} site="Fenbrook" is-last></understudy-turn>`,
  );
  const actions: PanelAction[] = [];
  element.addEventListener(PanelActionEvent.type, (event) => {
    if (event instanceof PanelActionEvent) actions.push(event.action);
  });
  return { element, root: element.shadowRoot!, actions };
}

const click = (root: ShadowRoot, selector: string): void =>
  root.querySelector<HTMLElement>(selector)!.click();

describe('<understudy-turn>', () => {
  describe('accessibility', () => {
    for (const [name, turn] of [
      ['an answer', answered()],
      ['an interrupted answer', interrupted()],
      [
        'a failed turn',
        play([{ type: 'error', error: { code: 'turn/no-responder', message: '', facts: {} } }]),
      ],
      ['a queued turn', newTurn('1', 'Q')],
    ] as const)
      it(`passes axe with ${name}`, async () => {
        await expect((await make(turn)).element).to.be.accessible();
      });

    it('says who spoke and names the chips', async () => {
      const { root } = await make(answered());
      expect(textOf(root.querySelector('.question')!)).to.equal('You said: How long?');
      expect(textOf(root.querySelector('.answer')!)).to.contain('Assistant said:');
      expect(root.querySelector('.chip')!.getAttribute('aria-label')).to.equal(
        'Source 1: Returning an order',
      );
    });

    it('is busy while the answer streams', async () => {
      const { root } = await make(play(fakeAnswer('Half').slice(0, 2)));
      expect(root.querySelector('.answer')!.getAttribute('aria-busy')).to.equal('true');
      expect((await make(answered())).root.querySelector('.answer')!.getAttribute('aria-busy')).to.equal(
        'false',
      );
    });
  });

  describe('properties', () => {
    it('changes its language live', async () => {
      const { element, root } = await make(answered());
      element.messages = zh;
      await element.updateComplete;
      expect(textOf(root.querySelector('.badge span')!)).to.equal('由您的设备回答');
    });

    it('names the site that answered', async () => {
      const { root } = await make(interrupted());
      expect([...root.querySelectorAll('.badge > span')].map(textOf)).to.deep.equal([
        'Answered by Fenbrook',
        'Answered on your device',
      ]);
    });

    it('offers suggestions in the last turn only', async () => {
      const { element, root } = await make(interrupted());
      expect(root.querySelectorAll('.suggestion')).to.have.length(1);
      element.isLast = false;
      await element.updateComplete;
      expect(root.querySelectorAll('.suggestion')).to.have.length(0);
    });
  });

  describe('events', () => {
    it('opens a citation from the chip and from the list', async () => {
      const { root, actions } = await make(answered());
      click(root, '.chip');
      click(root, '.source');
      expect(actions.map(({ type }) => type)).to.deep.equal(['open-citation', 'open-citation']);
      const [action] = actions;
      expect(action?.type === 'open-citation' && action.opener).to.equal(root.querySelector('.chip'));
    });

    it('sends a suggestion and offers to leave a message', async () => {
      const { root, actions } = await make(interrupted());
      click(root, '.suggestion');
      click(root, '.handoff button');
      expect(actions[0]).to.deep.equal({ type: 'send', text: 'And now?' });
      expect(actions[1]?.type === 'leave-message' && actions[1].text).to.equal('How long?');
    });

    it('asks a failed turn again and takes back a queued one', async () => {
      const failed = await make(
        play([{ type: 'error', error: { code: 'turn/aborted', message: '', facts: {} } }]),
      );
      click(failed.root, '.outcome button');
      expect(failed.actions).to.deep.equal([{ type: 'ask-again', id: '1' }]);
      const queued = await make(newTurn('1', 'Q'));
      click(queued.root, '.link');
      expect(queued.actions).to.deep.equal([{ type: 'remove-queued', id: '1' }]);
    });
  });

  describe('keyboard', () => {
    it('opens the reason and closes it with Escape, which goes no further', async () => {
      const { element, root } = await make(answered());
      const why = root.querySelector<HTMLElement>('.badge .link')!;
      why.click();
      await element.updateComplete;
      expect(why.getAttribute('aria-expanded')).to.equal('true');
      expect(root.querySelector<HTMLElement>('.reason')!.hidden).to.equal(false);
      let escaped = false;
      element.addEventListener('keydown', () => (escaped = true));
      why.dispatchEvent(press('Escape'));
      await element.updateComplete;
      expect(why.getAttribute('aria-expanded')).to.equal('false');
      expect(escaped).to.equal(false);
    });
  });

  describe('parts', () => {
    it('exposes bubbles, chips, sources, badge and suggestions', async () => {
      const { root } = await make(interrupted());
      for (const part of [
        'message',
        'question',
        'answer',
        'citation',
        'source',
        'badge',
        'suggestion',
        'notice',
      ])
        expect(root.querySelector(`[part~=${part}]`), part).to.exist;
    });
  });

  describe('states', () => {
    it('shows the typing indicator before the first text and between responders', async () => {
      expect((await make(play(fakeAnswer('x').slice(0, 1)))).root.querySelector('.writing')).to.exist;
      expect((await make(answered())).root.querySelector('.writing')).to.not.exist;
    });

    it('divides what the lead said from what the device says', async () => {
      const { root } = await make(interrupted());
      expect([...root.querySelectorAll('.answer .markdown')].map(textOf)).to.deep.equal([
        'The light means',
        'A red light 1 .',
      ]);
      expect(textOf(root.querySelector('.divider')!)).to.contain('your device goes on');
    });

    it('says under an answer what is to be known of it, and once', async () => {
      const { root } = await make(
        play([
          { type: 'route-decided', responder: 'lead', reason: 'lead-reachable' },
          { type: 'notice', code: 'conversation-renewed' },
          { type: 'text-delta', text: 'Two years.' },
          { type: 'notice', code: 'lead-interrupted' },
          { type: 'end', summary: fakeSummary() },
        ]),
      );
      const notices = [...root.querySelectorAll('[part~=notice]')].map(textOf);
      expect(notices).to.have.length(1);
      expect(notices[0]).to.contain('no longer had this conversation');
    });

    it('leaves [n] without a citation as text', async () => {
      const { root } = await make(play(fakeAnswer('See [3].')));
      expect(root.querySelector('.chip')).to.not.exist;
      expect(textOf(root.querySelector('.markdown')!)).to.equal('See [3].');
    });

    it('tells sources of one page apart by their headings', async () => {
      const { root } = await make(
        play([
          { type: 'route-decided', responder: 'understudy', reason: 'no-lead' },
          { type: 'text-delta', text: 'One [1]. Two [2].' },
          {
            type: 'citation',
            citation: { ...fakeCitation(), index: 1, title: 'Returns', headings: ['How long'] },
          },
          {
            type: 'citation',
            citation: { ...fakeCitation(), index: 2, title: 'Returns', headings: ['Money back'] },
          },
          { type: 'end', summary: fakeSummary() },
        ]),
      );
      const titles = [...root.querySelectorAll('[part~=source] .title')].map((title) => title.textContent);
      expect(titles).to.deep.equal(['Returns › How long', 'Returns › Money back']);
    });

    it('shows a hostile question and hostile sources as text', async () => {
      for (const payload of XSS_PAYLOADS) {
        const citation = fakeCitation({ title: payload, snippet: payload, url: payload });
        const { element, root } = await make(play(fakeAnswer(`${payload} [1]`, [citation]), payload));
        expect(root.querySelector('.question .text')!.textContent).to.equal(payload);
        expect(root.querySelector('img, script, iframe, [onerror], [onload], form, input')).to.equal(null);
        for (const link of root.querySelectorAll('a'))
          expect(link.protocol).to.match(/^(https?|mailto|tel):$/);
        element.remove();
      }
      expect(Reflect.get(globalThis, 'pwned')).to.equal(undefined);
    });

    it('puts the question at the end side, also in right-to-left pages', async () => {
      const { element, root } = await make(answered());
      element.style.inlineSize = '400px';
      const sides = (): boolean =>
        root.querySelector('.question')!.getBoundingClientRect().left >
        root.querySelector('.answer')!.getBoundingClientRect().left;
      expect(sides()).to.equal(true);
      element.dir = 'rtl';
      expect(sides()).to.equal(false);
    });
  });

  describe('forms', () => {
    const asking: readonly TurnPart[] = [
      { type: 'route-decided', responder: 'understudy', reason: 'no-lead' },
      { type: 'text-delta', text: 'Sorry to hear that.' },
      { type: 'form', form: fakeForm() },
    ];

    it('stands between the texts around it, and waits without dots', async () => {
      const { root, element } = await make(play(asking));
      const order = (): readonly string[] =>
        [...root.querySelectorAll('.answer, .form')].map(({ className }) => className.split(' ').at(-1)!);
      expect(order()).to.deep.equal(['answer', 'form']);
      await expect(element).to.be.accessible();
      element.turn = play([
        ...asking,
        { type: 'form-closed', formId: 'complaint', label: 'Send it' },
        { type: 'text-delta', text: 'Thank you.' },
      ]);
      await element.updateComplete;
      expect(order()).to.deep.equal(['answer', 'form', 'answer']);
      expect(textOf(root.querySelectorAll('.answer')[1]!)).to.equal('Assistant said: Thank you.');
      const form = root.querySelector<UnderstudyForm>('understudy-form')!;
      await form.updateComplete;
      expect(textOf(form.shadowRoot!.querySelector('.closed')!)).to.equal('You chose “Send it”.');
    });

    it('tells what is submitted with the id of the form', async () => {
      const { root, actions } = await make(play(asking));
      const form = root.querySelector('understudy-form')!.shadowRoot!;
      const field = form.querySelector('textarea')!;
      field.value = 'Late.';
      field.dispatchEvent(new Event('input'));
      form.querySelector<HTMLElement>('.button')!.click();
      await new Promise((resolve) => setTimeout(resolve));
      expect(actions).to.deep.equal([
        {
          type: 'submit-form',
          formId: 'complaint',
          action: 'send',
          values: { what: 'Late.', callback: false },
        },
      ]);
    });
  });

  describe('ratings', () => {
    const ofLead = (): TurnView =>
      play([
        { type: 'route-decided', responder: 'lead', reason: 'lead-reachable' },
        { type: 'text-delta', text: 'Yes.' },
        { type: 'end', summary: fakeSummary({ responder: 'lead' }) },
      ]);

    it('are offered for answers of the online assistant, where they can be given', async () => {
      const { element, root, actions } = await make(ofLead());
      expect(root.querySelectorAll('.rate')).to.have.length(0);
      element.canRate = true;
      await element.updateComplete;
      await expect(element).to.be.accessible();
      click(root, '.rate');
      element.turn = { ...ofLead(), rating: 'like' };
      await element.updateComplete;
      expect(root.querySelector('.rate')!.getAttribute('aria-pressed')).to.equal('true');
      expect(textOf(root.querySelector('.rating [role=status]')!)).to.equal('Thank you for your feedback.');
      click(root, '.rate');
      expect(actions).to.deep.equal([
        { type: 'rate', id: '1', rating: 'like' },
        { type: 'rate', id: '1', rating: null },
      ]);
      element.turn = answered();
      await element.updateComplete;
      expect(root.querySelectorAll('.rate')).to.have.length(0);
    });
  });

  it('offers to ask again, or to leave the question, where a connection is needed', async () => {
    const { root, actions } = await make(
      play([
        { type: 'handoff', reason: 'needs-connection' },
        ...fakeAnswer('This needs a connection to our order system.'),
      ]),
    );
    expect(textOf(root.querySelector('.handoff p')!)).to.contain('there is none now');
    for (const button of root.querySelectorAll<HTMLElement>('.handoff button')) button.click();
    expect(actions.map(({ type }) => type)).to.deep.equal(['ask-again', 'leave-message']);
    expect(actions[1]).to.include({ text: 'How long?' });
  });
});
