import { randomUUID } from 'node:crypto';
import { hasRuns, isChat, missingInput, parametersOf, siteOf } from './apps.mjs';
import { failure, readForm, readJson, sendJson } from './http.mjs';
import { pauseOf, performRun } from './perform-run.mjs';
import { Run, streamRun } from './run.mjs';

/** Endpoints that only apps of one kind have. */
const KINDS = {
  '/chat-messages': 'chat',
  '/completion-messages': 'completion',
  '/workflows/run': 'workflow',
};

/**
 * Serves the endpoints of one app, which are nearly the same in Dify's two interfaces.
 *
 * @param options.flavor `web` or `service`.
 * @param options.answer Gives `{text, sources, suggestions}` to a question.
 */
export function createApi({ state, control, answer, wait, headers }) {
  return async function serve({ request, response, path, query, app, code, visitor, flavor }) {
    const reply = (value, status = 200) => sendJson(response, status, value, headers());
    const isWeb = flavor === 'web';
    const isForms = control.version === '1.14';
    const route = `${request.method} ${path.replace(/[0-9a-f]{8}(-[0-9a-f]{4,12}){4}|(?<=human_input\/)\w+/g, ':id')}`;
    const id = path.split('/')[path.startsWith('/workflows/tasks') || path.startsWith('/form/') ? 3 : 2];
    switch (route) {
      case 'GET /parameters':
        return reply(parametersOf(app));
      case 'GET /site':
        return reply(siteOf(code, app, flavor));
      case 'GET /meta':
        return reply({ tool_icons: {} });
      case 'GET /info':
        if (isWeb) break;
        return reply({ name: app.name, description: '', tags: [], mode: app.mode, author_name: 'stand-in' });
      case 'GET /conversations':
        if (!isChat(app)) throw failure(400, 'not_chat_app', 'The app is of another kind.');
        return reply(state.pageOfConversations(code, visitor, limitOf(query)));
      case 'GET /saved-messages':
        if (!isWeb) break;
        if (app.mode !== 'completion')
          throw failure(400, 'not_completion_app', 'The app is of another kind.');
        return reply({ limit: limitOf(query), has_more: false, data: [] });
      case 'GET /messages': {
        if (!isChat(app)) throw failure(400, 'not_chat_app', 'The app is of another kind.');
        const { id: known } = state.conversation(query.get('conversation_id') || 'none', code, visitor);
        return reply(state.pageOfMessages(known, visitor, limitOf(query), query.get('first_id')));
      }
      case `GET /messages/:id/${isWeb ? 'suggested-questions' : 'suggested'}`: {
        const { suggestions } = state.message(id, visitor);
        if (!app.suggests)
          throw failure(403, 'app_suggested_questions_after_answer_disabled', 'It is switched off.');
        return reply({ result: 'success', data: suggestions });
      }
      case 'POST /messages/:id/feedbacks': {
        const { rating } = await readJson(request);
        if (rating !== null && rating !== 'like' && rating !== 'dislike')
          throw failure(400, 'invalid_param', 'rating is not valid.');
        state.message(id, visitor).feedback = rating;
        return reply({ result: 'success' });
      }
      case 'POST /files/upload':
        return reply(await takeFile(await readForm(request), visitor), 201);
      case 'POST /chat-messages/:id/stop':
      case 'POST /completion-messages/:id/stop':
      case 'POST /workflows/tasks/:id/stop':
        for (const run of state.runs.values())
          if (run.taskId === id && run.visitor === visitor) run.isStopped = true;
        return reply({ result: 'success' });
      case 'GET /form/human_input/:id': {
        if (!isForms) break;
        const { form } = state.runOfForm(id);
        return reply({ ...form, user_actions: form.actions, submit: undefined });
      }
      case 'POST /form/human_input/:id': {
        if (!isForms) break;
        submitForm(state.runOfForm(id), await readJson(request));
        return reply({});
      }
      case 'GET /workflow/:id/events':
        if (!isForms) break;
        return follow(state.run(id, visitor), query, response, app);
      case 'POST /chat-messages':
      case 'POST /completion-messages':
      case 'POST /workflows/run':
        return await serveQuestion({ path, app, code, visitor, response, body: await readJson(request) });
      default:
    }
    throw failure(404, 'not_found', 'No such address.');
  };

  async function serveQuestion({ path, app, code, visitor, response, body }) {
    const kind = KINDS[path];
    const isRight = kind === 'chat' ? isChat(app) : kind === app.mode;
    if (!isRight)
      throw failure(400, `not_${kind}_app`, 'Please check if your app mode matches the right API route.');
    if (control.mode === 'provider')
      throw failure(400, 'provider_quota_exceeded', 'The quota of the provider is used up.');
    const inputs = body.inputs;
    if (inputs === null || typeof inputs !== 'object' || Array.isArray(inputs))
      throw failure(400, 'invalid_param', 'inputs is required.');
    if (kind === 'chat' && (typeof body.query !== 'string' || body.query.trim() === ''))
      throw failure(400, 'invalid_param', 'query is required.');
    const missing = missingInput(app, inputs);
    if (missing !== null) throw failure(400, 'invalid_param', `${missing} is required in input form`);
    const files = (Array.isArray(body.files) ? body.files : []).map((file) => knownFile(file, visitor));
    const question = kind === 'chat' ? body.query : String(inputs.question);
    const conversation = kind === 'chat' ? state.conversation(body.conversation_id, code, visitor) : null;
    const given = await answer(question);
    const run = new Run({ app, visitor, conversationId: conversation?.id ?? '', query: question });
    run.filled = files.map(({ name, size }) => `I have ${name} of ${size} bytes`);
    if (app.mode === 'advanced-chat' && typeof inputs.order === 'string' && inputs.order !== '')
      run.filled.push(`it is about order ${inputs.order}`);
    state.runs.set(run.id, run);
    const metadata = { retriever_resources: [] };
    const message = {
      id: run.messageId,
      run,
      question,
      suggestions: given.suggestions,
      feedback: null,
      metadata,
    };
    if (kind !== 'workflow') state.messages.set(run.messageId, message);
    const isStreaming = body.response_mode === 'streaming';
    if (!isStreaming && app.mode === 'agent-chat')
      throw failure(400, 'invalid_param', 'Agent Chat App does not support blocking mode');
    if (isStreaming) streamRun(run, response, { headers: headers(), onEvent: damage() });
    await performRun({ run, given, control, wait, isSlow: control.mode === 'slow' });
    message.metadata = run.metadata ?? metadata;
    if (isStreaming) return;
    const whole =
      kind === 'workflow'
        ? { task_id: run.taskId, workflow_run_id: run.id, data: run.finished().data }
        : {
            event: 'message',
            ...run.ids,
            id: run.messageId,
            mode: app.mode,
            answer: run.answer,
            metadata: message.metadata,
          };
    sendJson(response, 200, whole, headers());
  }

  /** What comes on the way to the page: bytes one by one, none any more, or others. */
  function damage() {
    const { mode } = control;
    let tokens = 0;
    return (event, bytes, response) => {
      if (event.event === 'message') tokens += 1;
      if (mode === 'cut-stream' && tokens > 3) response.destroy();
      if (mode === 'malformed' && tokens > 3) response.write('data: {"event": "message", "answer": \n\n');
      if (mode !== 'split') return true;
      for (const byte of bytes) response.write(Buffer.from([byte]));
      return false;
    };
  }

  function follow(run, query, response, app) {
    if (!hasRuns(app)) throw failure(400, 'not_workflow_app', 'The app is of another kind.');
    const before = [];
    if (run.status !== 'running' && run.status !== 'paused') {
      streamRun(run, response, { headers: headers(), before: [run.finished()] });
      return;
    }
    if (query.get('include_state_snapshot') === 'true') {
      before.push(run.event('workflow_started', { data: { id: run.id, reason: 'resumption' } }));
      // What was kept last is told, which is the whole answer only when the run has paused.
      if (run.status === 'paused') {
        if (app.mode === 'advanced-chat')
          before.push(run.event('message_replace', { answer: run.answer, reason: '' }));
        before.push(run.event('human_input_required', { data: { ...run.form, submit: undefined } }));
        before.push(run.event('workflow_paused', { data: pauseOf(run) }));
      }
    }
    streamRun(run, response, {
      headers: headers(),
      before,
      closesOnPause: query.get('continue_on_pause') !== 'true',
    });
  }

  function submitForm(run, { inputs, action }) {
    const { form } = run;
    if (inputs === null || typeof inputs !== 'object')
      throw failure(400, 'invalid_form_data', 'inputs is required.');
    if (!form.actions.some(({ id }) => id === action))
      throw failure(400, 'invalid_form_data', 'No such action.');
    for (const { output_variable_name: name } of form.inputs)
      if (inputs[name] === undefined) throw failure(400, 'invalid_form_data', `${name} is missing.`);
    if (form.isSubmitted) throw failure(412, 'human_input_form_submitted', 'The form was submitted.');
    if (form.expiration_time * 1000 < Date.now())
      throw failure(412, 'human_input_form_expired', 'The form has expired.');
    form.isSubmitted = true;
    form.submit({ inputs, action });
  }

  async function takeFile(form, visitor) {
    const file = form.get('file');
    if (file === null || typeof file === 'string')
      throw failure(400, 'no_file_uploaded', 'Please upload your file.');
    if (/[/\\]/.test(file.name)) throw failure(400, 'invalid_param', 'The name is not valid.');
    if (file.type === '') throw failure(415, 'unsupported_file_type', 'File type not allowed.');
    if (file.type.startsWith('image/') && file.size > 1024 * 1024) throw failure(413, 'file_too_large', '');
    const kept = { id: randomUUID(), name: file.name, size: file.size, mime_type: file.type, visitor };
    state.files.set(kept.id, kept);
    return {
      ...kept,
      visitor: undefined,
      extension: file.name.split('.').at(-1),
      created_at: Math.floor(Date.now() / 1000),
    };
  }

  function knownFile(reference, visitor) {
    if (reference?.transfer_method === 'remote_url') return { name: String(reference.url), size: 0 };
    const kept = state.files.get(reference?.upload_file_id);
    if (kept?.visitor !== visitor) throw failure(400, 'invalid_param', 'Invalid upload file.');
    return kept;
  }
}

function limitOf(query) {
  const limit = Number(query.get('limit') ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw failure(400, 'invalid_param', 'limit is not valid.');
  return limit;
}
