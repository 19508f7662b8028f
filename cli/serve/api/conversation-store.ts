import type { Json, JsonObject } from '../../../src/contracts/json.ts';
import type { ConversationVariables } from '../../../src/plan/step-handler.ts';
import { isJson } from '../../../src/contracts/json.ts';
import { notFound } from './api-error.ts';

/** A message with its answer. */
export interface StoredMessage {
  readonly id: string;
  readonly query: string;
  readonly inputs: JsonObject;
  /** Seconds since 1970. */
  readonly createdAt: number;
  answer: string;
  status: 'normal' | 'error';
  error: string | null;
  rating: 'like' | 'dislike' | null;
  resources: readonly JsonObject[];
  suggestions: readonly string[];
}

/** A conversation of one user. */
export interface StoredConversation {
  readonly id: string;
  readonly user: string;
  readonly inputs: JsonObject;
  /** Seconds since 1970. */
  readonly createdAt: number;
  name: string;
  updatedAt: number;
  /** Order of the last change among all conversations: two of one second are still told apart. */
  order: number;
  readonly messages: StoredMessage[];
  variables: Record<string, Json>;
}

const MAX_CONVERSATIONS = 10_000;
const MAX_MESSAGES = 500;

/** Keeps conversations in memory, as long as the process lives; the oldest make room. */
export class ConversationStore {
  readonly #byId = new Map<string, StoredConversation>();
  #order = 0;

  /** @throws ApiError 404 for a conversation of another user, too. */
  get(id: string, user: string): StoredConversation {
    const found = this.#byId.get(id);
    if (found === undefined || found.user !== user) throw notFound('Conversation');
    return found;
  }

  create(given: { readonly id: string; readonly user: string; readonly inputs: JsonObject; readonly name: string; readonly at: number }): StoredConversation {
    const { id, user, inputs, name, at } = given;
    const conversation: StoredConversation = {
      id,
      user,
      inputs,
      createdAt: at,
      name,
      updatedAt: at,
      order: 0,
      messages: [],
      variables: {},
    };
    this.touch(conversation, at);
    this.#byId.set(id, conversation);
    if (this.#byId.size > MAX_CONVERSATIONS) {
      const oldest = [...this.#byId.values()].reduce((least, each) => (each.order < least.order ? each : least));
      this.#byId.delete(oldest.id);
    }
    return conversation;
  }

  touch(conversation: StoredConversation, at: number): void {
    conversation.updatedAt = at;
    conversation.order = ++this.#order;
  }

  add(conversation: StoredConversation, message: StoredMessage): void {
    conversation.messages.push(message);
    if (conversation.messages.length > MAX_MESSAGES) conversation.messages.shift();
  }

  delete(id: string, user: string): void {
    this.#byId.delete(this.get(id, user).id);
  }

  /** Latest first. */
  list(user: string): readonly StoredConversation[] {
    return [...this.#byId.values()].filter((each) => each.user === user).sort((a, b) => b.order - a.order);
  }

  /** A message of one of the user's conversations. @throws ApiError 404. */
  message(id: string, user: string): StoredMessage {
    for (const conversation of this.#byId.values()) {
      const found = conversation.user === user ? conversation.messages.find((each) => each.id === id) : undefined;
      if (found !== undefined) return found;
    }
    throw notFound('Message');
  }
}

/** The variables of a conversation, as the plan reads and writes them. */
export function variablesOf(conversation: StoredConversation): ConversationVariables {
  return {
    read: () => Promise.resolve({ ...conversation.variables }),
    write: (name, value) => {
      if (isJson(value)) conversation.variables[name] = value;
      return Promise.resolve();
    },
  };
}
