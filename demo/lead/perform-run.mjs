import { randomUUID } from 'node:crypto';
import { hash } from './answerer.mjs';
import { hasRuns } from './apps.mjs';

/** What a hostile or broken-into app might say; nothing of it may do anything in a page. */
const HOSTILE = [
  'Look: <img src="/canary?img" onerror="fetch(\'/canary?onerror\')"> <script>fetch("/canary?script")</script>',
  '![picture](/canary?markdown) [click](javascript:fetch("/canary?link")) <iframe src="/canary?frame"></iframe>',
  '<style>@import "/canary?style"; * { background: url(/canary?css) }</style>',
].join('\n\n');

/**
 * Plays one run to its end: emits what an app of this kind and a server of this version emit, at the pace of a model.
 *
 * Words at the beginning of the last line of the question script it: `/form`, `/forms` (two of them), `/quick-form` (its time runs
 * out), `/mail-form` (for somebody else), `/annotated`, `/moderated`, `/replaced`, `/file`, `/loop`.
 *
 * @param options.run The run.
 * @param options.given What is answered: `{text, sources, suggestions}`.
 * @param options.wait Waits so many ms at the pace of the server.
 */
export async function performRun({ run, given, control, wait, isSlow }) {
  const script = /^\/([a-z-]+)/.exec(run.query.trim().split('\n').at(-1) ?? '')?.[1] ?? '';
  const isMade = script === 'annotated' || script === 'moderated';
  const flows = hasRuns(run.app) && !isMade;
  const metadata = { retriever_resources: given.sources.map(toResource), usage: {} };
  if (script === 'annotated')
    metadata.annotation_reply = { id: randomUUID(), account: { id: randomUUID(), name: 'Ann' } };
  if (flows) {
    run.emit('workflow_started', {
      data: { id: run.id, workflow_id: 'stand-in', inputs: {}, reason: 'initial' },
    });
    node(run, 'start', 'start', 'Start', 1);
    run.emit('node_started', nodeData('retrieval', 'knowledge-retrieval', 'Help pages', 2));
  }
  await wait(isSlow ? 8000 : 400 + (hash(run.query) % 801));
  if (flows) {
    run.emit('node_finished', nodeData('retrieval', 'knowledge-retrieval', 'Help pages', 2));
    if (script === 'loop') emitRounds(run);
    const forms = { form: 1, forms: 2, 'quick-form': 1, 'mail-form': 1 }[script] ?? 0;
    for (let count = 1; count <= forms; count += 1) await askForm(run, script, count, wait);
    run.emit('node_started', nodeData('llm', 'llm', 'Answer', 3));
  }
  const { mode } = control;
  if (mode === 'error-event' || mode === 'failed-run') return fail(run, flows, mode);
  const text = textOf(script, mode, given.text, run);
  if (!(await write(run, text, control, wait))) return;
  if (script === 'replaced') replace(run, 'This cannot be shown.');
  if (script === 'file') {
    run.emit('message_file', {
      id: randomUUID(),
      type: 'image',
      belongs_to: 'assistant',
      url: '/files/jug.png?sign=1',
    });
  }
  if (run.app.repeatsAnswer) run.emit('message', { id: run.messageId, answer: run.answer });
  run.outputs = run.app.mode === 'workflow' ? { result: run.answer } : { answer: run.answer };
  run.metadata = metadata;
  const endMessage = () => {
    if (run.app.mode !== 'workflow') run.emit('message_end', { id: run.messageId, metadata, files: [] });
  };
  const endRun = () => {
    if (flows) run.emit('workflow_finished', { data: run.finished().data });
  };
  // Up to 1.12 the run ends before its message, later it is the other way round.
  for (const end of control.version === '1.14' ? [endMessage, endRun] : [endRun, endMessage]) end();
  run.close(run.isStopped ? 'stopped' : 'succeeded');
}

function textOf(script, mode, text, run) {
  if (mode === 'empty') return '';
  if (mode === 'hostile') return HOSTILE;
  if (mode === 'endless') return `${text} `.repeat(Math.ceil(200_000 / (text.length + 1)));
  if (script === 'annotated') return 'A colleague wrote this answer: the warranty of the Jug is 2 years.';
  if (script === 'moderated') return 'I cannot talk about that.';
  if (run.filled.length > 0) return `Thank you: ${run.filled.join('; ')}.`;
  return text;
}

/** @returns False when the run is not there any more. */
async function write(run, text, control, wait) {
  // Endless answers come in long pieces, so that pages reach their limit in time.
  const piece =
    control.mode === 'endless' ? /[\s\S]{1,4000}/g : /\p{Script=Han}|\s*[^\s\p{Script=Han}]+|\s+/gu;
  const tokens = text.match(piece) ?? [];
  const isAgent = run.app.mode === 'agent-chat';
  const isFlow = run.app.mode === 'workflow';
  const thought = {
    id: randomUUID(),
    position: 1,
    tool: '',
    tool_labels: {},
    tool_input: '',
    message_files: [],
  };
  if (isAgent) run.emit('agent_thought', { ...thought, thought: '', observation: '' });
  for (const [at, token] of tokens.entries()) {
    if (run.isStopped) break;
    if (at >= tokens.length * 0.4) {
      if (control.mode === 'kill-mid-answer') return run.drop();
      if (control.mode === 'stall') return;
    }
    run.answer += token;
    const from_variable_selector = ['llm', 'text'];
    if (isFlow) run.emit('text_chunk', { data: { text: token, from_variable_selector } });
    else
      run.emit(isAgent ? 'agent_message' : 'message', {
        id: run.messageId,
        answer: token,
        from_variable_selector,
      });
    // 20 to 40 tokens a second; endless answers come as fast as they can.
    await wait(control.mode === 'endless' ? 0 : 25 + (hash(`${run.query}/${at}`) % 26));
  }
  if (isAgent) run.emit('agent_thought', { ...thought, thought: run.answer, observation: '' });
  if (hasRuns(run.app)) {
    run.emit('reasoning_chunk', {
      data: { message_id: run.messageId, reasoning: '', node_id: 'llm', is_final: true },
    });
    run.emit('node_finished', nodeData('llm', 'llm', 'Answer', 3));
  }
  return true;
}

