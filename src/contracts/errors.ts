import type { JsonObject } from './json.ts';
import { isJson, isRecord } from './json.ts';

/**
 * Every error code of the product with the remedy that is told with it.
 *
 * A code is `area/reason`, stable once released: owners and tests rely on it, never on the message.
 */
export const ERROR_REMEDIES = {
  'bundle/unreachable': 'Check that the bundle folder is hosted at this address and readable.',
  'bundle/not-found': 'Check the `bundle` attribute: the folder must hold a manifest.json.',
  'bundle/not-json': 'The host answered with something else than JSON (a login page?). Check the address.',
  'bundle/manifest-invalid': 'Build the bundle again with `understudy build` and upload all of it.',
  'bundle/chunks-invalid': 'Build the bundle again with `understudy build` and upload all of it.',
  'bundle/version-unsupported':
    'The bundle and the script on the page are of different releases: build the bundle again, or update the script.',
  'bundle/rollback':
    'The host offers an older release than this device holds. Publish a release with a higher number.',
  'bundle/hash-mismatch': 'A file was damaged or changed on the way. Upload the bundle again.',
  'bundle/too-long': 'A file is longer than its manifest says. Upload the bundle again.',
  'bundle/chunk-missing': 'A chunk is missing on the host. Upload the bundle again, chunks first.',
  'bundle/wrong-app': 'This address serves the bundle of another app. Check the `bundle` attribute.',
  'bundle/artifact-invalid':
    'An artifact cannot be read. Build the bundle again with the same release as the script.',
  'bundle/insecure-page': 'Serve the page over https: browsers check files only there.',
  'store/unavailable': 'This browser refuses storage for the page; answers work, but nothing is kept.',
  'store/quota': 'The device has no room left; answers work, but nothing new is kept.',
  'store/failed': 'The browser failed to read or write its storage. Reload the page.',
  'worker/blocked':
    'The page forbids workers. Allow `worker-src` for the script, or host it on the same origin.',
  'worker/unreachable': 'The worker script could not be loaded. Host all files of `dist` beside each other.',
  'worker/crashed': 'The worker stopped and was started again.',
  'worker/unresponsive': 'The worker did not answer in time and was started again.',
  'worker/protocol-mismatch': 'Page and worker are of different releases. Upload all files of one release.',
  'worker/bad-message': 'The worker received a message it does not know. Upload all files of one release.',
  'lead/unreachable': 'The cloud agent cannot be reached; the device answers meanwhile.',
  'lead/timeout': 'The cloud agent took too long; the device answers meanwhile.',
  'lead/interrupted': 'The cloud agent stopped in the middle of its answer.',
  'lead/refused': 'The cloud agent is overloaded or has no model at hand; the device answers meanwhile.',
  'lead/auth': 'The cloud agent does not accept this page. Check the app code and the allowed origins.',
  'lead/misconfigured':
    'The cloud agent rejects the request. Check the `lead` attribute and the inputs of the app.',
  'lead/cors':
    'The lead is there, but its answers may not be read from this page: allow the origin of the page in its CORS settings (WEB_API_CORS_ALLOW_ORIGINS of Dify).',
  'lead/not-found': 'The conversation is gone on the server; a new one is begun.',
  'lead/bad-response':
    'The address of the lead answers with something else than its protocol. Check the `lead` attribute.',
  'engine/unsupported': 'This device cannot run the generator; extracts are shown instead.',
  'engine/blocked': "The page forbids WebAssembly. Allow 'wasm-unsafe-eval' in script-src of the worker.",
  'engine/load-failed': 'The generator could not be loaded; extracts are shown instead.',
  'engine/failed': 'The generator stopped; extracts are shown instead.',
  'engine/model-invalid':
    'The model file is damaged, or of a kind that is not read. `understudy models check FILE` says more.',
  'engine/out-of-memory':
    'The device has not the memory for this model; a smaller model or extracts are used.',
  'engine/grammar-invalid': 'Correct the grammar or the JSON schema at the place that is named.',
  'engine/prompt-too-long': 'The prompt does not fit the context of the model.',
  'engine/too-slow': 'The generator is too slow on this device; extracts are shown instead.',
  'engine/stepped-down':
    'The page ended while the generator was at work: another one, or extracts, are used for some days.',
  'engine/wrong-output': 'The generator fails its self-test on this device; extracts are shown instead.',
  'plan/invalid': 'Build the bundle again with `understudy build`.',
  'plan/version-unsupported':
    'The plan and the script on the page are of different releases: build the bundle again, or update the script.',
  'plan/step-failed': 'A step of the plan failed. See `facts` for the step.',
  'plan/input-invalid':
    'Fill in the field of the form that is named; `understudy ask` and `run` take values with --inputs.',
  'plan/too-many-steps': 'The plan does not come to an end. Build the bundle again.',
  'plan/no-answer': 'The plan ended without an answer. Build the bundle again.',
  'plan/needs-lead': 'This step needs the cloud agent: it is offered again when the connection is back.',
  'plan/variable-missing': 'A step reads a variable that no step before it has set. Correct the flow.',
  'plan/value-invalid': 'A value is not of the type that the step declares. Correct the flow.',
  'plan/too-slow': 'The plan took longer than it may. Simplify the flow.',
  'sandbox/failed': 'The code of the step threw. Correct it; `understudy run` shows the place.',
  'sandbox/timeout': 'The code of the step took too long and was stopped.',
  'sandbox/out-of-memory': 'The code of the step used more memory than it may.',
  'sandbox/unsupported': 'The code needs a module that the page does not have. See docs/dify.md.',
  'sandbox/unavailable': 'The interpreter could not be loaded. Host all files of `dist` beside each other.',
  'sandbox/template-failed': 'Correct the template.',
  'dify/invalid': 'Export the app from Dify again, or correct the file at the place that is named.',
  'dify/too-large': 'Dify itself exports at most 10 MB: name an exported app.',
  'dify/version-unsupported':
    'Export the app with a version of Dify that this release reads, or update Understudy.',
  'dify/not-an-app':
    'Name an exported app that answers visitors; pipelines and what triggers begin run in Dify alone.',
  'dify/knowledge-missing': 'Map the dataset to a folder, an export or a pull: see `understudy inspect`.',
  'dify/unreachable':
    'The knowledge API of Dify does not answer as it should. Check address and key, and run it again.',
  'turn/empty': 'Type a question first.',
  'turn/too-long': 'Shorten the message.',
  'turn/file-refused': 'Attach a smaller file, or one of a kind that the app takes.',
  'turn/aborted': 'The turn was stopped.',
  'turn/no-responder': 'Neither the cloud agent nor the device can answer now. Leave a message.',
  'client/disposed': 'This connection was closed. Call `connect()` again.',
  'client/bad-option': 'Correct the option that is named.',
  'client/panel-unreachable':
    'The script of the panel could not be loaded. Host all files of `dist` beside each other.',
  'outbox/undeliverable': 'The message could not be delivered yet; it is kept on this device.',
  'outbox/unconfirmed': 'The message may have been delivered. Send it again if no answer comes.',
  'outbox/full': 'Too many messages wait on this device. Delete one first.',
  'catalogue/invalid': 'Correct the catalogue at the place that is named, or derive it again.',
  'cli/usage': 'See `understudy --help`.',
  'cli/not-found': 'Check the path.',
  'cli/config-invalid': 'Correct the configuration at the place that is named.',
  'cli/source-invalid': 'Correct the file at the place that is named.',
  'cli/site-unreachable':
    'Check address and network, and name the address that it leads to; or save the site and name the folder.',
  'cli/site-refused':
    'Allow "understudy" in the robots.txt of the site and give its pages to everyone, or save the site and name the folder.',
  'cli/nothing-to-build': 'Name a folder with Markdown, HTML, text, PDF, DOCX, OpenAPI, CSV or JSONL files.',
  'cli/write-failed': 'Check that the output folder can be written.',
  'cli/model-invalid':
    'docs/models.md says which models the build can read; `understudy models check FILE` judges a GGUF file.',
  'cli/model-unreachable': 'Check address and network, or download the file yourself and name its path.',
  'cli/model-refused':
    'Accept the license on the page of the model, download the file there, and name its path.',
  'cli/model-damaged': 'Build again; if it is the same, check address and hash.',
  'cli/endpoint-unreachable':
    'Check address and network; what was written so far stays, and the next run goes on there.',
  'cli/endpoint-refused':
    'Check address, model and key; what was written so far stays, and the next run goes on there.',
  'cli/port-in-use': 'Choose another port with --port.',
  'internal/unexpected': 'This is a defect: please report it with its facts.',
} as const;

