/** Breaks a line as Python's `textwrap.wrap` does, which keeps its blanks. */
export function wrapText(
  line: string,
  width: number,
  { breaksWords, breaksHyphens }: { readonly breaksWords: boolean; readonly breaksHyphens: boolean },
): readonly string[] {
  const size = Math.max(1, width);
  const pieces = line.split(/([ \t\v\f]+)/).filter((piece) => piece !== '');
  const chunks = pieces
    .flatMap((piece) =>
      breaksHyphens ? piece.split(/(?<=[\p{L}\p{N}_]{2}-)(?=[\p{L}\p{N}_]{2})/u) : [piece],
    )
    .toReversed();
  const lines: string[] = [];
  const isBlank = (piece: string | undefined): boolean => piece !== undefined && piece.trim() === '';
  while (chunks.length > 0) {
    if (lines.length > 0 && isBlank(chunks.at(-1))) chunks.pop();
    const current: string[] = [];
    let length = 0;
    for (
      let chunk = chunks.at(-1);
      chunk !== undefined && length + lengthOf(chunk) <= size;
      chunk = chunks.at(-1)
    ) {
      current.push(chunk);
      length += lengthOf(chunk);
      chunks.pop();
    }
    const next = chunks.at(-1);
    if (next !== undefined && lengthOf(next) > size) {
      chunks.pop();
      const room = Math.max(1, size - length);
      if (breaksWords) {
        const points = Array.from(next);
        current.push(points.slice(0, room).join(''));
        const rest = points.slice(room).join('');
        if (rest !== '') chunks.push(rest);
      } else if (current.length === 0) current.push(next);
      else chunks.push(next);
    }
    if (isBlank(current.at(-1))) current.pop();
    if (current.length > 0) lines.push(current.join(''));
  }
  return lines;
}

const lengthOf = (text: string): number => Array.from(text).length;
