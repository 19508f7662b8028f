/**
 * Works a list off, some at a time. One that fails ends the others' work too: what has begun is ended, the rest is left.
 * @param parallel - How many at a time.
 */
export async function workOff<Item>(
  items: readonly Item[],
  parallel: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const goOn = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  try {
    await Promise.all(Array.from({ length: parallel }, goOn));
  } finally {
    waiting.length = 0;
  }
}
