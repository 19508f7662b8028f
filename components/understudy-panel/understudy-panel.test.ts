import { expect, html, waitUntil } from '@open-wc/testing';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { TurnPart } from '../../src/contracts/turn.ts';
import type { ChatFixture } from '../testing/chat-fixture.ts';
import {
  ask,
  chatFixture,
  deep,
  deepAll,
  FakePanelModule,
  focused,
  openChat,
  press,
  settle,
  textOf,
} from '../testing/chat-fixture.ts';
import {
  FakeConnection,
  fakeAnswer,
  fakeCitation,
  fakeForm,
  fakeStatus,
  fakeSummary,
} from '../testing/fake-connection.ts';
import { resizeViewport } from '../testing/resize-viewport.ts';

/** A module whose only connection a test sets up before. */
function withConnection(change: (connection: FakeConnection) => void): FakePanelModule {
  const module = new FakePanelModule();
  module.make = () => {
    const connection = new FakeConnection();
    change(connection);
    return connection;
  };
  return module;
}

async function opened(module?: FakePanelModule, template?: ReturnType<typeof html>): Promise<ChatFixture> {
  const fixture = await chatFixture(template, module);
  await openChat(fixture);
  return fixture;
}

const dialogOf = ({ chat }: ChatFixture): HTMLDialogElement => deep(chat, 'dialog') as HTMLDialogElement;
const hanging = async function* (): AsyncGenerator<TurnPart> {
  yield { type: 'route-decided', responder: 'understudy', reason: 'no-lead' };
  yield { type: 'text-delta', text: 'Half an' };
  await new Promise(() => undefined);
};

