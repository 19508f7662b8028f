import type { FormSubmission } from '../contracts/responder.ts';

/** Takes what was filled in. @returns False when it is not accepted. */
export type FormTaker = (submission: FormSubmission) => boolean | Promise<boolean>;

/** Leads a submitted form to the lead whose turn waits for it; forms of the plan are looked after in src/worker. */
export class WaitingForms {
  readonly #takers = new Map<string, FormTaker>();

  /** Begins to wait. @returns How to stop. */
  add(formId: string, take: FormTaker): () => void {
    this.#takers.set(formId, take);
    return () => {
      if (this.#takers.get(formId) === take) this.#takers.delete(formId);
    };
  }

  /**
   * Submits a form.
   * @returns False when nobody waits for it, or it is not accepted.
   * @throws UnderstudyError `lead/*` when it could not be submitted now.
   */
  async submit(submission: FormSubmission): Promise<boolean> {
    return (await this.#takers.get(submission.formId)?.(submission)) ?? false;
  }
}
