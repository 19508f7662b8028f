import type { JsonObject } from '../../../src/contracts/json.ts';
import { isJson, isRecord } from '../../../src/contracts/json.ts';
import type { TurnForm } from '../../../src/contracts/form.ts';
import type { ApiCall, ApiResult, ApiRoute } from './api-call.ts';
import { nowSeconds, param, userOf } from './api-call.ts';
import { ApiError, invalidParam, notFound } from './api-error.ts';
import type { ApiRun } from './api-run.ts';
import { MAX_FILE_BYTES, appInfo, appParameters, appSite } from './describe-app.ts';
import { fileAnswer } from './file-store.ts';
import { readBody, textField } from './read-request.ts';
import { formActions, formInputs } from './run-events.ts';

/** Room for the other parts of a multipart form. */
const FORM_BYTES: number = 64 * 1024;

/** Routes about the app itself, files and forms. */
export const APP_ROUTES: readonly ApiRoute[] = [
  ['GET', '/parameters', ({ state }) => ({ json: appParameters(state.host.app) })],
  ['GET', '/info', ({ state }) => ({ json: appInfo(state.host.app) })],
  ['GET', '/meta', () => ({ json: { tool_icons: {} } })],
  ['GET', '/site', describeSite],
  ['GET', '/app/feedbacks', () => ({ json: { data: [] } })],
  ['GET', '/saved-messages', listSaved],
  ['POST', '/files/upload', uploadFile],
  ['GET', '/files/:id/preview', previewFile],
  ['GET', '/form/human_input/:token', describeForm],
  ['POST', '/form/human_input/:token', submitForm],
];

/** Routes of the web interface that need no passport. */
export const OPEN_ROUTES: readonly ApiRoute[] = [
  ['GET', '/webapp/access-mode', () => ({ json: { accessMode: 'public' } })],
  ['GET', '/webapp/permission', () => ({ json: { result: true } })],
  ['GET', '/system-features', () => ({ json: { sso_enforced_for_web: false, webapp_auth: { enabled: false } } })],
];

function describeSite({ state, webUser }: ApiCall): ApiResult {
  const site = appSite(state.host.app);
  if (webUser === null) return { json: site };
  const { appId } = state.host.app;
  return { json: { app_id: appId, end_user_id: webUser.replace(/^web /, ''), enable_site: true, site, plan: 'basic' } };
}

/** The list of completion apps; by its refusal a browser tells the kinds of apps apart. */
function listSaved(): ApiResult {
  const message = 'Please check if your app mode matches the right API route.';
  throw new ApiError(400, 'not_completion_app', message);
}

async function uploadFile(call: ApiCall): Promise<ApiResult> {
  const { state, request } = call;
  const body = new Uint8Array(await readBody(request, MAX_FILE_BYTES + FORM_BYTES));
  const file = await state.files.take(body, request.headers['content-type'] ?? '', (form) => {
    const user = form.get('user');
    return userOf(call, typeof user === 'string' ? { user } : {});
  });
  return { status: 201, json: fileAnswer(file, nowSeconds(state.clock)) };
}

function previewFile(call: ApiCall): ApiResult {
  const file = call.state.files.get(param(call, 0), userOf(call, null));
  return { file: { name: file.name, mimeType: file.mimeType, bytes: call.state.files.read(file.id) } };
}

function findForm(call: ApiCall): { readonly run: ApiRun; readonly form: TurnForm } {
  for (const run of call.state.runs.values()) {
    const form = run.form(param(call, 0));
    if (form !== null && (call.webUser === null || run.user === call.webUser)) return { run, form };
  }
  throw notFound('Human input form');
}

function describeForm(call: ApiCall): ApiResult {
  const { form } = findForm(call);
  const defaults = form.fields.map(({ name, default: value }) => [name, value] as const);
  return {
    json: {
      form_content: form.content,
      inputs: formInputs(form.fields),
      resolved_default_values: Object.fromEntries(defaults),
      user_actions: formActions(form),
      expiration_time: form.expiresAtMs === null ? null : Math.round(form.expiresAtMs / 1000),
    },
  };
}

async function submitForm(call: ApiCall): Promise<ApiResult> {
  const body = await call.readBody();
  const { run, form } = findForm(call);
  const action = textField(body, 'action');
  if (!form.actions.some(({ id }) => id === action)) throw invalidParam(`action must be one of ${form.actions.map(({ id }) => id).join(', ')}`);
  const given = body['inputs'] ?? {};
  if (!isRecord(given) || !isJson(given)) throw invalidParam('inputs must be an object');
  const values: JsonObject = given;
  const missing = form.fields.find(({ name, isRequired }) => isRequired && (values[name] ?? '') === '');
  if (missing !== undefined) throw invalidParam(`${missing.name} is required`);
  if (!run.submit(param(call, 0), { action, values }))
    throw new ApiError(412, 'human_input_form_submitted', 'This form has already been submitted.');
  return { json: {} };
}
