import { escapeHtml } from '../terminal/escape-html.ts';

/** What the texts of a publication say. */
export interface PublicationFacts {
  readonly title: string;
  readonly appId: string;
  readonly release: number;
  /** Version of the scripts. */
  readonly version: string;
  /** Value of the `lead` attribute; null: the device answers alone. */
  readonly lead: string | null;
  /** Folder of the site in which the publication will lie, begins and ends with `/`. */
  readonly base: string;
  /** Origins that the page talks to besides its own. */
  readonly origins: readonly string[];
}

/** The lines that go into every page. */
export function snippet(facts: PublicationFacts): string {
  const lead = facts.lead === null ? '' : ` lead="${escapeHtml(facts.lead)}"`;
  return [
    `<script type="module" src="${escapeHtml(facts.base)}understudy/understudy.js"></script>`,
    `<understudy-chat bundle="${escapeHtml(facts.base)}bundle/"${lead}>`,
    `  <a href="/contact">Contact us</a>`,
    `</understudy-chat>`,
    '',
  ].join('\n');
}

/** The policy that a page needs, in one line. */
export function pagePolicy({ origins }: PublicationFacts): string {
  return [
    "script-src 'self'",
    "style-src 'self'",
    `connect-src ${["'self'", ...origins].join(' ')}`,
    "worker-src 'self'",
    "require-trusted-types-for 'script'",
    'trusted-types understudy understudy-launcher understudy-panel',
  ].join('; ');
}

/** The policy of the worker's script, in one line. */
export function workerPolicy({ origins }: PublicationFacts): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `connect-src ${["'self'", ...origins].join(' ')}`,
  ].join('; ');
}

/** Headers in the form that static hosts such as Netlify and Cloudflare Pages read as `_headers`. */
export function headersFile(facts: PublicationFacts): string {
  const { base } = facts;
  const immutable = '  Cache-Control: public, max-age=31536000, immutable';
  const fresh = '  Cache-Control: no-cache';
  return [
    `${base}understudy/understudy-worker.js`,
    `  Content-Security-Policy: ${workerPolicy(facts)}`,
    `${base}understudy/*`,
    '  X-Content-Type-Options: nosniff',
    fresh,
    `${base}bundle/manifest.json`,
    fresh,
    `${base}bundle/chunks.json`,
    fresh,
    `${base}bundle/chunks/*`,
    immutable,
    `${base}bundle/files/*`,
    immutable,
    '',
  ].join('\n');
}

/** What the person who uploads needs to know. */
export function readme(facts: PublicationFacts): string {
  const { title, appId, release, version, base } = facts;
  return `# ${title}

Release ${String(release)} of the app "${appId}", with the scripts of Understudy ${version}. Everything here is public and static; there is
no server part.

## Upload

1. Copy \`understudy/\` and \`bundle/\` into the folder \`${base}\` of your site. Upload \`bundle/chunks/\` and \`bundle/files/\` first, then
   \`bundle/chunks.json\`, then \`bundle/manifest.json\`: visitors never meet a manifest whose files are missing.
   \`understudy/understudy-sw.js\` belongs beside your pages only where you want them to open offline.
2. Put the lines of \`snippet.html\` into your pages.
3. Send the headers of \`_headers\` (Netlify and Cloudflare Pages read the file as it is; for others it says which header goes where).
   Gzip or Brotli by the host is welcome for \`understudy/\`; leave \`bundle/\` as it is.

## Your page's policy

Where your pages send a Content-Security-Policy, it must allow at least:

    Content-Security-Policy: ${pagePolicy(facts)}

## Next release

Publish again and upload the same way. Visitors' copies follow by themselves and fetch only what changed. Keep the files of the release
before for a day: visitors may still be fetching them. Release numbers only go up.
`;
}
