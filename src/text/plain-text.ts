const LINK = /!?\[([^[\]\n]{0,400})\]\(<?[^()\s<>]{0,2000}>?(?:\s"[^"\n]{0,200}")?\)/g;
const AUTO_LINK = /<((?:https?:\/\/|mailto:)[^<>\s]{1,2000})>/g;
const STRONG = /(\*\*|__)(?=\S)([^*_\n]{1,400})\1/g;
const EMPHASIS = /(^|[\s(“"'「（]|\p{Script=Han})([*_])(?=\S)([^*_\n]{1,400})\2/gu;
const CODE = /`{1,3}([^`\n]{1,400})`{1,3}/g;
const STRAY_STRONG = /\*\*/g;
const ESCAPE = /\\([\\`*_{}[\]()#+\-.!|<>~])/g;

/** What each of the marks has. */
const MAY_HOLD_MARK = /[[<`*_\\]/;

/** Strips the inline marks of the Markdown subset (links, bold, italics, code, escapes); line breaks stay. */
export function plainText(markdown: string): string {
  if (!MAY_HOLD_MARK.test(markdown)) return markdown;
  return markdown
    .replace(LINK, '$1')
    .replace(AUTO_LINK, '$1')
    .replace(CODE, '$1')
    .replace(STRONG, '$2')
    .replace(EMPHASIS, '$1$3')
    .replace(STRAY_STRONG, '')
    .replace(ESCAPE, '$1');
}
