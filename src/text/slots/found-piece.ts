/** A value that stands in a message. */
export interface FoundPiece<T> {
  readonly value: T;
  /** Where it stands, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/** Makes a piece of each match of an expression; null leaves one out. The expression must be global. */
export function findAll<T>(
  message: string,
  expression: RegExp,
  read: (match: RegExpMatchArray) => T | null,
): readonly FoundPiece<T>[] {
  return [...message.matchAll(expression)].flatMap((match) => {
    const value = read(match);
    const start = match.index;
    return value === null ? [] : [{ value, start, end: start + match[0].length }];
  });
}

/** The pieces that lie in none of others. */
export function outside<Piece extends FoundPiece<unknown>>(
  pieces: readonly Piece[],
  others: readonly FoundPiece<unknown>[],
): readonly Piece[] {
  return pieces.filter(({ start, end }) => !others.some((other) => start < other.end && other.start < end));
}