/** A stable error code, `area/reason`. */
export type ErrorCode = keyof typeof ERROR_REMEDIES;

/** The form in which an error crosses the worker boundary and enters diagnostics. */
export interface ErrorReport {
  readonly code: ErrorCode;
  /** What happened, with the values, then what to do. */
  readonly message: string;
  readonly facts: JsonObject;
}

const MARKER = Symbol.for('understudy.error');

/** Options of {@link UnderstudyError}. */
export interface UnderstudyErrorOptions {
  /** Plain JSON that locates the fault: file, line, url, status. Default `{}`. */
  readonly facts?: JsonObject;
  readonly cause?: unknown;
}

/** The one error class of the product; recognize it by {@link isUnderstudyError}, not by `instanceof`. */
export class UnderstudyError extends Error {
  override readonly name = 'UnderstudyError';
  readonly code: ErrorCode;
  readonly facts: JsonObject;

  /**
   * @param code - A code of {@link ERROR_REMEDIES}.
   * @param happened - What happened, one sentence with the values; the remedy is appended.
   */
  constructor(code: ErrorCode, happened: string, options: UnderstudyErrorOptions = {}) {
    super(`${happened} ${ERROR_REMEDIES[code]}`, { cause: options.cause });
    this.code = code;
    Object.defineProperty(this, MARKER, { value: true });
    this.facts = options.facts ?? {};
  }
}

