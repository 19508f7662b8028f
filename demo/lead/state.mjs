import { randomUUID } from 'node:crypto';
import { failure } from './http.mjs';

/** Everything the stand-in remembers; in memory, and gone with the process. */
export class State {
  passports = new Map();
  /** By id: `{id, code, visitor, createdAt}`. */
  conversations = new Map();
  /** By id: `{id, run, question, sources, suggestions, feedback, files}`. */
  messages = new Map();
  /** By id of the run. */
  runs = new Map();
  files = new Map();
  outbox = new Map();

  /** Forgets one kind of thing, as servers do that were set up anew. */
  forget(what) {
    if (what === 'passports') this.passports.clear();
    if (what === 'conversations') this.conversations.clear();
  }

  issuePassport() {
    const passport = `stand-in.${randomUUID()}`;
    this.passports.set(passport, randomUUID());
    return passport;
  }

  /** The conversation that is asked for, or a new one. */
  conversation(id, code, visitor) {
    if (id === undefined || id === null || id === '') {
      const created = { id: randomUUID(), code, visitor, createdAt: Date.now() };
      this.conversations.set(created.id, created);
      return created;
    }
    const known = this.conversations.get(id);
    if (known === undefined || known.code !== code || known.visitor !== visitor)
      throw failure(404, 'not_found', 'Conversation Not Exists.');
    return known;
  }

  message(id, visitor) {
    const known = this.messages.get(id);
    if (known?.run.visitor !== visitor) throw failure(404, 'not_found', 'Message Not Exists.');
    return known;
  }

  run(id, visitor) {
    const known = this.runs.get(id);
    if (known === undefined || known.visitor !== visitor || known.status === 'lost')
      throw failure(404, 'not_found', 'WorkflowRun not found.');
    return known;
  }

  /** The run that waits for a form with this token. */
  runOfForm(token) {
    for (const run of this.runs.values()) if (run.form?.form_token === token) return run;
    throw failure(404, 'not_found', 'Form not found.');
  }

  /** A page of messages, the newest first. */
  pageOfMessages(conversationId, visitor, limit, firstId) {
    const all = [...this.messages.values()]
      .filter(
        ({ run }) =>
          run.conversationId === conversationId && run.visitor === visitor && run.status !== 'lost',
      )
      .toReversed();
    const from = firstId === null ? 0 : all.findIndex(({ id }) => id === firstId) + 1;
    const page = all.slice(from, from + limit);
    return { limit, has_more: from + limit < all.length, data: page.map(describeMessage) };
  }

  pageOfConversations(code, visitor, limit) {
    const all = [...this.conversations.values()]
      .filter((known) => known.code === code && known.visitor === visitor)
      .toReversed();
    const data = all.slice(0, limit).map(({ id, createdAt }) => {
      const seconds = Math.floor(createdAt / 1000);
      return {
        id,
        name: 'Conversation',
        inputs: {},
        status: 'normal',
        introduction: '',
        created_at: seconds,
        updated_at: seconds,
      };
    });
    return { limit, has_more: all.length > limit, data };
  }
}

function describeMessage({ id, run, question, metadata, feedback }) {
  const isOver = run.status !== 'running' && run.status !== 'paused';
  return {
    id,
    conversation_id: run.conversationId,
    parent_message_id: null,
    inputs: {},
    query: question,
    // An answer is kept when it is whole, or when its run waits for somebody.
    answer: isOver || run.status === 'paused' ? run.answer : '',
    status: run.status === 'failed' ? 'error' : 'normal',
    error: null,
    message_files: [],
    feedback: feedback === null ? null : { rating: feedback },
    retriever_resources: isOver ? metadata.retriever_resources : [],
    agent_thoughts: [],
    created_at: run.createdAt,
    extra_contents: [],
  };
}
