import { aTimeout, expect, fixture, html } from '@open-wc/testing';
import type { FormField, PlanFile } from '../../src/contracts/plan-configs.ts';
import type { PanelAction } from '../events/panel-action.ts';
import { PanelActionEvent } from '../events/panel-action.ts';
import { zh } from '../messages/zh.ts';
import { textOf } from '../testing/chat-fixture.ts';
import { fakeForm } from '../testing/fake-connection.ts';
import { XSS_PAYLOADS } from '../testing/xss-payloads.ts';
import { definePanel } from '../understudy-panel/define-panel.ts';
import type { CountdownClock } from './countdown.ts';
import type { UnderstudyForm } from './understudy-form.ts';

definePanel();

const field = (name: string, changes: Partial<FormField> = {}): FormField => ({
  name,
  label: `Label of ${name}`,
  type: 'text',
  isRequired: false,
  maxLength: null,
  options: [],
  default: null,
  ...changes,
});
const EVERY_KIND: readonly FormField[] = [
  field('name', { isRequired: true }),
  field('story', { type: 'paragraph', maxLength: 5 }),
  field('kind', { type: 'select', options: ['Jug', 'Tap'], isRequired: true }),
  field('count', { type: 'number' }),
  field('agrees', { type: 'checkbox' }),
  field('extra', { type: 'json' }),
];
const PHOTO: PlanFile = {
  kind: 'file',
  id: 'f1',
  name: 'a.png',
  type: 'image',
  sizeBytes: 1,
  extension: '.png',
  mimeType: 'image/png',
  url: '',
};

interface Made {
  readonly element: UnderstudyForm;
  readonly root: ShadowRoot;
  readonly submitted: Extract<PanelAction, { type: 'submit-form' }>[];
  readonly fill: (index: number, entry: string | boolean) => Promise<void>;
  readonly press: (label: string) => Promise<void>;
}

async function make(settings: Partial<UnderstudyForm> = {}): Promise<Made> {
  const { title, content, fields, actions } = fakeForm();
  const element = await fixture<UnderstudyForm>(html`<understudy-form></understudy-form>`);
  Object.assign(element, { formId: 'f', formTitle: title, content, fields, actions }, settings);
  await element.updateComplete;
  const root = element.shadowRoot!;
  const submitted: Extract<PanelAction, { type: 'submit-form' }>[] = [];
  element.addEventListener(PanelActionEvent.type, (event) => {
    if (event instanceof PanelActionEvent && event.action.type === 'submit-form')
      submitted.push(event.action);
  });
  return {
    element,
    root,
    submitted,
    fill: async (index, entry) => {
      const control = root.querySelector<HTMLInputElement>(`#field-${index}`)!;
      if (typeof entry === 'boolean') {
        control.checked = entry;
        control.dispatchEvent(new Event('change'));
      } else {
        control.value = entry;
        control.dispatchEvent(new Event(control.localName === 'select' ? 'change' : 'input'));
      }
      await element.updateComplete;
    },
    press: async (label) => {
      [...root.querySelectorAll('button')].find((button) => textOf(button) === label)!.click();
      // Files are sent between the press and what comes of it.
      await aTimeout(0);
      await element.updateComplete;
    },
  };
}

/** A clock that stands until the test moves it. */
class HeldClock implements CountdownClock {
  nowMs = 0;
  #waiting: { readonly atMs: number; readonly call: () => void }[] = [];
  readonly now = (): number => this.nowMs;
  readonly after = (delayMs: number, call: () => void): (() => void) => {
    const waiting = { atMs: this.nowMs + delayMs, call };
    this.#waiting.push(waiting);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
    };
  };
  /** Calls what was waiting up to then. */
  async advance(element: UnderstudyForm, durationMs: number): Promise<void> {
    const untilMs = this.nowMs + durationMs;
    for (;;) {
      const next = this.#waiting.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.nowMs = next.atMs;
      this.#waiting = this.#waiting.filter((other) => other !== next);
      next.call();
      await element.updateComplete;
    }
    this.nowMs = untilMs;
  }
  get waitingCount(): number {
    return this.#waiting.length;
  }
}

