/**
 * Takes accents off Latin letters, and writes full-width letters, digits and signs as their plain ones: one character for one, so that
 * every place stays where it is.
 */
export function plainCharacters(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0))
    .replace(/[À-ž]/g, (letter) => letter.normalize('NFD').charAt(0));
}
