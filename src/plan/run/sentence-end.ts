const ENDS = /[.!?。！？…]+["'”’）)\]]*(?=\s|$)|[。！？]|\n/gu;

/** The end of the last sentence that ends at or before a position; 0 when none does. */
export function splitsAfter(text: string, position: number): number {
  let end = 0;
  for (const found of text.matchAll(ENDS)) {
    const at = found.index + found[0].length;
    // What looks like an end may go on in the next piece: 3.|14
    if (at >= text.length && !/[\n。！？]$/u.test(found[0])) break;
    if (at > position) break;
    end = at;
  }
  return end;
}
