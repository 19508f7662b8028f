import type { DifyAnswerFile } from './dify-events.ts';

/**
 * Words the files of an answer as links in the Markdown subset, which begin a paragraph of their own.
 * @param text - The answer; files it links to already are left out.
 * @param baseUrl - What addresses relative to the server are resolved against.
 */
export function linkFiles(files: readonly DifyAnswerFile[], text: string, baseUrl: string): string {
  const links: string[] = [];
  for (const { name, url } of files) {
    const address = toAddress(url, baseUrl);
    if (address === null || text.includes(url)) continue;
    links.push(`- [${name.replace(/[[\]\\\r\n]/g, ' ').slice(0, 200)}](${address})`);
  }
  if (links.length === 0) return '';
  return `${text === '' ? '' : '\n\n'}${links.join('\n')}`;
}

function toPercent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function toAddress(url: string, baseUrl: string): string | null {
  try {
    const { protocol, href } = new URL(url, baseUrl);
    // Brackets would end the link's address.
    return protocol === 'https:' || protocol === 'http:' ? href.replace(/[()<>]/g, toPercent) : null;
  } catch {
    // No address at all: there is nothing to link to.
    return null;
  }
}