describe('<understudy-form>', () => {
  describe('accessibility', () => {
    it('passes axe with every kind of field, with errors, and closed', async () => {
      const { element, press } = await make({ fields: EVERY_KIND, content: '' });
      await expect(element).to.be.accessible();
      await press('Send it');
      await expect(element).to.be.accessible();
      element.formState = 'closed';
      element.closedLabel = 'Send it';
      await element.updateComplete;
      await expect(element).to.be.accessible();
    });

    it('passes axe in the dark', async () => {
      const { element } = await make({ fields: EVERY_KIND, expiresAtMs: Date.now() + 60_000 });
      element.style.colorScheme = 'dark';
      element.style.background = '#16181d';
      element.style.color = '#eef0f4';
      await expect(element).to.be.accessible();
    });

    it('ties labels and errors to their fields and goes to the first error', async () => {
      const { root, press, fill } = await make({ fields: EVERY_KIND, content: '' });
      await press('Send it');
      const first = root.querySelector<HTMLInputElement>('#field-0')!;
      expect(root.activeElement).to.equal(first);
      expect(first.getAttribute('aria-invalid')).to.equal('true');
      expect(textOf(root.getElementById(first.getAttribute('aria-describedby')!)!)).to.equal(
        'Please fill this in.',
      );
      expect(first.labels![0]!.textContent).to.contain('Label of name');
      await fill(0, 'Ada');
      expect(first.getAttribute('aria-invalid')).to.equal('false');
    });

    it('says which fields are optional', async () => {
      const { root } = await make({ fields: EVERY_KIND, content: '' });
      expect(root.querySelectorAll('.optional')).to.have.length(3);
    });

    it('gives the focus to what became of it when its button goes', async () => {
      const { element, root, fill } = await make();
      await fill(0, 'Late.');
      root.querySelector<HTMLElement>('.button')!.focus();
      element.formState = 'closed';
      element.closedLabel = 'Send it';
      await element.updateComplete;
      expect(textOf(root.activeElement!)).to.equal('You chose “Send it”.');
    });
  });

  describe('values', () => {
    it('submits what was entered, by the types of the fields', async () => {
      const { submitted, fill, press } = await make({ fields: EVERY_KIND, content: '' });
      await fill(0, 'Ada');
      await fill(1, 'short');
      await fill(2, 'Tap');
      await fill(3, '4,5');
      await fill(4, true);
      await fill(5, '{"a":1}');
      await press('Leave it');
      expect(submitted).to.deep.equal([
        {
          type: 'submit-form',
          formId: 'f',
          action: 'drop',
          values: { name: 'Ada', story: 'short', kind: 'Tap', count: 4.5, agrees: true, extra: { a: 1 } },
        },
      ]);
    });

    it('begins with defaults and given values, and keeps what was typed when they change', async () => {
      const fields = [field('a', { default: 'default' }), field('b', { default: 'default' })];
      const { element, root, fill } = await make({ fields, content: '', values: { b: 'given' } });
      const shown = (): readonly string[] => [...root.querySelectorAll('input')].map(({ value }) => value);
      expect(shown()).to.deep.equal(['default', 'given']);
      await fill(0, 'typed');
      element.values = { a: 'new', b: 'new' };
      await element.updateComplete;
      expect(shown()).to.deep.equal(['typed', 'new']);
    });

    it('tells how much is too long', async () => {
      const { root, submitted, fill, press } = await make({ fields: EVERY_KIND, content: '' });
      await fill(0, 'Ada');
      await fill(1, 'too long');
      await fill(2, 'Jug');
      await press('Send it');
      expect(textOf(root.querySelector('#field-1-error')!)).to.equal('Too long: remove 3 characters');
      expect(submitted).to.have.length(0);
    });

    it('submits with Enter where there is one button, and not where there are several', async () => {
      const one = await make({
        fields: [field('a')],
        content: '',
        actions: [{ id: 'go', label: 'Go', style: 'primary' }],
      });
      one.root.querySelector('form')!.requestSubmit();
      await aTimeout(0);
      expect(one.submitted.map(({ action }) => action)).to.deep.equal(['go']);
      const two = await make({ fields: [field('a')], content: '' });
      two.root.querySelector('form')!.requestSubmit();
      await aTimeout(0);
      expect(two.submitted).to.have.length(0);
    });
  });

  describe('files', () => {
    const photo = field('photo', { type: 'file', isRequired: true });
    const choose = async ({ element, root }: Made, files: readonly File[]): Promise<void> => {
      const control = root.querySelector<HTMLInputElement>('input[type=file]')!;
      const transfer = new DataTransfer();
      for (const file of files) transfer.items.add(file);
      control.files = transfer.files;
      control.dispatchEvent(new Event('change'));
      await element.updateComplete;
    };

    it('sends a chosen file and submits what stands for it', async () => {
      const made = await make({ fields: [photo], content: '', uploadFile: () => Promise.resolve(PHOTO) });
      await choose(made, [new File(['x'], 'a.png')]);
      await made.press('Send it');
      expect(made.submitted[0]!.values).to.deep.equal({ photo: PHOTO });
    });

    it('says when a file could not be sent, and when there are too many', async () => {
      const made = await make({
        fields: [field('photos', { type: 'file-list', maxLength: 1 })],
        content: '',
        uploadFile: () => Promise.reject(new Error('offline')),
      });
      await choose(made, [new File(['x'], 'a.png')]);
      await made.press('Send it');
      expect(textOf(made.root.querySelector('.error')!)).to.contain('could not be sent');
      await choose(made, [new File(['x'], 'a.png'), new File(['y'], 'b.png')]);
      await made.press('Send it');
      expect(textOf(made.root.querySelector('.error')!)).to.equal('Too many files: remove 1 file');
    });

    it('is no dead end where files cannot be sent', async () => {
      const fields = [photo, field('other', { type: 'file' })];
      const { root, submitted, press } = await make({ fields, content: '' });
      expect(root.querySelectorAll('input[type=file]')).to.have.length(1);
      expect(textOf(root.querySelector('.hint')!)).to.equal('Files cannot be sent from here.');
      await press('Send it');
      expect(submitted[0]!.values).to.deep.equal({ photo: null, other: null });
    });
  });

  describe('states', () => {
    it('shows its content around the fields', async () => {
      const { root } = await make();
      const parts = [...root.querySelectorAll('fieldset > *')].map((part) => part.className);
      expect(parts).to.deep.equal(['markdown', 'field', 'markdown', 'field']);
      expect(root.querySelector('.markdown strong')!.textContent).to.equal('what happened');
    });

    it('keeps its buttons while it is sent, and submits once', async () => {
      const { element, submitted, fill, press } = await make();
      await fill(0, 'Late.');
      element.formState = 'sending';
      await element.updateComplete;
      await press('Send it');
      expect(submitted).to.have.length(0);
    });

    it('shows what was entered when it is closed, and cannot be changed', async () => {
      const { element, root, fill } = await make();
      await fill(0, 'Late.');
      element.formState = 'closed';
      element.closedLabel = 'Send it';
      await element.updateComplete;
      expect(root.querySelector<HTMLTextAreaElement>('textarea')!.value).to.equal('Late.');
      expect(root.querySelector('textarea')!.matches(':disabled')).to.equal(true);
      expect(root.querySelectorAll('.buttons')).to.have.length(0);
    });

    it('says when it came too late and when it failed', async () => {
      const { element, root } = await make({ formState: 'refused' });
      expect(textOf(root.querySelector('[role=alert]')!)).to.contain('no longer open');
      element.formState = 'failed';
      await element.updateComplete;
      expect(textOf(root.querySelector('[role=alert]')!)).to.contain('could not be sent');
      expect(root.querySelectorAll('.button')).to.have.length(2);
    });

    it('names an unknown style of a button no class', async () => {
      const actions = ['primary', 'accent', 'ghost', 'x" onclick="'].map((style) => ({
        id: style,
        label: style,
        style,
      }));
      const { root } = await make({ actions });
      expect([...root.querySelectorAll('.button')].map(({ className }) => className.trim())).to.deep.equal([
        'button primary',
        'button accent',
        'button ghost',
        'button',
      ]);
    });

    it('stands long words and writes from right to left', async () => {
      const long = 'Donaudampfschifffahrtsgesellschaft'.repeat(4);
      const { element } = await make({
        formTitle: long,
        content: long,
        fields: [field(long, { label: long }), field('b', { type: 'select', options: [long] })],
        actions: [{ id: 'a', label: long, style: 'primary' }],
      });
      element.dir = 'rtl';
      element.style.inlineSize = '260px';
      await element.updateComplete;
      expect(element.scrollWidth).to.be.lessThan(262);
    });

    it('speaks Chinese', async () => {
      const { root, press } = await make({ messages: zh });
      await press('Send it');
      expect(textOf(root.querySelector('.error:not(:empty)')!)).to.contain('请填写');
    });

    it('draws no markup of an attacker', async () => {
      for (const payload of XSS_PAYLOADS) {
        const { root } = await make({
          formTitle: payload,
          content: payload,
          fields: [field(payload, { label: payload, options: [payload], type: 'select', default: payload })],
          actions: [{ id: payload, label: payload, style: payload }],
        });
        expect(
          root.querySelectorAll('img, script, iframe, svg *[onload], a[href^="javascript"]'),
        ).to.have.length(0);
      }
      expect(Reflect.get(globalThis, 'pwned')).to.equal(undefined);
    });
  });

  describe('time-out', () => {
    it('counts down for the eye, speaks rarely, and ends', async () => {
      const clock = new HeldClock();
      const { element, root, submitted, fill } = await make({ clock, expiresAtMs: 7 * 60_000 });
      await fill(0, 'Late.');
      const spoken = (): string => textOf(root.querySelector('[role=status]')!);
      expect(textOf(root.querySelector('.time')!)).to.equal('7 minutes left to fill this in');
      expect(spoken()).to.equal('');
      await clock.advance(element, 2 * 60_000);
      expect(spoken()).to.equal('5 minutes left to fill this in');
      await clock.advance(element, 60_000);
      expect(textOf(root.querySelector('.time')!)).to.equal('4 minutes left to fill this in');
      expect(spoken()).to.equal('5 minutes left to fill this in');
      await clock.advance(element, 4 * 60_000);
      expect(textOf(root.querySelector('.closed')!)).to.equal('The time to fill this in is over.');
      expect(root.querySelectorAll('.button')).to.have.length(0);
      expect(submitted).to.have.length(0);
      expect(clock.waitingCount).to.equal(0);
    });

    it('waits for nothing once it is closed or taken away', async () => {
      const clock = new HeldClock();
      const { element } = await make({ clock, expiresAtMs: 60_000 });
      expect(clock.waitingCount).to.equal(1);
      element.formState = 'closed';
      await element.updateComplete;
      expect(clock.waitingCount).to.equal(0);
      element.formState = 'open';
      await element.updateComplete;
      element.remove();
      expect(clock.waitingCount).to.equal(0);
    });
  });
});
