/** A stretch of an answer with the `[n]` that stand behind it. */
export interface CitedStatement {
  readonly text: string;
  /** None: nothing is cited for it. */
  readonly marks: readonly number[];
}

const MARKS = /(?:\s*\[\d{1,2}\])+/g;

/** Takes an answer apart at its citation marks. What stands behind the last ones is a statement without any. */
export function citedStatements(answer: string): readonly CitedStatement[] {
  const statements: CitedStatement[] = [];
  let from = 0;
  for (const match of answer.matchAll(MARKS)) {
    const marks = [...match[0].matchAll(/\d+/g)].map(([digits]) => Number(digits));
    statements.push({ text: answer.slice(from, match.index).trim(), marks });
    from = match.index + match[0].length;
  }
  statements.push({ text: answer.slice(from).trim(), marks: [] });
  return statements.filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
}
