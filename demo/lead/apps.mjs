/**
 * The apps of the stand-in, one of each kind that Dify has, by site code.
 *
 * All answer from the same help pages; they differ in endpoints, events and in what they ask before the first turn.
 */

const NO_FILES = { enabled: false, image: { enabled: false } };

const app = (mode, name, more = {}) => ({ mode, name, form: [], files: NO_FILES, suggests: true, ...more });

const textInput = (variable, label, more = {}) => ({
  'text-input': { variable, label, required: false, max_length: 48, default: '', ...more },
});

/** By site code. */
export const APPS = {
  'fenbrook-demo': app('advanced-chat', 'Fenbrook Help (stand-in)', {
    files: {
      enabled: true,
      number_limits: 3,
      allowed_file_types: ['image', 'document'],
      allowed_file_upload_methods: ['local_file'],
      image: { enabled: true, number_limits: 3, transfer_methods: ['local_file'] },
    },
  }),
  'fenbrook-basic': app('chat', 'Fenbrook Basic (stand-in)', { suggests: false }),
  'fenbrook-agent': app('agent-chat', 'Fenbrook Agent (stand-in)', { suggests: false }),
  'fenbrook-new-agent': app('agent-chat', 'Fenbrook New Agent (stand-in)', {
    suggests: false,
    repeatsAnswer: true,
  }),
  'fenbrook-writer': app('completion', 'Fenbrook Writer (stand-in)', {
    form: [{ paragraph: { variable: 'question', label: 'Question', required: true, default: '' } }],
  }),
  'fenbrook-flow': app('workflow', 'Fenbrook Flow (stand-in)', {
    form: [textInput('question', 'Question', { required: true })],
  }),
  'fenbrook-form': app('advanced-chat', 'Fenbrook Orders (stand-in)', {
    opening: 'Hello! Tell me which order it is about.',
    questions: ['How long do I have to return a Jug?'],
    form: [
      textInput('order', 'Order number', { required: true, max_length: 12 }),
      {
        select: {
          variable: 'product',
          label: 'Product',
          required: false,
          options: ['Jug', 'Tap'],
          default: 'Jug',
        },
      },
    ],
  }),
};

/** Whether an app holds conversations. */
export const isChat = ({ mode }) => mode === 'chat' || mode === 'agent-chat' || mode === 'advanced-chat';

/** Whether a workflow stands behind an app. */
export const hasRuns = ({ mode }) => mode === 'advanced-chat' || mode === 'workflow';

/** What `/parameters` says of an app. */
export function parametersOf({ opening = '', questions = [], form, files, suggests }) {
  const off = { enabled: false };
  return {
    opening_statement: opening,
    suggested_questions: questions,
    suggested_questions_after_answer: { enabled: suggests },
    speech_to_text: off,
    text_to_speech: { ...off, voice: '', language: '' },
    retriever_resource: { enabled: true },
    annotation_reply: off,
    more_like_this: off,
    sensitive_word_avoidance: off,
    user_input_form: form,
    file_upload: files,
    system_parameters: {
      file_size_limit: 15,
      image_file_size_limit: 1,
      audio_file_size_limit: 50,
      video_file_size_limit: 100,
      workflow_file_upload_limit: 10,
    },
  };
}

/** What `/site` says of an app; the two interfaces wrap it differently. */
export function siteOf(code, { name }, flavor) {
  const site = {
    title: name,
    chat_color_theme: '#0b6e6e',
    default_language: 'en-US',
    show_workflow_steps: false,
    input_placeholder: null,
  };
  return flavor === 'web' ? { app_id: code, end_user_id: 'stand-in', enable_site: true, site } : site;
}

/** The first field of an app's form that is required and missing; null when all are there. */
export function missingInput({ form }, inputs) {
  for (const field of form) {
    const [{ variable, required }] = Object.values(field);
    if (required && (inputs[variable] === undefined || inputs[variable] === '')) return variable;
  }
  return null;
}
