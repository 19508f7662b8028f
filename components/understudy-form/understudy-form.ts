import type { CSSResultGroup, PropertyDeclarations, PropertyValues, TemplateResult } from 'lit';
import { LitElement, html, nothing } from 'lit';
import type { Json, JsonObject } from '../../src/contracts/json.ts';
import type { FormField, PlanFile } from '../../src/contracts/plan-configs.ts';
import { PanelActionEvent } from '../events/panel-action.ts';
import { markdownStyles } from '../markdown/markdown.styles.ts';
import { parseMarkdown } from '../markdown/parse-markdown.ts';
import { renderMarkdown } from '../markdown/render-markdown.ts';
import { en } from '../messages/en.ts';
import type { Messages } from '../messages/messages.ts';
import { baseStyles } from '../theme/base.styles.ts';
import { fieldStyles } from '../theme/field.styles.ts';
import { icon } from '../theme/icon.ts';
import { Countdown, browserClock } from './countdown.ts';
import type { CountdownClock } from './countdown.ts';
import { formParts } from './form-parts.ts';
import type { FieldProblem } from './read-field.ts';
import { entryOf, readField } from './read-field.ts';
import { renderField } from './render-field.ts';
import { formStyles } from './understudy-form.styles.ts';

/** A button of a form. `style` is `primary`, `default`, `accent` or `ghost`; what is none of them is `default`. */
export interface FormAction {
  readonly id: string;
  readonly label: string;
  readonly style: string;
}

/** How far a form is; `refused` came too late, `failed` may be tried again. */
export type FormState = 'open' | 'sending' | 'failed' | 'refused' | 'closed';

/** Sends a file and says what stands for it; rejects when it could not be sent. */
export type UploadFile = (file: File) => Promise<PlanFile>;

/** Declared by name: decorators for each would cost the panel 300 bytes. */
const PROPERTIES = [
  'messages',
  'formId',
  'formTitle',
  'content',
  'fields',
  'values',
  'actions',
  'expiresAtMs',
  'formState',
  'closedLabel',
  'uploadFile',
  'clock',
  'entries',
  'problems',
  'isUploading',
];

/**
 * @summary Fields that a visitor fills in: before the first turn, or during one.
 *
 * @fires {PanelActionEvent} understudy-action - `submit-form` with the values of all fields, once they are valid.
 *
 * @csspart form - The form.
 * @csspart field - A field with its label.
 * @csspart action - A button.
 */
export class UnderstudyForm extends LitElement {
  static override styles: CSSResultGroup = [baseStyles, markdownStyles, fieldStyles, formStyles];
  static override properties: PropertyDeclarations = Object.fromEntries(PROPERTIES.map((name) => [name, {}]));

  /** The texts of the interface. */
  messages: Messages = en;
  /** Told with what is submitted. */
  formId = '';
  /** Heading; '' for none. */
  formTitle = '';
  /** Markdown subset; `{{#$output.NAME#}}` marks where a field stands. */
  content = '';
  fields: readonly FormField[] = [];
  /** What the fields begin with; those that are not named, or do not fit, begin with their defaults. */
  values: JsonObject = {};
  /** Buttons; with one alone, Enter in a field presses it. */
  actions: readonly FormAction[] = [];
  /** When it can no longer be submitted, in ms since 1970; null = it waits. */
  expiresAtMs: number | null = null;
  /** How far the form is; a closed one shows what was entered. */
  formState: FormState = 'open';
  /** The button that closed it, '' when none did. */
  closedLabel = '';
  /** Sends files. Null: fields for files are not offered. */
  uploadFile: UploadFile | null = null;
  /** The clock of the time-out; replaced by tests. */
  clock: CountdownClock = browserClock;

  private entries: ReadonlyMap<string, string | boolean> = new Map();
  private problems: ReadonlyMap<string, FieldProblem> = new Map();
  private isUploading = false;

