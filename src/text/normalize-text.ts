/** Characters without width that visitors paste unknowingly: zero-width spaces and joiners, word joiner, soft hyphen, marks of direction. */
const INVISIBLE = /[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
/** The whole of ASCII. */
const PLAIN = /^[\u0000-\u007f]*$/;
const APOSTROPHES = /[\u2018\u2019\u02bc\u2032`\u00b4]/g;

/**
 * Brings a text into the form in which words are compared: no invisible characters, one kind of apostrophe, NFKC, lower case.
 *
 * Composed and decomposed spellings of the same text give the same result.
 */
export function normalizeText(text: string): string {
  // Most English texts are plain; half of the time of a search would go into the steps below.
  if (PLAIN.test(text)) return text.toLowerCase().replaceAll('`', "'");
  const composed = text.replace(INVISIBLE, '').replace(APOSTROPHES, "'").normalize('NFKC');
  // Lower-casing may take a letter apart (İ), so it is put together once more.
  return composed.toLowerCase().replace(APOSTROPHES, "'").normalize('NFKC');
}
