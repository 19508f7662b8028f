import type { Lead } from '../contracts/responder.ts';
import type { TurnPart } from '../contracts/turn.ts';
import type { WaitingForms } from './waiting-forms.ts';

/** Leads the forms of one turn to the lead that asked them; the plan on this device looks after its own. */
export class LeadForms {
  readonly #lead: Lead | null;
  readonly #forms: WaitingForms | null;
  readonly #open = new Map<string, () => void>();
  #isLead = false;

  constructor(lead: Lead | null, forms: WaitingForms | null) {
    this.#lead = lead;
    this.#forms = forms;
  }

  /** Takes notice of what the turn says. */
  take(part: TurnPart): void {
    if (part.type === 'route-decided') this.#isLead = part.responder === 'lead';
    if (part.type === 'form-closed') this.#open.get(part.formId)?.();
    const lead = this.#lead;
    if (part.type !== 'form' || !this.#isLead || lead?.submitForm === undefined) return;
    const take = async (submission: Parameters<NonNullable<Lead['submitForm']>>[0]): Promise<boolean> =>
      (await lead.submitForm?.(submission)) ?? false;
    const remove = this.#forms?.add(part.form.id, take);
    if (remove !== undefined) this.#open.set(part.form.id, remove);
  }

  /** Ends the waiting: the turn is over. */
  close(): void {
    for (const remove of this.#open.values()) remove();
    this.#open.clear();
  }
}