  readonly #countdown = new Countdown(this, () => ({
    expiresAtMs: this.formState === 'closed' ? null : this.expiresAtMs,
    clock: this.clock,
  }));
  readonly #files = new Map<string, readonly File[]>();
  /** Fields that the visitor has changed: new values do not replace them. */
  readonly #touched = new Set<string>();
  #losesFocus = false;

  /** Moves the focus to the first thing that can be filled in or pressed. */
  override focus(options?: FocusOptions): void {
    this.shadowRoot?.querySelector<HTMLElement>('input, select, textarea, button')?.focus(options);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('formId')) {
      this.#touched.clear();
      this.problems = new Map();
    }
    if (changed.has('fields') || changed.has('values') || changed.has('formId'))
      this.entries = new Map(
        this.fields.map((field) => [
          field.name,
          this.#touched.has(field.name)
            ? (this.entries.get(field.name) ?? '')
            : entryOf(field, this.values[field.name]),
        ]),
      );
    this.#losesFocus = this.#isDone && this.shadowRoot?.activeElement != null;
  }

  protected override updated(): void {
    // The button that had the focus is gone; what became of the form takes it.
    if (this.#losesFocus) this.shadowRoot?.querySelector<HTMLElement>('.closed')?.focus();
  }

  override render(): TemplateResult {
    const { messages } = this;
    const isDone = this.#isDone;
    const names = this.fields.map(({ name }) => name);
    return html`<form
      part="form"
      novalidate
      aria-label=${this.formTitle === '' ? messages.form : this.formTitle}
      aria-busy=${this.#isBusy}
      @submit=${this.#onSubmit}
    >
      ${this.formTitle === '' ? nothing : html`<h3 dir="auto">${this.formTitle}</h3>`}
      <fieldset ?disabled=${isDone}>
        ${formParts(this.content, this.fields).map((part) =>
          part.type === 'text'
            ? html`<div class="markdown">
                ${renderMarkdown(parseMarkdown(part.markdown, { hasHardBreaks: true }), { messages })}
              </div>`
            : renderField(part.field, {
                id: `field-${names.indexOf(part.field.name)}`,
                entry: this.entries.get(part.field.name) ?? '',
                problem: this.problems.get(part.field.name) ?? null,
                messages,
                canUpload: this.uploadFile !== null,
                onEntry: (entry) => this.#enter(part.field.name, entry),
                onFiles: (files) => this.#choose(part.field.name, files),
              }),
        )}
      </fieldset>
      ${this.formState === 'failed' ? html`<p class="error" role="alert">${messages.formFailed}</p>` : nothing}
      ${isDone ? this.#renderClosed() : html`${this.#renderTime()}${this.#renderActions()}`}
    </form>`;
  }

  get #isBusy(): boolean {
    return this.isUploading || this.formState === 'sending';
  }

  /** Nothing can be submitted any more. */
  get #isDone(): boolean {
    return this.formState === 'closed' || this.formState === 'refused' || this.#countdown.isOver;
  }

  #renderActions(): TemplateResult {
    const { actions } = this;
    return html`<div class="buttons">
      ${actions.map(
        (action) =>
          html`<button
            class="button ${['primary', 'accent', 'ghost'].find((style) => style === action.style) ?? ''}"
            part="action"
            dir="auto"
            type=${actions.length === 1 ? 'submit' : 'button'}
            aria-disabled=${this.#isBusy}
            @click=${actions.length === 1 ? nothing : () => this.#submit(action.id)}
          >
            ${this.#isBusy && actions.length === 1 ? this.messages.sending : action.label}
          </button>`,
      )}
    </div>`;
  }

  #renderTime(): TemplateResult | typeof nothing {
    const { left, spoken } = this.#countdown;
    const { formLeft } = this.messages;
    if (left === null || left.unit === 'none') return nothing;
    // The number that is seen changes often; screen readers are told the few that matter.
    return html`<p class="time" dir="auto" aria-hidden="true">${formLeft(left.unit, left.count)}</p>
      <p class="visually-hidden" role="status">
        ${spoken === null || spoken.unit === 'none' ? '' : formLeft(spoken.unit, spoken.count)}
      </p>`;
  }

  #renderClosed(): TemplateResult {
    const { messages, closedLabel } = this;
    const isChosen = this.formState === 'closed' && closedLabel !== '';
    const text = isChosen
      ? messages.formSubmitted(closedLabel)
      : this.formState === 'refused'
        ? messages.formRefused
        : this.#countdown.isOver
          ? messages.formOver
          : messages.formClosed;
    return html`<p class="closed" tabindex="-1" role=${this.formState === 'closed' ? nothing : 'alert'}>
      ${icon(isChosen ? 'check' : 'info')}<span dir="auto">${text}</span>
    </p>`;
  }

  #enter(name: string, entry: string | boolean): void {
    this.#touched.add(name);
    this.entries = new Map([...this.entries, [name, entry]]);
    this.#forgive(name);
  }

  #choose(name: string, files: readonly File[]): void {
    this.#files.set(name, files);
    this.#forgive(name);
  }

  /** An error goes as soon as the visitor does something about it. */
  #forgive(name: string): void {
    if (!this.problems.has(name)) return;
    this.problems = new Map([...this.problems].filter(([other]) => other !== name));
  }

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    const [only, ...others] = this.actions;
    if (only !== undefined && others.length === 0) void this.#submit(only.id);
  };

  async #submit(action: string): Promise<void> {
    if (this.#isBusy || this.#isDone) return;
    const problems = new Map<string, FieldProblem>();
    const values: Record<string, Json> = {};
    this.isUploading = this.#files.size > 0;
    for (const field of this.fields) {
      const isFile = field.type === 'file' || field.type === 'file-list';
      const reading = isFile
        ? await this.#readFiles(field)
        : readField(field, this.entries.get(field.name) ?? '');
      if ('problem' in reading) problems.set(field.name, reading.problem);
      else values[field.name] = reading.value;
    }
    this.isUploading = false;
    this.problems = problems;
    if (problems.size === 0) {
      this.dispatchEvent(new PanelActionEvent({ type: 'submit-form', formId: this.formId, action, values }));
      return;
    }
    await this.updateComplete;
    this.shadowRoot?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }

  /** Sends the chosen files. Where files cannot be sent, even a required field is no dead end. */
  async #readFiles(field: FormField): Promise<{ readonly value: Json } | { readonly problem: FieldProblem }> {
    const files = this.#files.get(field.name) ?? [];
    const { uploadFile } = this;
    if (uploadFile === null) return { value: null };
    if (files.length === 0) return field.isRequired ? { problem: { kind: 'missing' } } : { value: null };
    const excess = files.length - (field.type === 'file' ? 1 : (field.maxLength ?? Infinity));
    if (excess > 0) return { problem: { kind: 'too-many', excess } };
    try {
      const sent = await Promise.all(
        files.map(async (file): Promise<Json> => ({ ...(await uploadFile(file)) })),
      );
      return { value: field.type === 'file' ? (sent[0] ?? null) : sent };
    } catch {
      // The cause was told to the owner as a fault; the visitor may choose the file again.
      return { problem: { kind: 'not-uploaded' } };
    }
  }
}
