import { fixture, html } from '@open-wc/testing';
import { converse } from '../conversation/converse.ts';
import type { PanelModule } from '../understudy-chat/panel-module.ts';
import { UnderstudyChat } from '../understudy-chat/define.ts';
import { definePanel } from '../understudy-panel/define-panel.ts';
import { UnderstudyPanel } from '../understudy-panel/understudy-panel.ts';
import { FakeConnection } from './fake-connection.ts';

/** A panel script whose connections are fakes; counts what was asked of it. */
export class FakePanelModule implements PanelModule {
  readonly connections: FakeConnection[] = [];
  /** Makes the connection of each `connect`; may throw. */
  make: () => FakeConnection = () => new FakeConnection();
  readonly definePanel: () => void = definePanel;
  readonly converse: PanelModule['converse'] = converse;

  readonly connect: PanelModule['connect'] = (options) => {
    this.options.push(options);
    return Promise.resolve().then(() => {
      const connection = this.make();
      this.connections.push(connection);
      return connection;
    });
  };
  readonly options: Parameters<PanelModule['connect']>[0][] = [];
}

/** An element in the page with its fake script. */
export interface ChatFixture {
  readonly chat: UnderstudyChat;
  readonly module: FakePanelModule;
  /** Number of times the panel's script was loaded. */
  readonly loads: () => number;
}

/** Puts an element into the page; nothing of it is opened yet. */
export async function chatFixture(
  template: ReturnType<typeof html> = html`<understudy-chat bundle="/bundle/"></understudy-chat>`,
  module: FakePanelModule = new FakePanelModule(),
): Promise<ChatFixture> {
  let loads = 0;
  UnderstudyChat.loadPanel = () => {
    loads += 1;
    return Promise.resolve(module);
  };
  const chat = await fixture<UnderstudyChat>(template);
  return { chat, module, loads: () => loads };
}

/** Opens the panel and waits until its conversation is there. */
export async function openChat({ chat }: ChatFixture): Promise<UnderstudyPanel> {
  chat.show();
  await chat.connection;
  await settle(chat);
  return panelOf(chat);
}

/** The panel of an element that has been opened. */
export function panelOf(chat: UnderstudyChat): UnderstudyPanel {
  const panel = chat.shadowRoot?.querySelector('understudy-panel');
  if (!(panel instanceof UnderstudyPanel)) throw new TypeError('The element has no panel yet.');
  return panel;
}

/** Waits until element, panel and all that is in it have been drawn. */
export async function settle(chat: UnderstudyChat): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    // A macrotask lets streams of several microtasks a part go on.
    await new Promise((resolve) => setTimeout(resolve));
    await chat.updateComplete;
    // The launcher picks its text color with the next frame.
    await new Promise(requestAnimationFrame);
    for (const element of deepAll(chat, '*')) {
      const update: unknown = Reflect.get(element, 'updateComplete');
      if (update instanceof Promise) await update;
      // Half a fade is no state to judge; endless animations cannot be finished.
      for (const animation of element.getAnimations())
        if (animation.effect?.getComputedTiming().iterations !== Infinity) animation.finish();
    }
  }
}

/** All matching elements inside an element and its shadow trees, in document order. */
export function deepAll(root: Element | ShadowRoot, selector: string): HTMLElement[] {
  const tree = root instanceof Element ? root.shadowRoot : root;
  if (tree === null) return [];
  return [...tree.querySelectorAll<HTMLElement>('*')].flatMap((element) => [
    ...(element.matches(selector) ? [element] : []),
    ...deepAll(element, selector),
  ]);
}

/** The first matching element in the shadow trees; fails the test when there is none. */
export function deep(root: Element, selector: string): HTMLElement {
  const found = deepAll(root, selector)[0];
  if (found === undefined) throw new Error(`Nothing matches ${selector}.`);
  return found;
}

/** The element that has the focus, through all shadow trees. */
export function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement != null) element = element.shadowRoot.activeElement;
  return element;
}

/** Types a question into the composer and presses Enter. */
export async function ask(chat: UnderstudyChat, text: string): Promise<void> {
  const field = deep(chat, 'textarea');
  if (!(field instanceof HTMLTextAreaElement)) throw new TypeError('The composer has no field.');
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  field.dispatchEvent(press('Enter'));
  await settle(chat);
}

/** A key event as the browser makes it. */
export function press(key: string, init: KeyboardEventInit = {}): KeyboardEvent {
  return new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...init });
}

/** The text of an answer's elements, white space folded. */
export function textOf(element: Element): string {
  return element.textContent.replaceAll(/\s+/g, ' ').trim();
}
