/** HTTP as the stand-in needs it: bodies in, JSON out, failures in Dify's envelope. */

const MAX_BODY_BYTES = 256 * 1024;
const MAX_UPLOAD_BYTES = 16 * 1024 * 1024;

/** Headers that let pages of any origin read answers; the older server does not know the passport's own header. */
export function corsHeaders(isOld) {
  const passport = isOld ? '' : ' X-App-Passport,';
  return {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Headers': `Content-Type, X-App-Code,${passport} Authorization, X-CSRF-Token, Idempotency-Key`,
    'Access-Control-Allow-Methods': 'GET, PUT, POST, DELETE, OPTIONS, PATCH',
    'Access-Control-Expose-Headers': 'Retry-After',
    'Access-Control-Max-Age': '600',
  };
}

/** An error that is answered as it says. */
export function failure(status, code, message, headers = {}) {
  return Object.assign(new Error(message), { status, code, headers });
}

const read = new WeakMap();

/** Reads a JSON object; the same one however often it is asked for. */
export function readJson(request) {
  if (!read.has(request)) read.set(request, parseJson(request));
  return read.get(request);
}

/** Reads a form with a file; the same one however often it is asked for. */
export function readForm(request) {
  if (!read.has(request)) read.set(request, parseForm(request));
  return read.get(request);
}

async function parseJson(request) {
  const bytes = await readBytes(request, MAX_BODY_BYTES);
  try {
    const value = JSON.parse(bytes.toString('utf8'));
    if (value !== null && typeof value === 'object') return value;
  } catch {
    // Told below, together with bodies that are JSON but no object.
  }
  throw failure(400, 'bad_request', 'The body is no JSON object.');
}

async function parseForm(request) {
  const bytes = await readBytes(request, MAX_UPLOAD_BYTES);
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  try {
    return await new Response(bytes, { headers }).formData();
  } catch {
    throw failure(400, 'bad_request', 'The body is no form.');
  }
}

/** Answers with JSON. */
export function sendJson(response, status, value, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(value));
}

/** Answers with Dify's envelope for errors. */
export function sendError(response, { status = 500, code = 'internal_server_error', message, headers = {} }) {
  sendJson(response, status, { code, message, status }, headers);
}

async function readBytes(request, limit) {
  const pieces = [];
  let sizeBytes = 0;
  for await (const piece of request) {
    sizeBytes += piece.length;
    if (sizeBytes > limit) throw failure(413, 'file_too_large', '');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
