import type { Json, JsonObject } from '../../../src/contracts/json.ts';
import type { FormField } from '../../../src/contracts/plan-configs.ts';
import type { HostedApp } from './app-host.ts';

/** Largest file that a visitor may send, in bytes. */
export const MAX_FILE_BYTES: number = 15 * 1024 * 1024;
/** Most files of one message. */
export const MAX_FILES = 10;

const FIELD_TYPES: { readonly [Type in FormField['type']]: string } = {
  text: 'text-input',
  paragraph: 'paragraph',
  select: 'select',
  number: 'number',
  checkbox: 'checkbox',
  file: 'file',
  'file-list': 'file-list',
  json: 'json_object',
};

/** The answer of `/parameters`. */
export function appParameters(app: HostedApp): JsonObject {
  const off = { enabled: false };
  const megabytes = MAX_FILE_BYTES / 1024 / 1024;
  return {
    opening_statement: app.greeting,
    suggested_questions: app.suggestions,
    suggested_questions_after_answer: off,
    speech_to_text: off,
    text_to_speech: { enabled: false, voice: '', language: '', autoPlay: 'disabled' },
    retriever_resource: { enabled: app.showsCitations },
    annotation_reply: off,
    more_like_this: off,
    sensitive_word_avoidance: off,
    user_input_form: app.form.map(toInput),
    file_upload: fileUpload(app.form),
    system_parameters: {
      file_size_limit: megabytes,
      image_file_size_limit: 10,
      audio_file_size_limit: megabytes,
      video_file_size_limit: megabytes,
      workflow_file_upload_limit: MAX_FILES,
    },
  };
}

function toInput({ name, label, type, isRequired, maxLength, options, default: value }: FormField): JsonObject {
  const kind = FIELD_TYPES[type];
  const field: Record<string, Json> = { label, variable: name, type: kind, required: isRequired, hide: false, default: value };
  if (maxLength !== null) field['max_length'] = maxLength;
  if (type === 'select') field['options'] = options;
  if (type === 'file' || type === 'file-list') {
    field['allowed_file_types'] = ['image', 'document', 'audio', 'video', 'custom'];
    field['allowed_file_upload_methods'] = ['local_file', 'remote_url'];
  }
  return { [kind]: field };
}

function fileUpload(form: readonly FormField[]): JsonObject {
  const enabled = form.some(({ type }) => type === 'file' || type === 'file-list');
  return {
    enabled,
    number_limits: MAX_FILES,
    allowed_file_types: ['image', 'document', 'audio', 'video', 'custom'],
    allowed_file_upload_methods: ['local_file', 'remote_url'],
    image: { enabled: false, number_limits: 3, transfer_methods: ['local_file', 'remote_url'] },
  };
}

/** The answer of `/info`. */
export function appInfo(app: HostedApp): JsonObject {
  return {
    name: app.title,
    description: '',
    tags: [],
    mode: app.mode === 'workflow' ? 'workflow' : 'advanced-chat',
    author_name: '',
  };
}

/** The answer of `/site`. */
export function appSite(app: HostedApp): JsonObject {
  return {
    title: app.title,
    chat_color_theme: app.accent,
    chat_color_theme_inverted: false,
    icon_type: 'emoji',
    icon: '\u{1f4ac}',
    icon_background: app.accent,
    icon_url: null,
    description: null,
    copyright: null,
    privacy_policy: null,
    custom_disclaimer: null,
    input_placeholder: null,
    default_language: app.language,
    show_workflow_steps: false,
    use_icon_as_answer_icon: false,
  };
}
