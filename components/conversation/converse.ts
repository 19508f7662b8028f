import type { Connection } from '../../src/client/connection.ts';
import { UnderstudyFaultEvent } from '../events/understudy-fault-event.ts';
import { UnderstudyHandoffEvent } from '../events/understudy-handoff-event.ts';
import { UnderstudyStatusEvent } from '../events/understudy-status-event.ts';
import { UnderstudyTurnEndEvent } from '../events/understudy-turn-end-event.ts';
import { UnderstudyTurnStartEvent } from '../events/understudy-turn-start-event.ts';
import { Conversation } from './conversation.ts';
import { formKey, pageValues } from './page-values.ts';

/** Starts a conversation whose events are told by an element of the page. */
export function converse(host: EventTarget, connect: () => Promise<Connection>): Conversation {
  const conversation = new Conversation(connect, { page: () => pageValues(host), key: formKey(host) });
  conversation.on('turn-start', ({ id, text }) => host.dispatchEvent(new UnderstudyTurnStartEvent(id, text)));
  conversation.on('turn-end', (summary) => host.dispatchEvent(new UnderstudyTurnEndEvent(summary)));
  conversation.on('handoff', (reason) => host.dispatchEvent(new UnderstudyHandoffEvent(reason)));
  conversation.on('fault', (report) => host.dispatchEvent(new UnderstudyFaultEvent(report)));
  conversation.on('status', (status) => host.dispatchEvent(new UnderstudyStatusEvent(status)));
  return conversation;
}
