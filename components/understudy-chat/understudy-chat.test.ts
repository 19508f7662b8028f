import { expect, fixture, html, nextFrame } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import {
  ask,
  chatFixture,
  deep,
  deepAll,
  FakePanelModule,
  focused,
  openChat,
  panelOf,
  settle,
  textOf,
} from '../testing/chat-fixture.ts';
import { fakeAnswer, FakeConnection, fakeStatus } from '../testing/fake-connection.ts';
import { UnderstudyChat } from './define.ts';
import { readVisitFlag, writeVisitFlag } from './visit-flag.ts';

const launcherOf = (chat: UnderstudyChat): HTMLElement => deep(chat, '.launcher');
const next = <Type extends keyof HTMLElementEventMap>(
  target: HTMLElement,
  type: Type,
): Promise<HTMLElementEventMap[Type]> =>
  new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
const task = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const flagOf = (bundle: string): string => `understudy:${new URL(bundle, document.baseURI).href}`;

describe('<understudy-chat>', () => {
  beforeEach(() => {
    localStorage.clear();
    sessionStorage.clear();
  });

  describe('accessibility', () => {
    it('passes axe closed, and with a panel that cannot be loaded', async () => {
      const { chat } = await chatFixture();
      await expect(chat).to.be.accessible();
      UnderstudyChat.loadPanel = () => Promise.reject(new Error('404'));
      chat.show();
      await settle(chat);
      await expect(chat).to.be.accessible();
    });

    it('has a named button that says whether the dialog is open', async () => {
      const fixture = await chatFixture();
      const launcher = launcherOf(fixture.chat);
      expect(launcher.localName).to.equal('button');
      expect(launcher.getAttribute('aria-label')).to.equal('Ask a question');
      expect(launcher.getAttribute('aria-haspopup')).to.equal('dialog');
      expect(launcher.getAttribute('aria-expanded')).to.equal('false');
      await openChat(fixture);
      expect(launcher.getAttribute('aria-expanded')).to.equal('true');
      expect(launcher.getAttribute('aria-label')).to.equal('Close the chat');
    });
  });

  describe('properties', () => {
    it('reads its attributes into the options of the connection', async () => {
      const fixture = await chatFixture(
        html`<understudy-chat
          bundle="/b/"
          lead="dify:https://dify.example/v1#code"
          outbox="/outbox"
          assets="/assets/"
          privacy="device-only"
          generator="off"
          lang="zh"
        ></understudy-chat>`,
      );
      await openChat(fixture);
      expect(fixture.module.options).to.deep.equal([
        {
          bundle: '/b/',
          lead: 'dify:https://dify.example/v1#code',
          outbox: '/outbox',
          assets: '/assets/',
          privacy: 'device-only',
          generator: 'off',
          language: 'zh',
        },
      ]);
    });

    it('takes a misspelled privacy for the strict one', async () => {
      const fixture = await chatFixture(
        html`<understudy-chat bundle="/b/" privacy="device_only"></understudy-chat>`,
      );
      await openChat(fixture);
      expect(fixture.module.options[0]?.privacy).to.equal('device-only');
    });

    it('connects anew when the bundle changes', async () => {
      const fixture = await chatFixture();
      await openChat(fixture);
      fixture.chat.bundle = '/other/';
      await settle(fixture.chat);
      expect(fixture.module.connections.map(({ disposeCount }) => disposeCount)).to.deep.equal([1, 0]);
      expect(fixture.module.options[1]?.bundle).to.equal('/other/');
      await ask(fixture.chat, 'Still there?');
      expect(fixture.module.connections[1]?.asks).to.have.length(1);
    });

    it('takes its language from the nearest tag', async () => {
      const wrapper = await fixture<HTMLElement>(
        html`<div lang="zh-CN"><understudy-chat bundle="/b/"></understudy-chat></div>`,
      );
      const chat = wrapper.querySelector('understudy-chat')!;
      await chat.updateComplete;
      expect(launcherOf(chat).getAttribute('aria-label')).to.equal('咨询');
      chat.lang = 'en';
      await chat.updateComplete;
      expect(launcherOf(chat).getAttribute('aria-label')).to.equal('Ask a question');
      chat.label = 'Need help?';
      await chat.updateComplete;
      expect(launcherOf(chat).getAttribute('aria-label')).to.equal('Need help?');
    });

    it('opens from its attribute without taking the focus', async () => {
      const { chat } = await chatFixture(html`<understudy-chat bundle="/b/" open></understudy-chat>`);
      await settle(chat);
      expect(panelOf(chat).open).to.equal(true);
      expect(focused() === document.body, 'has the focus').to.equal(true);
    });

    it('picks text that can be read on any accent', async () => {
      for (const [accent, text] of [
        ['#ffe14d', 'rgb(0, 0, 0)'],
        ['navy', 'rgb(255, 255, 255)'],
        ['hsl(60 100% 80%)', 'rgb(0, 0, 0)'],
        ['oklch(0.3 0.1 250)', 'rgb(255, 255, 255)'],
      ] as const) {
        const { chat } = await chatFixture(html`<understudy-chat bundle="/b/"></understudy-chat>`);
        chat.style.setProperty('--understudy-accent', accent);
        chat.requestUpdate();
        await chat.updateComplete;
        await nextFrame();
        expect(getComputedStyle(launcherOf(chat)).color, accent).to.equal(text);
        chat.remove();
      }
    });

    it("wears the bundle's accent unless the page has its own", async () => {
      const fixture = await chatFixture();
      await openChat(fixture);
      expect(getComputedStyle(launcherOf(fixture.chat)).backgroundColor).to.match(
        /^color\(srgb 0\.043\d* 0\.431/,
      );
      fixture.chat.style.setProperty('--understudy-accent', 'rgb(255, 0, 0)');
      expect(getComputedStyle(launcherOf(fixture.chat)).backgroundColor).to.equal('color(srgb 1 0 0)');
    });
  });

  describe('loading', () => {
    it('fetches nothing on a first visit', async () => {
      const fixture = await chatFixture();
      await task();
      expect(fixture.loads()).to.equal(0);
      expect(fixture.module.connections).to.have.length(0);
    });

    it('loads the script on hover and focus, but connects only when it is opened', async () => {
      const fixture = await chatFixture();
      launcherOf(fixture.chat).dispatchEvent(new PointerEvent('pointerenter'));
      launcherOf(fixture.chat).focus();
      await settle(fixture.chat);
      expect(fixture.loads()).to.equal(1);
      expect(fixture.module.connections).to.have.length(0);
      launcherOf(fixture.chat).click();
      await settle(fixture.chat);
      expect(fixture.loads()).to.equal(1);
      expect(fixture.module.connections).to.have.length(1);
    });

    it('starts by itself on a later visit when a message waits', async () => {
      const first = await chatFixture();
      await openChat(first);
      expect(readVisitFlag(flagOf('/bundle/'))).to.equal(false);
      first.module.connections[0]!.setStatus({ outboxCount: 1 });
      expect(readVisitFlag(flagOf('/bundle/'))).to.equal(true);
      first.chat.remove();
      const second = await chatFixture();
      await next(second.chat, 'understudy-status');
      expect(second.module.connections).to.have.length(1);
      expect(second.chat.open).to.equal(false);
      expect(readVisitFlag(flagOf('/bundle/'))).to.equal(false);
    });

    it('remembers a visitor who opened it only where the owner prefetches', async () => {
      const fixture = await chatFixture(html`<understudy-chat bundle="/bundle/" prefetch></understudy-chat>`);
      await openChat(fixture);
      expect(readVisitFlag(flagOf('/bundle/'))).to.equal(true);
      await fixture.chat.erase();
      expect(readVisitFlag(flagOf('/bundle/'))).to.equal(false);
    });

    it('goes on where storage is refused', () => {
      const original = Object.getOwnPropertyDescriptor(window, 'localStorage')!;
      Object.defineProperty(window, 'localStorage', {
        configurable: true,
        get: () => {
          throw new DOMException('No.', 'SecurityError');
        },
      });
      writeVisitFlag('k', true);
      expect(readVisitFlag('k')).to.equal(false);
      Object.defineProperty(window, 'localStorage', original);
    });

    it('shows the fallback when the script cannot be loaded, and tries again', async () => {
      const { chat, module } = await chatFixture(
        html`<understudy-chat bundle="/b/"><a href="/contact">Contact</a></understudy-chat>`,
      );
      const attempts: number[] = [];
      UnderstudyChat.loadPanel = (attempt) => {
        attempts.push(attempt);
        return attempt === 0 ? Promise.reject(new Error('404')) : Promise.resolve(module);
      };
      const fault = next(chat, 'understudy-fault');
      chat.show();
      expect((await fault).code).to.equal('client/panel-unreachable');
      await settle(chat);
      expect(textOf(deep(chat, '[role=alert]'))).to.contain('could not be loaded');
      expect(chat.querySelector('a')!.checkVisibility()).to.equal(true);
      chat.hide();
      await settle(chat);
      expect(chat.querySelector('a')!.checkVisibility()).to.equal(false);
      chat.show();
      await settle(chat);
      expect(panelOf(chat).open).to.equal(true);
      expect(attempts).to.deep.equal([0, 1]);
    });
  });

  describe('methods', () => {
    it('asks without opening, over the same connection', async () => {
      const fixture = await chatFixture();
      const summary = await fixture.chat.ask('How long?');
      expect(summary?.text).to.equal('Thirty days.');
      expect(fixture.chat.open).to.equal(false);
      await openChat(fixture);
      expect(fixture.module.connections).to.have.length(1);
      expect(textOf(deep(fixture.chat, '.question'))).to.contain('How long?');
    });

    it('leaves messages, gives diagnostics and erases', async () => {
      const { chat, module } = await chatFixture();
      expect(await chat.leaveMessage({ text: 'Hi', contact: 'a@b.co' })).to.deep.equal({
        state: 'delivered',
      });
      expect(await chat.diagnostics()).to.deep.equal({ release: 7 });
      await chat.erase();
      expect(module.connections[0]!.eraseCount).to.equal(1);
      expect(await chat.connection).to.equal(module.connections[0]);
    });
  });

  describe('events', () => {
    it('asks before it opens and closes', async () => {
      const { chat } = await chatFixture();
      let allows = false;
      const decide = (event: Event): void => {
        if (!allows) event.preventDefault();
      };
      chat.addEventListener('understudy-open', decide);
      chat.addEventListener('understudy-close', decide);
      chat.show();
      expect(chat.open).to.equal(false);
      allows = true;
      chat.toggle();
      expect(chat.open).to.equal(true);
      await settle(chat);
      allows = false;
      chat.hide();
      expect(chat.open).to.equal(true);
      allows = true;
      chat.hide();
      expect(chat.open).to.equal(false);
    });

    it('tells turns, handoffs, status and faults to the page', async () => {
      const { chat, module } = await chatFixture();
      const told: string[] = [];
      for (const type of ['turn-start', 'turn-end', 'handoff', 'status', 'fault'])
        document.addEventListener(
          `understudy-${type}`,
          (event) => told.push(`${event.type} ${String(event.composed)}`),
          {
            once: true,
          },
        );
      await chat.connection;
      module.connections[0]!.script = () => [{ type: 'handoff', reason: 'asked' }, ...fakeAnswer('x')];
      module.connections[0]!.tell('fault', new UnderstudyError('lead/timeout', 'Slow.'));
      const start = next(chat, 'understudy-turn-start');
      const end = next(chat, 'understudy-turn-end');
      const handoff = next(chat, 'understudy-handoff');
      await chat.ask('How long?');
      expect((await start).text).to.equal('How long?');
      expect((await end).summary.text).to.equal('x');
      expect((await handoff).reason).to.equal('asked');
      expect(told.sort()).to.deep.equal(
        ['fault', 'handoff', 'status', 'turn-end', 'turn-start'].map((type) => `understudy-${type} true`),
      );
    });
  });

  describe('slots', () => {
    it('hides its children once it is defined', async () => {
      const { chat } = await chatFixture(
        html`<understudy-chat bundle="/b/"><a href="/contact">Contact</a></understudy-chat>`,
      );
      expect(chat.querySelector('a')!.checkVisibility()).to.equal(false);
    });
  });

  describe('keyboard', () => {
    it('passes the whole walk: Tab, Enter, type, send, Escape, focus back', async () => {
      const { chat, module } = await chatFixture();
      const before = document.createElement('button');
      before.textContent = 'Before';
      chat.before(before);
      before.focus();
      await sendKeys({ press: 'Tab' });
      expect(focused() === launcherOf(chat), 'has the focus').to.equal(true);
      await sendKeys({ press: 'Enter' });
      await settle(chat);
      expect(focused() === deep(chat, 'textarea'), 'has the focus').to.equal(true);
      await sendKeys({ type: 'How long?' });
      await sendKeys({ press: 'Enter' });
      await settle(chat);
      expect(module.connections[0]!.asks.map(({ text }) => text)).to.deep.equal(['How long?']);
      expect(focused() === deep(chat, 'textarea'), 'has the focus').to.equal(true);
      await sendKeys({ press: 'Escape' });
      await settle(chat);
      expect(chat.open).to.equal(false);
      expect(focused() === launcherOf(chat), 'has the focus').to.equal(true);
      before.remove();
    });
  });

  describe('parts', () => {
    it('exposes the launcher', async () => {
      const { chat } = await chatFixture();
      expect(launcherOf(chat).getAttribute('part')).to.equal('launcher');
    });
  });

  describe('states', () => {
    it('survives a page that resets everything', async () => {
      const style = document.createElement('style');
      style.textContent = '* { all: unset !important; }';
      const { chat } = await chatFixture();
      document.head.append(style);
      expect(getComputedStyle(chat).display).to.equal('inline');
      expect(launcherOf(chat).getBoundingClientRect().width).to.equal(56);
      style.remove();
    });

    it('can be hidden by the page', async () => {
      const { chat } = await chatFixture(html`<understudy-chat bundle="/b/" hidden></understudy-chat>`);
      expect(launcherOf(chat).checkVisibility()).to.equal(false);
    });

    it('keeps the connection when it is moved', async () => {
      const fixture = await chatFixture();
      await openChat(fixture);
      const place = document.createElement('div');
      document.body.append(place);
      place.append(fixture.chat);
      await task();
      await settle(fixture.chat);
      expect(fixture.module.connections.map(({ disposeCount }) => disposeCount)).to.deep.equal([0]);
      await ask(fixture.chat, 'Still there?');
      expect(fixture.module.connections[0]!.asks).to.have.length(1);
      place.remove();
    });

    it('ends everything when it is removed, 50 times over', async () => {
      const module = new FakePanelModule();
      const connections: FakeConnection[] = [];
      module.make = () => {
        const connection = new FakeConnection(fakeStatus());
        connections.push(connection);
        return connection;
      };
      const { chat } = await chatFixture(html`<understudy-chat bundle="/b/" open></understudy-chat>`, module);
      const parent = chat.parentElement!;
      const added: string[] = [];
      const { prototype } = EventTarget;
      const targets = [window, document, window.visualViewport!];
      for (const target of targets) {
        target.addEventListener = (type: string, ...rest: [EventListener]) => {
          added.push(type);
          prototype.addEventListener.call(target, type, ...rest);
        };
        target.removeEventListener = (type: string, ...rest: [EventListener]) => {
          added.splice(added.indexOf(type), 1);
          prototype.removeEventListener.call(target, type, ...rest);
        };
      }
      for (let round = 0; round < 50; round += 1) {
        await settle(chat);
        chat.remove();
        await task();
        parent.append(chat);
      }
      chat.remove();
      await task();
      await task();
      for (const target of targets) {
        Reflect.deleteProperty(target, 'addEventListener');
        Reflect.deleteProperty(target, 'removeEventListener');
      }
      expect(connections.length).to.be.at.least(50);
      expect(connections.filter(({ disposeCount }) => disposeCount === 0)).to.have.length(0);
      expect(connections.reduce((sum, { listenerCount }) => sum + listenerCount, 0)).to.equal(0);
      expect(added.length, added.join()).to.be.lessThan(3);
    });

    it('works twice on one page', async () => {
      const one = await chatFixture(html`<understudy-chat bundle="/a/"></understudy-chat>`);
      await openChat(one);
      const two = await chatFixture(html`<understudy-chat bundle="/b/" position="start"></understudy-chat>`);
      await openChat(two);
      await ask(one.chat, 'To the first');
      await ask(two.chat, 'To the second');
      expect(deepAll(one.chat, '.question').map(textOf)).to.deep.equal(['You said: To the first']);
      expect(deepAll(two.chat, '.question').map(textOf)).to.deep.equal(['You said: To the second']);
      expect([one.module.options[0]?.bundle, two.module.options[0]?.bundle]).to.deep.equal(['/a/', '/b/']);
      one.chat.hide();
      await settle(one.chat);
      expect(two.chat.open).to.equal(true);
    });

    it('lets a second copy of the script find the tag taken', async () => {
      const address = new URL('./define.ts?second', import.meta.url).href;
      const second = (await import(address)) as { UnderstudyChat: unknown };
      expect(customElements.get('understudy-chat')).to.equal(UnderstudyChat);
      expect(second.UnderstudyChat).to.exist;
    });
  });
});
