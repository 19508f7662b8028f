import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { FormField } from '../../src/contracts/plan-configs.ts';
import type { Messages } from '../messages/messages.ts';
import type { FieldProblem } from './read-field.ts';

/** What a field is drawn with. */
export interface FieldView {
  /** Unique in the form. */
  readonly id: string;
  readonly entry: string | boolean;
  /** What is wrong with the entry; null while nothing is. */
  readonly problem: FieldProblem | null;
  readonly messages: Messages;
  readonly canUpload: boolean;
  readonly onEntry: (entry: string | boolean) => void;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Draws a field with its label and what is wrong with it; optional files that cannot be sent are not asked for. */
export function renderField(field: FormField, view: FieldView): TemplateResult | typeof nothing {
  const { id, messages } = view;
  const isFile = field.type === 'file' || field.type === 'file-list';
  if (isFile && !view.canUpload && !field.isRequired) return nothing;
  const label = field.label === '' ? field.name : field.label;
  const error = html`<p class="error" id="${id}-error">
    ${view.problem === null ? '' : problemText(view.problem, messages)}
  </p>`;
  if (field.type === 'checkbox')
    return html`<div class="field" part="field">
      <label class="check">
        <input
          type="checkbox"
          id=${id}
          .checked=${view.entry === true}
          @change=${(event: Event) => {
            if (event.target instanceof HTMLInputElement) view.onEntry(event.target.checked);
          }}
        />
        <span dir="auto">${label}</span>
      </label>
    </div>`;
  return html`<div class="field" part="field">
    <label for=${id}>
      <span dir="auto">${label}</span>
      ${field.isRequired ? nothing : html`<span class="optional">${messages.optional}</span>`}
    </label>
    ${isFile ? renderFile(field, view) : renderControl(field, view)} ${error}
  </div>`;
}

function renderControl(field: FormField, view: FieldView): TemplateResult {
  const { id, messages } = view;
  const entry = String(view.entry);
  const onInput = (event: Event): void => {
    const control = event.target;
    if (
      control instanceof HTMLInputElement ||
      control instanceof HTMLTextAreaElement ||
      control instanceof HTMLSelectElement
    )
      view.onEntry(control.value);
  };
  const isInvalid = view.problem !== null;
  switch (field.type) {
    case 'select':
      return html`<select
        id=${id}
        ?required=${field.isRequired}
        aria-invalid=${isInvalid}
        aria-describedby="${id}-error"
        @change=${onInput}
      >
        <option value="" .selected=${entry === ''}>${messages.choose}</option>
        ${field.options.map(
          (option) => html`<option value=${option} .selected=${option === entry}>${option}</option>`,
        )}
      </select>`;
    case 'paragraph':
    case 'json':
      return html`<textarea
        id=${id}
        rows="3"
        dir=${field.type === 'json' ? 'ltr' : 'auto'}
        spellcheck=${field.type === 'json' ? 'false' : nothing}
        ?required=${field.isRequired}
        aria-invalid=${isInvalid}
        aria-describedby="${id}-error"
        .value=${entry}
        @input=${onInput}
      ></textarea>`;
    default:
      // A field of the type "number" hides what it cannot read and changes its value when the page is scrolled.
      return html`<input
        id=${id}
        type="text"
        inputmode=${field.type === 'number' ? 'decimal' : nothing}
        dir="auto"
        ?required=${field.isRequired}
        aria-invalid=${isInvalid}
        aria-describedby="${id}-error"
        .value=${entry}
        @input=${onInput}
      />`;
  }
}

function renderFile(field: FormField, view: FieldView): TemplateResult {
  const onChange = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) view.onFiles([...(event.target.files ?? [])]);
  };
  return html`<input
      id=${view.id}
      type="file"
      ?multiple=${field.type === 'file-list'}
      ?disabled=${!view.canUpload}
      aria-invalid=${view.problem !== null}
      aria-describedby="${view.id}-error ${view.id}-hint"
      @change=${onChange}
    />
    <p class="hint" id="${view.id}-hint">${view.canUpload ? '' : view.messages.filesUnsupported}</p>`;
}

function problemText(problem: FieldProblem, messages: Messages): string {
  switch (problem.kind) {
    case 'missing':
      return messages.fieldMissing;
    case 'not-number':
      return messages.fieldNotNumber;
    case 'not-option':
      return messages.fieldNotOption;
    case 'not-json':
      return messages.fieldNotJson;
    case 'not-uploaded':
      return messages.fieldNotUploaded;
    case 'too-long':
      return messages.tooLong(problem.excess);
    case 'too-many':
      return messages.fieldTooMany(problem.excess);
  }
}