describe('<understudy-panel>', () => {
  beforeEach(async () => {
    sessionStorage.clear();
    localStorage.clear();
    await resizeViewport(1000, 800);
  });

  describe('accessibility', () => {
    it('is a dialog named by its title', async () => {
      const fixture = await opened();
      const dialog = dialogOf(fixture);
      expect(dialog.open).to.equal(true);
      expect(dialog.matches(':modal')).to.equal(false);
      const title = dialog.querySelector(`#${dialog.getAttribute('aria-labelledby') ?? ''}`)!;
      expect(textOf(title)).to.equal('Fenbrook Help');
    });

    it('passes axe at the start, with an answer, with a menu and in every view', async () => {
      const fixture = await opened(
        withConnection((connection) => {
          connection.script = () =>
            fakeAnswer('Yes [1].\n\n| a | b |\n|---|---|\n| 1 | 2 |', [fakeCitation()]);
        }),
      );
      const { chat } = fixture;
      await expect(chat).to.be.accessible();
      await ask(chat, 'How long?');
      await expect(chat).to.be.accessible();
      deep(chat, '.chip').click();
      await settle(chat);
      await expect(chat).to.be.accessible();
      deep(chat, '.back').click();
      await settle(chat);
      deep(chat, '.menu-button').click();
      await settle(chat);
      await expect(chat).to.be.accessible();
      deep(chat, '#menu button').click();
      await settle(chat);
      await expect(chat).to.be.accessible();
    });

    it('passes axe in the dark and with a light accent', async () => {
      const fixture = await opened(
        undefined,
        html`<understudy-chat
          bundle="/b/"
          theme="dark"
          style="--understudy-accent: #ffe14d"
        ></understudy-chat>`,
      );
      await ask(fixture.chat, 'How long?');
      await expect(fixture.chat).to.be.accessible();
    });

    it('speaks the finished answer once and marks the log as busy before', async () => {
      const fixture = await opened(withConnection((connection) => (connection.script = hanging)));
      const { chat, module } = fixture;
      const spoken = deep(chat, '.visually-hidden[role=status]');
      const log = deep(chat, '.log');
      await ask(chat, 'How long?');
      expect(log.getAttribute('aria-busy')).to.equal('true');
      expect(textOf(spoken)).to.equal('');
      deep(chat, '.stop').click();
      await settle(chat);
      module.connections[0]!.script = () => fakeAnswer('You have **30 days** [1].', [fakeCitation()]);
      await ask(chat, 'Again?');
      expect(textOf(spoken)).to.equal('Assistant said: You have 30 days .');
      expect(log.getAttribute('aria-busy')).to.equal('false');
    });

    it('tells failures at once', async () => {
      const { chat } = await opened(
        withConnection((connection) => {
          connection.script = () => [
            { type: 'error', error: { code: 'turn/no-responder', message: 'No.', facts: {} } },
          ];
        }),
      );
      await ask(chat, 'How long?');
      expect(textOf(deep(chat, '.visually-hidden[role=alert]'))).to.contain('could not be answered');
    });
  });

  describe('properties', () => {
    it('changes its language live', async () => {
      const { chat } = await opened();
      await ask(chat, 'How long?');
      chat.lang = 'zh-CN';
      await settle(chat);
      expect(textOf(deep(chat, '#title'))).to.equal('Fenbrook 帮助');
      expect(textOf(deep(chat, '.reach'))).to.equal('在本设备上回答');
      expect(textOf(deep(chat, '.badge span'))).to.equal('由您的设备回答');
      expect(deep(chat, 'dialog').lang).to.equal('zh');
    });

    it('shows who would answer, live', async () => {
      const { chat, module } = await opened();
      expect(textOf(deep(chat, '.reach'))).to.equal('Answering on this device');
      module.connections[0]!.setStatus({ reach: 'reachable' });
      await settle(chat);
      expect(textOf(deep(chat, '.reach'))).to.equal('Online assistant');
    });
  });

  describe('slots', () => {
    it('shows the fallback link only when the connection fails, and keeps the text', async () => {
      const module = new FakePanelModule();
      let isUp = false;
      module.make = () => {
        if (!isUp) throw new UnderstudyError('worker/unreachable', 'No.');
        return new FakeConnection();
      };
      const fixture = await chatFixture(
        html`<understudy-chat bundle="/b/"><a href="/contact">Contact</a></understudy-chat>`,
        module,
      );
      const { chat } = fixture;
      const link = chat.querySelector('a')!;
      expect(link.checkVisibility()).to.equal(false);
      chat.show();
      await settle(chat);
      expect(textOf(deep(chat, '.fault h3'))).to.equal('The assistant cannot start');
      expect(link.checkVisibility()).to.equal(true);
      await ask(chat, 'How long?');
      isUp = true;
      deep(chat, '.fault .button').click();
      await settle(chat);
      expect(link.checkVisibility()).to.equal(false);
      expect(module.connections[0]!.asks.map(({ text }) => text)).to.deep.equal(['How long?']);
      expect(textOf(deep(chat, '.answer'))).to.contain('Thirty days.');
    });
  });

  describe('slots without anyone to answer', () => {
    it('shows the fallback link while neither lead nor bundle is there', async () => {
      const faults = [{ code: 'bundle/not-found', message: '', facts: {} }] as const;
      const { chat, module } = await opened(
        withConnection((connection) => (connection.status = fakeStatus({ release: null, faults }))),
        html`<understudy-chat bundle="/b/"><a href="/contact">Contact</a></understudy-chat>`,
      );
      const link = chat.querySelector('a')!;
      expect(link.checkVisibility()).to.equal(true);
      module.connections[0]!.setStatus({ release: 1 });
      await settle(chat);
      expect(link.checkVisibility()).to.equal(false);
    });
  });

  describe('keyboard', () => {
    it('goes from a chip to its source and back with Escape', async () => {
      const { chat } = await opened(
        withConnection((connection) => (connection.script = () => fakeAnswer('Yes [1].', [fakeCitation()]))),
      );
      await ask(chat, 'How long?');
      const chip = deep(chat, '.chip');
      chip.click();
      await settle(chat);
      expect(textOf(deep(chat, 'understudy-passage').shadowRoot!.querySelector('h3')!)).to.equal(
        'Returning an order',
      );
      expect(focused() === deep(chat, '.back'), 'has the focus').to.equal(true);
      expect(deep(chat, '.log').inert).to.equal(true);
      focused()!.dispatchEvent(press('Escape'));
      await settle(chat);
      expect(deepAll(chat, 'understudy-passage')).to.have.length(0);
      expect(focused() === chip, 'has the focus').to.equal(true);
      expect(chat.open).to.equal(true);
    });

    it('opens the menu, closes it with Escape and returns the focus', async () => {
      const { chat } = await opened();
      const button = deep(chat, '.menu-button');
      button.click();
      await settle(chat);
      expect(button.getAttribute('aria-expanded')).to.equal('true');
      expect(focused() === deep(chat, '#menu button'), 'has the focus').to.equal(true);
      focused()!.dispatchEvent(press('Escape'));
      await settle(chat);
      expect(deep(chat, '#menu').hidden).to.equal(true);
      expect(focused() === button, 'has the focus').to.equal(true);
      expect(chat.open).to.equal(true);
    });

    it('does not close on the Escape of an input method', async () => {
      const { chat } = await opened();
      deep(chat, 'textarea').dispatchEvent(press('Escape', { isComposing: true }));
      await settle(chat);
      expect(chat.open).to.equal(true);
    });

    it('keeps the focus inside on phones, beside the page elsewhere', async () => {
      const fixture = await chatFixture();
      await resizeViewport(420, 800);
      const panel = await openChat(fixture);
      const dialog = dialogOf(fixture);
      await waitUntil(() => dialog.matches(':modal'), 'it fills the screen');
      await settle(fixture.chat);
      const { clientWidth, clientHeight } = document.documentElement;
      expect(dialog.getBoundingClientRect().width).to.equal(clientWidth);
      expect(dialog.getBoundingClientRect().height).to.equal(clientHeight);
      expect(focused() === deep(fixture.chat, 'textarea'), 'has the focus').to.equal(true);
      await resizeViewport(1000, 800);
      await waitUntil(() => !dialog.matches(':modal'), 'it stands beside the page');
      await panel.updateComplete;
      expect(dialog.open).to.equal(true);
    });

    it('returns the focus to the launcher when the full screen closes', async () => {
      const fixture = await chatFixture();
      await resizeViewport(420, 800);
      await openChat(fixture);
      deep(fixture.chat, '.close').click();
      await settle(fixture.chat);
      expect(fixture.chat.open).to.equal(false);
      expect(focused() === deep(fixture.chat, '.launcher'), 'has the focus').to.equal(true);
    });
  });

  describe('parts', () => {
    it('can be styled from the page', async () => {
      const style = document.createElement('style');
      style.textContent = ['panel', 'header', 'log', 'message', 'composer', 'badge', 'suggestion']
        .map((part) => `understudy-chat::part(${part}) { outline: 3px solid rgb(1, 2, 3); }`)
        .join('\n');
      document.head.append(style);
      const { chat } = await opened();
      const reaches = (selector: string): void => {
        expect(getComputedStyle(deep(chat, selector)).outlineColor, selector).to.equal('rgb(1, 2, 3)');
      };
      reaches('.suggestion');
      await ask(chat, 'How long?');
      for (const selector of ['dialog', 'header', '.log', '.question', '.answer', '.composer', '.badge'])
        reaches(selector);
      style.remove();
    });
  });

  describe('states', () => {
    it('greets, offers questions, and sends the one that is chosen', async () => {
      const { chat, module } = await opened();
      expect(textOf(deep(chat, '.greeting'))).to.equal('Hello! Ask me about your order.');
      deep(chat, '.suggestion').click();
      await settle(chat);
      expect(module.connections[0]!.asks.map(({ text }) => text)).to.deep.equal(['Where is my order?']);
      expect(deepAll(chat, '.suggestion')).to.have.length(0);
    });

    it('restores the conversation and asks a cut question again', async () => {
      const { chat, module } = await opened(
        withConnection((connection) => {
          connection.entries = [
            {
              id: 'a',
              question: 'First?',
              askedAtMs: 1,
              state: 'answered',
              answer: 'Yes.',
              summary: fakeSummary(),
            },
            { id: 'b', question: 'Second?', askedAtMs: 2, state: 'pending', answer: '', summary: null },
          ];
        }),
      );
      expect(deepAll(chat, '.question').map(textOf)).to.deep.equal(['You said: First?', 'You said: Second?']);
      deep(chat, '.outcome.cut button').click();
      await settle(chat);
      expect(module.connections[0]!.asks[0]!.options.id).to.equal('b');
    });

    it('queues what is sent while answering, in order', async () => {
      const { chat, module } = await opened(withConnection((connection) => (connection.script = hanging)));
      await ask(chat, 'One?');
      await ask(chat, 'Two?');
      expect(deepAll(chat, '.question').map(textOf)).to.deep.equal(['You said: One?', 'You said: Two?']);
      expect(textOf(deep(chat, '.aside'))).to.contain('Waiting to be sent');
      module.connections[0]!.script = () => fakeAnswer('Done.');
      deep(chat, '.stop').click();
      await settle(chat);
      expect(module.connections[0]!.asks.map(({ text }) => text)).to.deep.equal(['One?', 'Two?']);
      expect(textOf(deep(chat, '.outcome.stopped'))).to.contain('You stopped this answer');
    });

    it('leaves a message with the question in it and returns to the button', async () => {
      const { chat, module } = await opened(
        withConnection((connection) => {
          connection.script = () => [
            { type: 'handoff', reason: 'not-in-pages' },
            ...fakeAnswer('They do not say.'),
          ];
          connection.outcome = 'kept';
        }),
      );
      await ask(chat, 'Bees?');
      const offer = deep(chat, '.handoff button');
      offer.click();
      await settle(chat);
      const contact = deep(chat, '#contact') as HTMLInputElement;
      expect(focused() === contact, 'has the focus').to.equal(true);
      contact.value = 'a@b.co';
      contact.dispatchEvent(new Event('input'));
      (deep(chat, 'form') as HTMLFormElement).requestSubmit();
      await settle(chat);
      expect(module.connections[0]!.left).to.deep.equal([{ text: 'Bees?', contact: 'a@b.co' }]);
      expect(textOf(deep(chat, '.result p'))).to.contain('Kept on this device');
      deep(chat, '#done').click();
      await settle(chat);
      expect(focused() === offer, 'has the focus').to.equal(true);
    });

    it('offers what the visitor wrote of themselves in the form, and sends it only when they do', async () => {
      const { chat, module } = await opened(
        withConnection((connection) => {
          connection.known = 'a@b.co';
          connection.outcome = 'delivered';
        }),
      );
      deep(chat, '.menu-button').click();
      await settle(chat);
      deep(chat, '#menu button').click();
      await settle(chat);
      expect((deep(chat, '#contact') as HTMLInputElement).value).to.equal('a@b.co');
      expect(module.connections[0]!.left).to.deep.equal([]);
      deep(chat, '.back').click();
      await settle(chat);
      module.connections[0]!.known = null;
      deep(chat, '.menu-button').click();
      await settle(chat);
      deep(chat, '#menu button').click();
      await settle(chat);
      expect((deep(chat, '#contact') as HTMLInputElement).value).to.equal('');
    });

    it('erases after a second yes and starts over', async () => {
      const { chat, module } = await opened();
      await ask(chat, 'How long?');
      deep(chat, '.menu-button').click();
      await settle(chat);
      deep(chat, '#menu .erase').click();
      await settle(chat);
      deep(chat, '.question .danger').click();
      await settle(chat);
      expect(module.connections[0]!.eraseCount).to.equal(1);
      expect(deepAll(chat, 'understudy-turn')).to.have.length(0);
      expect(deepAll(chat, '.suggestion').length).to.be.greaterThan(0);
      expect(focused() === deep(chat, 'textarea'), 'has the focus').to.equal(true);
    });

    it('shows notices while they are true', async () => {
      const { chat, module } = await opened(
        withConnection((connection) => (connection.status = fakeStatus({ release: null }))),
      );
      const connection = module.connections[0]!;
      connection.tell('notice', 'preparing-device');
      await settle(chat);
      expect(textOf(deep(chat, '.notices'))).to.contain('Loading the help pages');
      connection.setStatus({ release: 3 });
      await settle(chat);
      expect(deepAll(chat, '.notices')).to.have.length(0);
    });

    it('follows the newest message, but not while the visitor reads above', async () => {
      const { chat, module } = await opened(
        withConnection((connection) => (connection.script = () => fakeAnswer('Line.\n\n'.repeat(40)))),
      );
      await ask(chat, 'Long?');
      const log = deep(chat, '.log');
      const fromEnd = (): number => log.scrollHeight - log.scrollTop - log.clientHeight;
      await waitUntil(() => log.scrollTop > 0 && fromEnd() < 4, 'the end is in sight');
      log.scrollTop = 0;
      await waitUntil(() => deepAll(chat, '.to-end').length === 1, 'the way back is offered');
      module.connections[0]!.setStatus({ reach: 'reachable' });
      await settle(chat);
      expect(log.scrollTop).to.equal(0);
      deep(chat, '.to-end').click();
      await settle(chat);
      expect(fromEnd()).to.be.lessThan(4);
    });

    it('stays at the end when the answer grows before its own scrolling is told', async () => {
      const { chat } = await opened(
        withConnection((connection) => (connection.script = () => fakeAnswer('Line.\n\n'.repeat(40)))),
      );
      await ask(chat, 'Long?');
      const log = deep(chat, '.log');
      const fromEnd = (): number => log.scrollHeight - log.scrollTop - log.clientHeight;
      await waitUntil(() => log.scrollTop > 0 && fromEnd() < 4, 'the end is in sight');
      const more = document.createElement('div');
      more.style.blockSize = '300px';
      log.firstElementChild!.append(more);
      log.dispatchEvent(new Event('scroll'));
      await settle(chat);
      expect(deepAll(chat, '.to-end')).to.have.length(0);
      expect(fromEnd()).to.be.lessThan(4);
    });

    it('stands at the other side in right-to-left pages and with position="start"', async () => {
      const left = async (template: ReturnType<typeof html>): Promise<boolean> => {
        const fixture = await opened(undefined, template);
        await Promise.all(
          dialogOf(fixture)
            .getAnimations()
            .map((animation) => animation.finished),
        );
        const box = dialogOf(fixture).getBoundingClientRect();
        const launcher = deep(fixture.chat, '.launcher').getBoundingClientRect();
        expect(launcher.left < 500).to.equal(box.left < 300);
        fixture.chat.remove();
        return box.left < 300;
      };
      expect(await left(html`<understudy-chat bundle="/b/"></understudy-chat>`)).to.equal(false);
      expect(await left(html`<understudy-chat bundle="/b/" position="start"></understudy-chat>`)).to.equal(
        true,
      );
      expect(await left(html`<understudy-chat bundle="/b/" dir="rtl"></understudy-chat>`)).to.equal(true);
    });
  });

  describe('the form before the first turn', () => {
    const order = {
      name: 'order',
      label: 'Order number',
      type: 'text',
      isRequired: true,
      maxLength: 10,
      options: [],
      default: null,
    } as const;
    const asks = (): FakePanelModule =>
      withConnection((connection) => (connection.status = fakeStatus({ form: [order] })));
    const enter = async (chat: ChatFixture['chat'], text: string): Promise<void> => {
      const field = deep(chat, '#field-0') as HTMLInputElement;
      field.value = text;
      field.dispatchEvent(new Event('input'));
      (deep(chat, 'form') as HTMLFormElement).requestSubmit();
      await settle(chat);
    };

    it('comes first, passes axe, takes the focus, and gives it to the field', async () => {
      const { chat } = await opened(asks());
      expect(textOf(deep(chat, '.start-form understudy-form').shadowRoot!.querySelector('h3')!)).to.equal(
        'Before we start',
      );
      expect(focused() === deep(chat, '#field-0'), 'has the focus').to.equal(true);
      expect(deep(chat, 'understudy-composer').hidden).to.equal(true);
      expect(deepAll(chat, '.suggestion')).to.have.length(0);
      await expect(chat).to.be.accessible();
      await enter(chat, 'F-1');
      expect(deepAll(chat, '.start-form')).to.have.length(0);
      expect(focused() === deep(chat, 'textarea'), 'has the focus').to.equal(true);
      expect(deepAll(chat, '.suggestion').length).to.be.greaterThan(0);
    });

    it('is sent with every turn and remembered', async () => {
      const fixture = await opened(asks());
      await enter(fixture.chat, 'F-1');
      await ask(fixture.chat, 'Where is it?');
      expect(fixture.module.connections[0]!.asks[0]!.options.inputs).to.deep.equal({ order: 'F-1' });
      const again = await opened(asks());
      expect(deepAll(again.chat, '.start-form')).to.have.length(0);
    });

    it('can be changed from the menu, and gives the focus back', async () => {
      const { chat, module } = await opened(asks());
      await enter(chat, 'F-1');
      deep(chat, '.menu-button').click();
      await settle(chat);
      const details = deepAll(chat, '#menu button').find((button) => textOf(button) === 'Your details')!;
      details.click();
      await settle(chat);
      expect(textOf(deep(chat, '#title'))).to.equal('Your details');
      expect((deep(chat, '#field-0') as HTMLInputElement).value).to.equal('F-1');
      expect(focused() === deep(chat, '#field-0'), 'has the focus').to.equal(true);
      await expect(chat).to.be.accessible();
      await enter(chat, 'F-2');
      expect(deepAll(chat, '.view')).to.have.length(0);
      expect(focused() === deep(chat, '.menu-button'), 'has the focus').to.equal(true);
      await ask(chat, 'Where is it?');
      expect(module.connections[0]!.asks[0]!.options.inputs).to.deep.equal({ order: 'F-2' });
    });

    it('is not shown where the page has filled it in', async () => {
      const { chat, module } = await opened(
        asks(),
        html`<understudy-chat bundle="/b/" inputs='{"order":"F-7"}'></understudy-chat>`,
      );
      expect(deepAll(chat, '.start-form')).to.have.length(0);
      await ask(chat, 'Where is it?');
      expect(module.connections[0]!.asks[0]!.options.inputs).to.deep.equal({ order: 'F-7' });
      deep(chat, '.menu-button').click();
      await settle(chat);
      expect(deepAll(chat, '#menu button')).to.have.length(3);
    });

    it('takes the focus of the field when it comes later, and keeps what was typed', async () => {
      const { chat, module } = await opened();
      const field = deep(chat, 'textarea') as HTMLTextAreaElement;
      field.value = 'Where is';
      field.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
      module.connections[0]!.setStatus({ form: [order] });
      await settle(chat);
      expect(focused() === deep(chat, '#field-0'), 'has the focus').to.equal(true);
      await enter(chat, 'F-1');
      expect((deep(chat, 'textarea') as HTMLTextAreaElement).value).to.equal('Where is');
    });
  });

  it('announces a form of a turn, submits it and passes axe before and after', async () => {
    let close = (): void => undefined;
    const closed = new Promise<void>((resolve) => {
      close = resolve;
    });
    const { chat, module } = await opened(
      withConnection((connection) => {
        connection.onSubmit = () => close();
        connection.script = async function* () {
          yield { type: 'form', form: fakeForm() };
          await closed;
          yield { type: 'form-closed', formId: 'complaint', label: 'Send it' };
          yield* fakeAnswer('Thank you.');
        };
      }),
    );
    await ask(chat, 'I want to complain');
    expect(textOf(deep(chat, '.visually-hidden[role=status]'))).to.equal(
      'The assistant asks you to fill in a form: Your complaint',
    );
    expect(focused()!.part.contains('input'), 'the focus stays in the composer').to.equal(true);
    await expect(chat).to.be.accessible();
    const field = deep(chat, '#field-0') as HTMLTextAreaElement;
    field.value = 'Late.';
    field.dispatchEvent(new Event('input'));
    deep(chat, '.buttons .button').click();
    await settle(chat);
    await settle(chat);
    expect(module.connections[0]!.submitted[0]!.values).to.deep.equal({ what: 'Late.', callback: false });
    expect(textOf(deep(chat, '.closed'))).to.equal('You chose “Send it”.');
    expect(deepAll(chat, '.answer').map(textOf)).to.deep.equal(['Assistant said: Thank you.']);
    await expect(chat).to.be.accessible();
  });
});
