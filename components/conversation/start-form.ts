import type { Json, JsonObject } from '../../src/contracts/json.ts';
import type { FormField } from '../../src/contracts/plan-configs.ts';
import { fits } from '../understudy-form/read-field.ts';
import type { FormValueStore } from './form-values.ts';
import { sessionFormValues } from './form-values.ts';

/** What the page says about the form. */
export interface PageValues {
  /** Sent with every turn; fields they fill are not asked for. */
  readonly inputs: JsonObject;
  /** What fields begin with; the visitor may change it. */
  readonly prefill: JsonObject;
}

/** Options of a {@link StartForm}. */
export interface StartFormOptions {
  /** Read anew every time. Default: the page says nothing. */
  readonly page?: () => PageValues;
  /** Name under which the values are kept for the session. Default '': they are not kept. */
  readonly key?: string;
  /** Where they are kept. Default: the session's storage. */
  readonly store?: FormValueStore;
}

const NOTHING: PageValues = { inputs: {}, prefill: {} };

/** The form before the first turn: which fields are asked, what was filled in, and what is sent with each turn. */
export class StartForm {
  readonly #page: () => PageValues;
  readonly #key: string;
  readonly #store: FormValueStore;
  #fields: readonly FormField[] = [];
  #submitted: JsonObject | null;

  constructor(options: StartFormOptions = {}) {
    this.#page = options.page ?? (() => NOTHING);
    this.#key = options.key ?? '';
    this.#store = options.store ?? sessionFormValues;
    this.#submitted = this.#key === '' ? null : this.#store.load(this.#key);
  }

  /** Takes the fields of the latest status; while the status names none, nothing is asked. */
  setFields(fields: readonly FormField[]): void {
    this.#fields = fields;
  }

  /** The fields that the page does not fill in by itself. */
  get asked(): readonly FormField[] {
    const { inputs } = this.#page();
    return this.#fields.filter((field) => {
      const given = inputs[field.name];
      return given === undefined || !fits(field, given);
    });
  }

  /** Whether the visitor has to be asked: never said, or what was said no longer fits the form. */
  get isNeeded(): boolean {
    const submitted = this.#submitted;
    const { asked } = this;
    if (submitted === null) return asked.length > 0;
    return asked.some((field) => {
      const value = submitted[field.name];
      // Files that could not be sent are not asked for again and again.
      const isMissing = value === undefined && field.isRequired && !isFile(field);
      return isMissing || (value !== undefined && value !== null && !fits(field, value));
    });
  }

  /** Whether a required field has no value that could be sent. Files do not count: without them the app says what it lacks. */
  lacksValues(): boolean {
    const { inputs } = this;
    return this.asked.some((field) => field.isRequired && !isFile(field) && inputs[field.name] === undefined);
  }

  /** What the fields begin with. */
  get values(): JsonObject {
    return { ...this.#page().prefill, ...this.#submitted };
  }

  /**
   * What is sent with a turn: the page's inputs, what was filled in, and defaults of fields nobody has seen yet. Before the fields are
   * known, what was filled in before a reload goes as it was.
   */
  get inputs(): JsonObject {
    const { inputs, prefill } = this.#page();
    if (this.#fields.length === 0) return { ...withoutNulls(this.#submitted ?? {}), ...inputs };
    const asked = new Set(this.asked.map(({ name }) => name));
    // What the page gave for a field that asks all the same does not fit it.
    const values: Record<string, Json> = Object.fromEntries(
      Object.entries(inputs).filter(([name]) => !asked.has(name)),
    );
    for (const field of this.asked) {
      const candidates =
        this.#submitted === null ? [prefill[field.name], field.default] : [this.#submitted[field.name]];
      const value = candidates.find(
        (candidate) => candidate !== undefined && candidate !== null && fits(field, candidate),
      );
      if (value !== undefined) values[field.name] = value;
    }
    return values;
  }

  /** Takes what the visitor filled in, valid already. */
  submit(values: JsonObject): void {
    const known = new Set(this.#fields.map(({ name }) => name));
    this.#submitted = Object.fromEntries(Object.entries(values).filter(([name]) => known.has(name)));
    if (this.#key !== '') this.#store.save(this.#key, this.#submitted);
  }

  /** Forgets what was filled in. */
  erase(): void {
    this.#submitted = null;
    if (this.#key !== '') this.#store.save(this.#key, null);
  }
}

function withoutNulls(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

function isFile(field: FormField): boolean {
  return field.type === 'file' || field.type === 'file-list';
}
