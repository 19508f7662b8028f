import type { ErrorCode, ErrorReport } from '../../src/contracts/errors.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import { UnderstudyEvent } from './understudy-event.ts';

/** Told to the owner when something is wrong; visitors see its effect only. */
export class UnderstudyFaultEvent extends UnderstudyEvent {
  /** Stable code, `area/reason`. */
  readonly code: ErrorCode;
  /** What happened and what to do. */
  readonly message: string;
  /** Plain JSON that locates the fault; holds no text of the visitor. */
  readonly facts: JsonObject;

  constructor(report: ErrorReport) {
    super('understudy-fault');
    this.code = report.code;
    this.message = report.message;
    this.facts = report.facts;
  }
}

declare global {
  interface HTMLElementEventMap {
    'understudy-fault': UnderstudyFaultEvent;
  }
}
