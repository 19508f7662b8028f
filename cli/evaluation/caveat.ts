/** How an answer begins that says it may not be the right one. */
const CAVEATS: readonly RegExp[] = [
  /^(?:sorry, )?(?:i(?:'m| am) not (?:quite |entirely |completely |fully )?(?:sure|certain)|i cannot be sure|i can't be sure)\b/,
  /^(?:i (?:could|did) not find|i couldn't find|i didn't find|our (?:help )?pages (?:do not|don't) say)\b/,
  /^(?:我|抱歉，?我)?(?:不(?:太|能|完全|是很)?确定|没有(?:找到|把握)|未能找到)/,
  /^(?:帮助页面|页面)(?:里|中)?(?:没有|并未)/,
  /^ich bin (?:mir )?nicht (?:ganz )?sicher\b/,
  /^je ne suis pas (?:tout à fait )?s[ûu]re?\b/,
  /^no estoy (?:del todo )?segur[oa]\b/,
];
/** A first paragraph that ends so leads to the answer itself. */
const LEADS_ON = /^[^\n]*[:：]\n\n/;

/** Reports whether an answer says of itself that it may not be right, in its first words. */
export function hasCaveat(answer: string): boolean {
  const start = answer
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/^[\s*_>]+/, '');
  return CAVEATS.some((caveat) => caveat.test(start));
}

/** The answer behind a caveat in a paragraph of its own; the whole text where there is none. */
export function withoutCaveat(answer: string): string {
  return hasCaveat(answer) ? answer.replace(LEADS_ON, '') : answer;
}
