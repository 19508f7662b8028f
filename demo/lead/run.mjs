import { randomUUID } from 'node:crypto';

/** One task of the server: it goes on whether or not anybody listens, and remembers what it said. */
export class Run {
  constructor({ app, visitor, conversationId, query }) {
    this.id = randomUUID();
    this.app = app;
    this.visitor = visitor;
    this.query = query;
    this.taskId = randomUUID();
    this.conversationId = conversationId;
    this.messageId = randomUUID();
    this.createdAt = Math.floor(Date.now() / 1000);
    /** What the answer says besides the help pages: of files and forms. */
    this.filled = [];
    this.status = 'running';
    this.answer = '';
    this.outputs = null;
    this.form = null;
    this.isStopped = false;
    this.listeners = new Set();
  }

  /** Fields that stand in each event of this kind of app. */
  get ids() {
    const { app, taskId, conversationId, messageId, createdAt, id } = this;
    const run = app.mode === 'workflow' || app.mode === 'advanced-chat' ? { workflow_run_id: id } : {};
    if (app.mode === 'workflow') return { task_id: taskId, ...run };
    const conversation = app.mode === 'completion' ? {} : { conversation_id: conversationId };
    return { task_id: taskId, message_id: messageId, created_at: createdAt, ...conversation, ...run };
  }

  event(name, fields = {}) {
    return { event: name, ...this.ids, ...fields };
  }

  emit(name, fields = {}) {
    const event = this.event(name, fields);
    for (const listener of [...this.listeners]) listener(event);
  }

  /** Tells everybody that nothing follows. */
  close(status = this.status) {
    this.status = status;
    for (const listener of [...this.listeners]) listener(null);
    this.listeners.clear();
  }

  /** Breaks every connection of those who listen, and whatever it knew is lost. */
  drop() {
    this.status = 'lost';
    for (const listener of [...this.listeners]) listener(undefined);
    this.listeners.clear();
  }

  finished() {
    const status = this.isStopped ? 'stopped' : this.status === 'failed' ? 'failed' : 'succeeded';
    return this.event('workflow_finished', {
      data: {
        id: this.id,
        workflow_id: 'stand-in',
        status,
        outputs: this.outputs,
        error: status === 'failed' ? 'The model is not there.' : null,
        elapsed_time: 1,
        total_tokens: 0,
        total_steps: 3,
        created_at: this.createdAt,
        finished_at: this.createdAt + 1,
        files: [],
      },
    });
  }
}

/** Streams a run into a response. @param options.before Events that come first. */
export function streamRun(
  run,
  response,
  { headers, before = [], closesOnPause = true, onEvent = () => true },
) {
  response.writeHead(200, {
    ...headers,
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-cache',
    'X-Accel-Buffering': 'no',
  });
  const write = (event) => {
    const bytes = Buffer.from(`data: ${JSON.stringify(event)}\n\n`);
    return onEvent(event, bytes, response) && void response.write(bytes);
  };
  response.write('event: ping\n\n');
  const ping = setInterval(() => response.write('event: ping\n\n'), 10_000);
  const listener = (event) => {
    if (event === undefined) response.destroy();
    else if (event === null) response.end();
    else {
      write(event);
      if (event.event === 'workflow_paused' && closesOnPause) response.end();
    }
  };
  response.once('close', () => {
    clearInterval(ping);
    run.listeners.delete(listener);
  });
  for (const event of before) write(event);
  if (run.status === 'running' || run.status === 'paused') run.listeners.add(listener);
  else response.end();
}