function replace(run, answer) {
  run.answer = answer;
  if (run.app.mode === 'workflow') run.emit('text_replace', { data: { text: answer } });
  else run.emit('message_replace', { answer, reason: 'output_moderation' });
}

function fail(run, flows, mode) {
  run.status = 'failed';
  if (flows) run.emit('workflow_finished', { data: run.finished().data });
  if (mode === 'error-event')
    run.emit('error', { status: 400, code: 'invalid_param', message: 'Run failed: The model is not there.' });
  run.close('failed');
}

async function askForm(run, script, count, wait) {
  const isQuick = script === 'quick-form';
  const expiresInMs = isQuick ? 1000 : 3_600_000;
  const fields = {
    form_id: randomUUID(),
    form_token: script === 'mail-form' ? null : randomUUID().replaceAll('-', ''),
    node_id: `ask-${count}`,
    node_title: count === 1 ? 'Where to?' : 'Is that right?',
    form_content: count === 1 ? 'Where shall we send it?\n\n{{#$output.street#}}' : 'Shall we send it now?',
    inputs:
      count === 1
        ? [
            {
              type: 'paragraph',
              output_variable_name: 'street',
              default: { type: 'constant', selector: [], value: '' },
            },
            {
              type: 'select',
              output_variable_name: 'speed',
              option_source: { type: 'constant', selector: [], value: ['slow', 'fast'] },
            },
          ]
        : [],
    actions: [
      { id: 'send', title: 'Send it', button_style: 'primary' },
      { id: 'cancel', title: 'Cancel', button_style: 'ghost' },
    ],
    display_in_ui: false,
    resolved_default_values: {},
    expiration_time: Math.ceil((Date.now() + expiresInMs) / 1000),
  };
  const submitted = new Promise((resolve) => {
    run.form = { ...fields, submit: resolve };
  });
  run.emit('human_input_required', { data: fields });
  run.status = 'paused';
  run.emit('workflow_paused', { data: pauseOf(run) });
  const expired = isQuick ? wait(expiresInMs).then(() => null) : new Promise(() => undefined);
  const filled = await Promise.race([submitted, expired]);
  run.form = null;
  run.status = 'running';
  const data = { node_id: fields.node_id, node_title: fields.node_title };
  if (filled === null) {
    run.emit('human_input_form_timeout', { data: { ...data, expiration_time: fields.expiration_time } });
    run.filled.push('the time ran out');
    return;
  }
  const { title } = fields.actions.find(({ id }) => id === filled.action);
  run.emit('human_input_form_filled', {
    data: {
      ...data,
      rendered_content: fields.form_content,
      action_id: filled.action,
      action_text: title,
      submitted_data: filled.inputs,
    },
  });
  const said = Object.entries(filled.inputs).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  run.filled.push([title, ...said].join(', '));
}

/** What `workflow_paused` says of a run. */
export function pauseOf(run) {
  return {
    workflow_run_id: run.id,
    paused_nodes: [run.form.node_id],
    outputs: {},
    reasons: [{ TYPE: 'human_input_required', form_id: run.form.form_id, node_id: run.form.node_id }],
    status: 'paused',
    created_at: run.createdAt,
    elapsed_time: 1,
    total_tokens: 0,
    total_steps: 2,
  };
}

function emitRounds(run) {
  for (const kind of ['iteration', 'loop']) {
    const data = { id: kind, node_id: kind, node_type: kind, title: kind };
    run.emit(`${kind}_started`, { data: { ...data, metadata: {} } });
    run.emit(`${kind}_next`, { data: { ...data, index: 1, pre_loop_output: null } });
    run.emit(`${kind}_completed`, {
      data: { ...data, outputs: {}, status: 'succeeded', error: null, steps: 1 },
    });
  }
  run.emit('agent_log', {
    data: {
      node_execution_id: 'x',
      id: 'log',
      label: 'CALL',
      parent_id: null,
      error: null,
      status: 'success',
      data: {},
      metadata: {},
      node_id: 'agent',
    },
  });
}

function node(run, id, type, title, index) {
  run.emit('node_started', nodeData(id, type, title, index));
  run.emit('node_finished', nodeData(id, type, title, index));
}

/** Web streams leave out what went in and out. */
function nodeData(id, type, title, index) {
  return { data: { id, node_id: id, node_type: type, title, index, inputs: null, outputs: null } };
}

function toResource({ section, score }, at) {
  return {
    position: at + 1,
    dataset_id: 'stand-in',
    dataset_name: 'Help pages',
    document_id: section.article.slug,
    document_name: section.article.title,
    segment_id: `${section.article.slug}-${at}`,
    score: Number(score.toFixed(3)),
    content: section.text,
  };
}
