/** Personal data in a text. */
export interface FoundPersonalData {
  /** What it looks like, with its article. */
  readonly kind: string;
  /** Its first and last two characters. */
  readonly masked: string;
  /** Offset in the text, in UTF-16 code units. */
  readonly index: number;
}

interface Detector {
  readonly kind: string;
  readonly pattern: RegExp;
  readonly accepts?: (match: RegExpMatchArray) => boolean;
}

/** Addresses of a desk, not of a person. */
const ROLES =
  /^(?:support|info|help|service|services|sales|contact|hello|hi|office|team|admin|webmaster|billing|orders?|returns?|press|jobs|careers|privacy|security|legal|feedback|news|newsletter|marketing|no-?reply|do-?not-?reply|customer-?(?:service|care|support)|kundenservice|kundendienst|kontakt|hilfe|kefu|postmaster|abuse|dpo|gdpr|datenschutz|accounts?|enquiries|inquiries|mail|shop|store|care)$/i;
const INVENTED = /(?:^|\.)(?:example|test|invalid|localhost)(?:\.(?:com|org|net))?$/i;
/** Numbers that cost the caller nothing are a firm's. */
const FREE_CALL = /^(?:\+?1)?(?:800|833|844|855|866|877|888)|^0?800|^\+\d{1,3}800|^400/;
const ISSUERS = /^(?:4|5[1-5]|2[2-7]|3[47]|6)/;

const DETECTORS: readonly Detector[] = [
  {
    kind: 'an e-mail address of a person',
    pattern: /(?<![\w.+-])([\w.+-]{1,64})@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4})/gi,
    accepts: ([, local = '', host = '']) => !ROLES.test(local) && !INVENTED.test(host),
  },
  {
    kind: 'a Chinese identity number',
    pattern: /(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])/g,
    accepts: ([match]) => isChineseIdentity(match),
  },
  {
    kind: 'a bank account (IBAN)',
    pattern: /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])/g,
    accepts: ([match]) => isIban(match.replaceAll(' ', '')),
  },
  {
    kind: 'a payment card number',
    pattern: /(?<![\d.,+-])\d(?:[ -]?\d){12,18}(?![\d.,]?\d)/g,
    accepts: ([match]) => {
      const digits = match.replace(/\D/g, '');
      return ISSUERS.test(digits) && passesLuhn(digits) && new Set(digits).size > 2;
    },
  },
  {
    kind: 'a mobile number',
    pattern: /(?<![\d.+-])(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)/g,
  },
  {
    kind: 'a telephone number',
    pattern:
      /(?<![\w.+])(?:\+[1-9]\d{0,2}[ .-]?(?:\(0?\d{1,4}\)[ .-]?)?\d(?:[ .-]?\d){6,11}|\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}-\d{3}-\d{4}|07\d{3} ?\d{6})(?![\d-])/g,
    accepts: ([match]) => {
      const digits = match.replace(/[^\d+]/g, '');
      // The North American plan keeps 555-0100 to 555-0199 for stories.
      return !FREE_CALL.test(digits) && !/555-?01\d\d$/.test(match);
    },
  },
  {
    kind: 'a social security number',
    pattern: /(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])/g,
  },
  {
    kind: 'a passport number',
    pattern:
      /(?:passport|reisepass|passeport|pasaporte|护照|護照)[^\n]{0,24}?(?<![A-Z0-9])[A-Z]{1,2}\d{6,8}(?!\w)/gi,
  },
];

/**
 * Finds what looks like data of a person: e-mail addresses but those of desks, telephone and mobile numbers but free ones, payment
 * cards (Luhn), IBAN (ISO 7064), Chinese identity numbers (GB 11643), social security and passport numbers. In order of place.
 */
export function findPersonalData(text: string): readonly FoundPersonalData[] {
  const found: (FoundPersonalData & { readonly end: number })[] = [];
  for (const { kind, pattern, accepts } of DETECTORS) {
    for (const match of text.matchAll(pattern)) {
      const { index } = match;
      const end = index + match[0].length;
      // The first detector that knows a piece names it.
      if (found.some((other) => index < other.end && end > other.index)) continue;
      if (accepts?.(match) ?? true) found.push({ kind, masked: mask(match[0]), index, end });
    }
  }
  return found.sort((a, b) => a.index - b.index).map(({ kind, masked, index }) => ({ kind, masked, index }));
}

function mask(text: string): string {
  const characters = Array.from(text);
  return `${characters.slice(0, 2).join('')}…${characters.slice(-2).join('')}`;
}

function passesLuhn(digits: string): boolean {
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, digit, place) => {
      const doubled = Number(digit) * (place % 2 === 1 ? 2 : 1);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return sum % 10 === 0;
}

function isIban(iban: string): boolean {
  if (iban.length < 15 || iban.length > 34) return false;
  const moved = iban.slice(4) + iban.slice(0, 4);
  let rest = 0;
  for (const character of moved) {
    const value = parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

function isChineseIdentity(identity: string): boolean {
  const month = Number(identity.slice(10, 12));
  const day = Number(identity.slice(12, 14));
  if (!/^(?:19|20)$/.test(identity.slice(6, 8)) || month < 1 || month > 12 || day < 1 || day > 31)
    return false;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, place) => total + weight * Number(identity.charAt(place)), 0);
  return '10X98765432'.charAt(sum % 11) === identity.slice(-1).toUpperCase();
}
