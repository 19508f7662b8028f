import type { JsonObject } from '../../../src/contracts/json.ts';
import type { FormField } from '../../../src/contracts/plan-configs.ts';
import type { Exchange, ResponderPart } from '../../../src/contracts/responder.ts';
import type { Passage } from '../../../src/contracts/passage.ts';
import type { TurnRequest } from '../../../src/contracts/turn.ts';
import type { ConversationVariables, FormAnswer, TraceEvent } from '../../../src/plan/step-handler.ts';
import type { TurnForm } from '../../../src/contracts/form.ts';
import type { PlanFile } from '../../../src/contracts/plan-configs.ts';

/** What an app says of itself. */
export interface HostedApp {
  readonly appId: string;
  readonly title: string;
  readonly mode: 'chat' | 'workflow';
  readonly greeting: string;
  readonly suggestions: readonly string[];
  readonly form: readonly FormField[];
  readonly showsCitations: boolean;
  /** CSS color `#rrggbb`, null when none. */
  readonly accent: string | null;
  /** BCP 47. */
  readonly language: string;
  readonly passage: (id: string) => Passage | null;
  /** Values of the conversation's variables at its beginning. */
  readonly variables: JsonObject;
}

/** What one turn is given besides the message. */
export interface HostedTurn {
  readonly turn: TurnRequest;
  /** Files that belong to the message. */
  readonly files: readonly PlanFile[];
  readonly history: readonly Exchange[];
  readonly conversation: ConversationVariables;
  readonly sessionId: string;
  readonly signal: AbortSignal;
  readonly trace: (event: TraceEvent) => void;
  readonly awaitForm: (form: TurnForm, signal: AbortSignal) => Promise<FormAnswer>;
  readonly readFile: (file: PlanFile, signal: AbortSignal) => Promise<Uint8Array>;
}

/** An app whose plan answers the API. */
export interface AppHost {
  readonly app: HostedApp;
  /** Runs the plan once. @throws As `interpretPlan` does. */
  answer(turn: HostedTurn): AsyncIterable<ResponderPart>;
}
