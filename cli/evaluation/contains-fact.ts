/** Reports whether an answer contains a fact, ignoring case, white space, emphasis and digit grouping; `a|b` is either. */
export function containsFact(answer: string, fact: string): boolean {
  const text = flattenText(answer);
  return fact.split('|').some((way) => flattenText(way) !== '' && text.includes(flattenText(way)));
}

/** Writes a text so that only what matters of a fact or a heading is left. */
export function flattenText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/(?<=\d),(?=\d{3})/g, '')
    .replace(/\*+|`/g, '')
    .replace(/\s+/g, '');
}
