import { expect, fixture, html } from '@open-wc/testing';
import { PanelActionEvent } from '../events/panel-action.ts';
import { zh } from '../messages/zh.ts';
import { textOf } from '../testing/chat-fixture.ts';
import { definePanel } from '../understudy-panel/define-panel.ts';
import type { MessageOutcome, SubmitMessage, UnderstudyLeaveMessage } from './understudy-leave-message.ts';

definePanel();

interface Form {
  readonly element: UnderstudyLeaveMessage;
  readonly root: ShadowRoot;
  readonly fill: (name: 'message' | 'contact', text: string) => Promise<void>;
  readonly submit: () => Promise<void>;
}

async function make(submitMessage: SubmitMessage, text = 'How long?'): Promise<Form> {
  const element = await fixture<UnderstudyLeaveMessage>(
    html`<understudy-leave-message .text=${text} .submitMessage=${submitMessage}></understudy-leave-message>`,
  );
  const root = element.shadowRoot!;
  return {
    element,
    root,
    fill: async (name, value) => {
      const field = root.querySelector<HTMLInputElement | HTMLTextAreaElement>(`#${name}`)!;
      field.value = value;
      field.dispatchEvent(new Event('input'));
      await element.updateComplete;
    },
    submit: async () => {
      root.querySelector('form')!.requestSubmit();
      await new Promise((resolve) => setTimeout(resolve));
      await element.updateComplete;
    },
  };
}

const never: SubmitMessage = () => new Promise(() => undefined);
const give =
  (outcome: MessageOutcome): SubmitMessage =>
  () =>
    Promise.resolve(outcome);

describe('<understudy-leave-message>', () => {
  describe('accessibility', () => {
    it('passes axe empty, with errors and done', async () => {
      const { element, fill, submit } = await make(give('kept'), '');
      await expect(element).to.be.accessible();
      await submit();
      await expect(element).to.be.accessible();
      await fill('message', 'Hello');
      await fill('contact', 'a@b.co');
      await submit();
      await expect(element).to.be.accessible();
    });

    it('ties each error to its field', async () => {
      const { root, submit } = await make(give('kept'), '');
      await submit();
      for (const name of ['message', 'contact']) {
        const field = root.querySelector(`#${name}`)!;
        expect(field.getAttribute('aria-invalid')).to.equal('true');
        expect(field.getAttribute('aria-describedby')).to.contain(`${name}-error`);
        expect(textOf(root.querySelector(`#${name}-error`)!)).to.not.equal('');
      }
    });
  });

  describe('properties', () => {
    it('begins with the question', async () => {
      const { root } = await make(never);
      expect(root.querySelector('textarea')!.value).to.equal('How long?');
    });

    it('offers the contact that the visitor wrote before, also when it comes late, and says where it is from', async () => {
      const { element, root } = await make(never);
      const contact = root.querySelector<HTMLInputElement>('#contact')!;
      const hint = root.querySelector('#contact-hint')!;
      expect(textOf(hint)).to.equal('Only used to answer you.');
      element.known = 'a@b.co';
      await element.updateComplete;
      expect(contact.value).to.equal('a@b.co');
      expect(textOf(hint)).to.equal('You wrote this in the conversation. Only used to answer you.');
      await expect(element).to.be.accessible();
    });

    it('never replaces what the visitor typed or emptied, and offers nothing that is no contact', async () => {
      const { element, root, fill } = await make(never);
      const contact = root.querySelector<HTMLInputElement>('#contact')!;
      element.known = '"><script>';
      await element.updateComplete;
      expect(contact.value).to.equal('');
      await fill('contact', '');
      element.known = 'a@b.co';
      await element.updateComplete;
      expect(contact.value).to.equal('');
      await fill('contact', 'c@d.co');
      element.known = 'e@f.co';
      await element.updateComplete;
      expect(contact.value).to.equal('c@d.co');
      expect(textOf(root.querySelector('#contact-hint')!)).to.equal('Only used to answer you.');
    });

    it('speaks the language of its messages', async () => {
      const { element, root } = await make(never);
      element.messages = zh;
      await element.updateComplete;
      expect(textOf(root.querySelector('label')!)).to.equal('留言内容');
    });
  });

  describe('events', () => {
    it('goes back on cancel', async () => {
      const { element, root } = await make(never);
      const actions: string[] = [];
      element.addEventListener(PanelActionEvent.type, (event) => {
        if (event instanceof PanelActionEvent) actions.push(event.action.type);
      });
      root.querySelector<HTMLElement>('button[type=button]')!.click();
      expect(actions).to.deep.equal(['back']);
    });

    it('submits once, trimmed', async () => {
      const sent: unknown[] = [];
      const { fill, submit } = await make((message) => {
        sent.push(message);
        return never(message);
      });
      await fill('contact', ' a@b.co ');
      await submit();
      await submit();
      expect(sent).to.deep.equal([{ text: 'How long?', contact: 'a@b.co' }]);
    });
  });

  describe('keyboard', () => {
    it('focuses the first field to fill in', async () => {
      const prefilled = await make(never);
      prefilled.element.focus();
      expect(prefilled.root.activeElement?.id).to.equal('contact');
      const empty = await make(never, '');
      empty.element.focus();
      expect(empty.root.activeElement?.id).to.equal('message');
    });

    it('focuses the first wrong field', async () => {
      const { root, submit } = await make(never);
      await submit();
      expect(root.activeElement?.id).to.equal('contact');
    });
  });

  describe('parts', () => {
    it('exposes the form and the result', async () => {
      const { root, fill, submit } = await make(give('delivered'));
      expect(root.querySelector('[part=form]')).to.exist;
      await fill('contact', 'a@b.co');
      await submit();
      expect(root.querySelector('[part=result]')).to.exist;
    });
  });

  describe('states', () => {
    it('says what became of the message', async () => {
      for (const [outcome, words] of [
        ['delivered', 'Delivered.'],
        ['kept', 'Kept on this device.'],
        ['unconfirmed', 'did not confirm'],
      ] as const) {
        const { root, fill, submit } = await make(give(outcome));
        await fill('contact', 'a@b.co');
        await submit();
        expect(textOf(root.querySelector('[role=status]')!)).to.contain(words);
      }
    });

    it('keeps the text when the message could not be kept', async () => {
      const { root, fill, submit } = await make(() => Promise.reject(new Error('full')));
      await fill('contact', 'a@b.co');
      await submit();
      expect(root.querySelector('[role=alert]')).to.exist;
      expect(root.querySelector('textarea')!.value).to.equal('How long?');
      expect(root.querySelector<HTMLInputElement>('#contact')!.value).to.equal('a@b.co');
    });

    it('clears an error when the field changes', async () => {
      const { root, fill, submit } = await make(never);
      await fill('contact', 'me');
      await submit();
      expect(textOf(root.querySelector('#contact-error')!)).to.contain('does not look like');
      await fill('contact', 'me@');
      expect(textOf(root.querySelector('#contact-error')!)).to.equal('');
    });
  });
});
