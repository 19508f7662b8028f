/** A queue with many senders and one reader. */
export interface Mailbox<Item> {
  /** Adds an item; after {@link close} it is dropped. */
  send(item: Item): void;
  /** Waits for the next item; null once the mailbox is closed. */
  next(): Promise<Item | null>;
  close(): void;
}

/** Makes an empty mailbox. */
export function createMailbox<Item>(): Mailbox<Item> {
  const items: Item[] = [];
  let isClosed = false;
  let wake: (() => void) | null = null;
  const ring = (): void => {
    wake?.();
    wake = null;
  };
  return {
    send: (item) => {
      if (isClosed) return;
      items.push(item);
      ring();
    },
    next: async () => {
      while (!isClosed) {
        const item = items.shift();
        if (item !== undefined) return item;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return null;
    },
    close: () => {
      isClosed = true;
      items.length = 0;
      ring();
    },
  };
}
