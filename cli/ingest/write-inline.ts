const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const ALLOWED_SCHEME = /^(?:https?:\/\/|mailto:|tel:)/i;

/** Reports whether a link may stay in a passage: web, mail, telephone, or a place on the same site. */
export function isSafeLink(target: string): boolean {
  // Browsers ignore blanks and control characters inside a scheme.
  const compact = target.replace(/[\u0000-\u0020]/g, '');
  return !SCHEME.test(compact) || ALLOWED_SCHEME.test(compact);
}

/** Writes a link, or only its text where the target is not allowed, empty, or only jumps within the page. */
export function writeLink(text: string, target: string): string {
  const label = text.trim();
  if (label === '' || target === '' || target.startsWith('#') || !isSafeLink(target)) return text;
  const escaped = target.replace(/[\s<>()\\]/g, (character) =>
    encodeURIComponent(character).replace(/[()]/g, percent),
  );
  return `[${label}](${escaped})`;
}

/** Writes text strongly or with emphasis; blanks stay outside the marks, as Markdown demands. */
export function writeMarked(text: string, mark: '**' | '*'): string {
  const match = /^(\s*)([\s\S]*?)(\s*)$/.exec(text);
  const inner = match?.[2] ?? '';
  return inner === '' ? text : `${match?.[1] ?? ''}${mark}${inner}${mark}${match?.[3] ?? ''}`;
}

/** Writes a code span with a fence longer than any run of backticks in it. */
export function writeCode(code: string): string {
  const line = code.replace(/\s+/g, ' ');
  if (line.trim() === '') return '';
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

function percent(character: string): string {
  return character === '(' ? '%28' : '%29';
}
