/** Words of a visitor or a page without what Markdown would read as marks. */
export function unmarked(words: string): string {
  return words.replaceAll(/[\\`*_[\]<>|~#]/g, '').trim();
}
