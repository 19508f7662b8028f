/** What tells a concern in one language, and what in the same sentence takes it back. */
export interface MessagePattern {
  readonly language: string;
  readonly tells: RegExp;
  /** A condition, the past, a product; null where nothing takes it back. */
  readonly unless: RegExp | null;
}

/** Makes the pattern of a language that is written with spaces, from alternatives of whole words. */
export function inWords(language: string, tells: readonly string[], unless = ''): MessagePattern {
  return { language, tells: whole(tells.join('|')), unless: unless === '' ? null : whole(unless) };
}

/** Makes the pattern of Chinese. */
export function inChinese(tells: readonly string[], unless = ''): MessagePattern {
  return {
    language: 'zh',
    tells: new RegExp(tells.join('|'), 'u'),
    unless: unless === '' ? null : new RegExp(unless, 'u'),
  };
}

function whole(source: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, 'u');
}
