const ADDRESS = /(?:https?:\/\/|www\.)[^\s<>()[\]"'，。；！？、）]{1,2000}|mailto:[^\s<>()[\]"']{1,300}/giu;
const EMAIL = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,6}/gu;
const LINK_TARGET = /\]\(<?([^()\s<>]{1,2000})>?/g;

function tidy(address: string): string {
  return address
    .toLowerCase()
    .replace(/^mailto:/, '')
    .replace(/^https?:\/\//, '')
    .replace(/[.,;:!?]+$/, '')
    .replace(/\/+$/, '');
}

/** Finds web addresses, link targets and e-mail addresses, in a form that compares equal. */
export function findLinks(markdown: string): string[] {
  const found = new Set<string>();
  for (const match of markdown.matchAll(LINK_TARGET)) found.add(tidy(match[1] ?? ''));
  for (const match of markdown.matchAll(ADDRESS)) found.add(tidy(match[0]));
  for (const match of markdown.matchAll(EMAIL)) found.add(tidy(match[0]));
  return [...found];
}

/** Takes addresses out of a text, so that their parts are not read as words and numbers. */
export function withoutLinks(markdown: string): string {
  return markdown.replace(LINK_TARGET, '](').replace(ADDRESS, ' ').replace(EMAIL, ' ');
}
