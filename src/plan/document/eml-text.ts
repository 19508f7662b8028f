import { decodeAs } from './decode-text.ts';
import { htmlText } from './html-text.ts';

/** Mails within mails within mails. */
const MAX_DEPTH = 20;

/** The text of a mail: its plain part, or the words of its HTML; attachments are left out. */
export function emlText(bytes: Uint8Array): string {
  return partText(binaryText(bytes), 0).trim();
}

/** Each byte as a character of its own: a mail's parts are of different encodings. */
function binaryText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return text;
}

function partText(part: string, depth: number): string {
  const { headers, body } = splitPart(part);
  const type = headers.get('content-type') ?? 'text/plain';
  const kind = type.split(';')[0]?.trim().toLowerCase() ?? '';
  if (/^attachment/i.test(headers.get('content-disposition') ?? '') || depth > MAX_DEPTH) return '';
  const boundary = parameter(type, 'boundary');
  if (kind.startsWith('multipart/') && boundary !== null)
    return multipartText(kind, splitBody(body, boundary), depth);
  if (kind === 'message/rfc822') return partText(body, depth + 1);
  if (!kind.startsWith('text/')) return '';
  const bytes = unpack(body, headers.get('content-transfer-encoding') ?? '');
  const text = decodeAs(bytes, parameter(type, 'charset') ?? 'utf-8').replaceAll('\r\n', '\n');
  return kind === 'text/html' ? htmlText(text) : text;
}

function multipartText(kind: string, parts: readonly string[], depth: number): string {
  const texts = parts.map((part) => partText(part, depth + 1)).filter((text) => text.trim() !== '');
  // Alternatives say the same, the plainest first.
  return kind === 'multipart/alternative' ? (texts[0] ?? '') : texts.join('\n');
}

function splitPart(part: string): { readonly headers: ReadonlyMap<string, string>; readonly body: string } {
  const end = /\r?\n\r?\n/.exec(part);
  const head = end === null ? part : part.slice(0, end.index);
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, Math.max(colon, 0)).trim().toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { headers: new Map(pairs), body: end === null ? '' : part.slice(end.index + end[0].length) };
}

function parameter(header: string, name: string): string | null {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(header);
  return found?.[1] ?? found?.[2] ?? null;
}

function splitBody(body: string, boundary: string): readonly string[] {
  const [, ...parts] = `\n${body}`.split(`\n--${boundary}`);
  return parts.filter((part) => !part.startsWith('--')).map((part) => part.replace(/^[^\n]*\n|\r$/g, ''));
}

function unpack(body: string, encoding: string): Uint8Array {
  const kind = encoding.trim().toLowerCase();
  if (kind === 'base64') return Uint8Array.from(unpackBase64(body), byteOf);
  if (kind !== 'quoted-printable') return Uint8Array.from(body, byteOf);
  const text = body
    .replace(/=[ \t]*\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Uint8Array.from(text, byteOf);
}

function unpackBase64(body: string): string {
  const digits = body.replace(/[^A-Za-z0-9+/]/g, '');
  return atob(digits.length % 4 === 1 ? digits.slice(0, -1) : digits);
}

function byteOf(character: string): number {
  return character.charCodeAt(0);
}
