import type { XmlElement } from './xml.ts';
import { elementsOf, findAll } from './xml.ts';

/** Formats that every program knows by number and that show dates or times. */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

/** Tells of each style of a workbook whether it shows numbers as dates. */
export function readDateStyles(styles: XmlElement | null): readonly boolean[] {
  if (styles === null) return [];
  const own = new Map(
    findAll(styles, 'numFmt').map(({ attributes }) => [
      attributes['numFmtId'] ?? '',
      showsDates(attributes['formatCode'] ?? ''),
    ]),
  );
  const [cells] = findAll(styles, 'cellXfs');
  if (cells === undefined) return [];
  return elementsOf(cells).map(({ attributes }) => {
    const id = attributes['numFmtId'] ?? '0';
    return own.get(id) ?? isBuiltInDate(Number(id));
  });
}

/** Letters of dates outside of words in quotes, escaped letters and colors. */
function showsDates(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  return /[ymdhs]/i.test(bare) && !/^general$/i.test(bare);
}

const DAY_MS = 86_400_000;

/** A count of days as date and time. The calendar of 1900 has a 29th of February that never was. */
export function serialDate(days: number, is1904: boolean): string {
  const start = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30);
  const date = new Date(start + Math.round(days * DAY_MS));
  if (Number.isNaN(date.getTime())) return String(days);
  return date.toISOString().slice(0, 19).replace('T', ' ');
}
