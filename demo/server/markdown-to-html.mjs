const SAFE_ADDRESS = /^(?:https?:|mailto:|tel:|\/|#|\.)/i;

/** @param {string} text */
export const escapeHtml = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/**
 * Id of a heading: its words in lower case, joined by hyphens; letters of every script stay.
 *
 * @param {string} text
 * @returns {string}
 */
export const headingId = (text) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

/**
 * Writes a help article as HTML. All text is escaped; HTML inside the Markdown is shown as text; images are left out.
 *
 * @param {string} markdown Without front matter.
 * @returns {Promise<string>}
 */
export async function markdownToHtml(markdown) {
  // Loaded here, not above: the demo's start script runs before the packages are installed.
  const [{ fromMarkdown }, { gfmTableFromMarkdown }, { gfmTable }] = await Promise.all([
    import('mdast-util-from-markdown'),
    import('mdast-util-gfm-table'),
    import('micromark-extension-gfm-table'),
  ]);
  const tree = fromMarkdown(markdown, {
    extensions: [gfmTable()],
    mdastExtensions: [gfmTableFromMarkdown()],
  });
  return writeChildren(tree, { ids: new Map() });
}

const writeChildren = (node, state) => node.children.map((child) => writeNode(child, state)).join('');
const plainText = (node) => node.value ?? node.children?.map(plainText).join('') ?? '';

function writeNode(node, state) {
  switch (node.type) {
    case 'text':
    case 'html':
      return escapeHtml(node.value);
    case 'paragraph':
      return `<p>${writeChildren(node, state)}</p>\n`;
    case 'heading':
      return writeHeading(node, state);
    case 'emphasis':
      return `<em>${writeChildren(node, state)}</em>`;
    case 'strong':
      return `<strong>${writeChildren(node, state)}</strong>`;
    case 'inlineCode':
      return `<code>${escapeHtml(node.value)}</code>`;
    case 'code':
      return `<pre><code>${escapeHtml(node.value)}</code></pre>\n`;
    case 'break':
      return '<br />';
    case 'thematicBreak':
      return '<hr />\n';
    case 'blockquote':
      return `<blockquote>${writeChildren(node, state)}</blockquote>\n`;
    case 'link':
      return SAFE_ADDRESS.test(node.url)
        ? `<a href="${escapeHtml(node.url)}">${writeChildren(node, state)}</a>`
        : writeChildren(node, state);
    case 'list':
      return writeList(node, state);
    case 'table':
      return writeTable(node, state);
    default:
      return '';
  }
}

function writeHeading(node, state) {
  // The page's own title is the only first-level heading.
  const level = Math.max(2, node.depth);
  const name = headingId(plainText(node));
  const count = (state.ids.get(name) ?? 0) + 1;
  state.ids.set(name, count);
  const id = count === 1 ? name : `${name}-${count}`;
  return `<h${level} id="${escapeHtml(id)}">${writeChildren(node, state)}</h${level}>\n`;
}

function writeList(node, state) {
  const tag = node.ordered ? 'ol' : 'ul';
  const start = node.ordered && node.start > 1 ? ` start="${node.start}"` : '';
  const items = node.children.map((item) => `<li>${writeItem(item, node.spread === true, state)}</li>\n`);
  return `<${tag}${start}>\n${items.join('')}</${tag}>\n`;
}

/** Items of a tight list hold their words without a paragraph around them. */
const writeItem = (item, isSpread, state) =>
  item.children
    .map((child) =>
      child.type === 'paragraph' && !isSpread ? writeChildren(child, state) : writeNode(child, state),
    )
    .join('\n');

function writeTable(node, state) {
  const [head, ...rows] = node.children;
  const cells = (row, tag) =>
    row.children.map((cell) => `<${tag}>${writeChildren(cell, state)}</${tag.split(' ')[0]}>`).join('');
  return [
    `<table>\n<thead><tr>${cells(head, 'th scope="col"')}</tr></thead>\n<tbody>\n`,
    ...rows.map((row) => `<tr>${cells(row, 'td')}</tr>\n`),
    '</tbody>\n</table>\n',
  ].join('');
}
