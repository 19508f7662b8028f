import { escapeHtml } from '../terminal/escape-html.ts';

/** Makes the page on which an owner tries a bundle: a heading and the element. */
export function tryPage(facts: {
  readonly title: string;
  readonly language: string;
  readonly release: number;
}): string {
  const title = escapeHtml(facts.title);
  return `<!doctype html>
<html lang="${escapeHtml(facts.language)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }</style>
<h1>${title}</h1>
<p>Release ${facts.release}. Ask the assistant at the corner of this page; it answers from the bundle alone.</p>
<understudy-chat bundle="/bundle/" open></understudy-chat>
<script type="module" src="/dist/understudy.js"></script>
</html>
`;
}
