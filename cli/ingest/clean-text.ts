// Zero-width marks, soft hyphens, bidirectional controls and private controls: they hide text from readers but not from
// search, and are used to smuggle instructions into pages. Zero-width joiners stay: scripts and emoji need them.
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** Removes invisible and control characters, unifies line ends and composes accents (NFC). */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(INVISIBLE, '')
    .normalize('NFC');
}

/** The same for one line: white space, line breaks included, becomes single blanks. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}