/** Recognizes an {@link UnderstudyError} across realms and copies of the package, optionally of one code. */
export function isUnderstudyError(error: unknown, code?: ErrorCode): error is UnderstudyError {
  if (!isRecord(error) || !(MARKER in error)) return false;
  return code === undefined || error['code'] === code;
}

/** Reports whether the value is one of our codes. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERROR_REMEDIES, value);
}

/** Turns any thrown value into a report; unknown errors become `internal/unexpected`. */
export function toErrorReport(error: unknown): ErrorReport {
  if (isUnderstudyError(error)) return { code: error.code, message: error.message, facts: error.facts };
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    code: 'internal/unexpected',
    message: `${message}. ${ERROR_REMEDIES['internal/unexpected']}`,
    facts: {},
  };
}

/** Accepts an {@link ErrorReport} that came from outside; anything else becomes `internal/unexpected`. */
export function parseErrorReport(value: unknown): ErrorReport {
  if (isRecord(value) && isErrorCode(value['code']) && typeof value['message'] === 'string') {
    const facts = value['facts'];
    return {
      code: value['code'],
      message: value['message'],
      facts: isRecord(facts) && isJson(facts) ? facts : {},
    };
  }
  return { code: 'internal/unexpected', message: 'An error came in a form that is not known.', facts: {} };
}

/** Rebuilds an error from its report, on the other side of the worker boundary. */
export function fromErrorReport(report: ErrorReport): UnderstudyError {
  const error = new UnderstudyError(report.code, '', { facts: report.facts });
  error.message = report.message;
  return error;
}
