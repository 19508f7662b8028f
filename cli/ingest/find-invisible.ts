/** Characters that nobody sees, and what they are used for. */
export interface FoundInvisible {
  readonly kind: 'zero-width characters' | 'bidirectional controls' | 'tag characters';
  readonly count: number;
  /** 1-based line of the first. */
  readonly line: number;
}

// A mark at the very beginning says the encoding, and soft hyphens and private controls are typesetting: no finding.
const KINDS: readonly (readonly [FoundInvisible['kind'], RegExp])[] = [
  ['zero-width characters', /[\u200b\u2060-\u2064\ufeff\u180e]/gu],
  ['bidirectional controls', /[\u202a-\u202e\u2066-\u2069]/gu],
  ['tag characters', /[\u{e0000}-\u{e007f}]/gu],
];
/** Flags of England, Scotland and Wales are written with tags. */
const FLAGS = /\u{1f3f4}[\u{e0020}-\u{e007e}]{1,6}\u{e007f}/gu;

/** Finds characters that hide text from readers: zero-width ones, bidirectional overrides, tags. */
export function findInvisible(text: string): readonly FoundInvisible[] {
  const looked = text.replace(/^\ufeff/, '').replace(FLAGS, '');
  return KINDS.flatMap(([kind, pattern]) => {
    const places = [...looked.matchAll(pattern)];
    const [first] = places;
    if (first === undefined) return [];
    return [{ kind, count: places.length, line: looked.slice(0, first.index).split('\n').length }];
  });
}
