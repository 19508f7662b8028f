/** Runs in the page before its scripts, after what browser.mjs adds: asks as a visitor does and tells when it is seen. */
export const CHAT_SIDE = `
  Object.assign(globalThis.bench, {
    chat: ['understudy-chat'],
    field: ['understudy-chat', 'understudy-panel', 'understudy-composer', 'textarea'],
    turns: () => [...(bench.find(['understudy-chat', 'understudy-panel'])?.shadowRoot?.querySelectorAll('understudy-turn') ?? [])],
    /** Whether an answer with a source stands in the transcript below the given count of turns. */
    isCited(before) {
      const root = bench.turns()[before]?.shadowRoot;
      return root?.querySelector('[part~=source]') != null && root.querySelector('[part~=answer] .markdown') !== null;
    },
    nextEnd: () =>
      new Promise((resolve) =>
        addEventListener('understudy-turn-end', ({ summary }) => resolve(summary), { once: true }),
      ),
    /** Types a question, sends it with Enter, and gives times in ms from the key to what is painted. */
    async ask(question) {
      const before = bench.turns().length;
      const field = bench.find(bench.field);
      field.value = question;
      field.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
      await bench.painted();
      const ended = bench.nextEnd();
      const sentMs = performance.now();
      field.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true, cancelable: true }),
      );
      let summary = null;
      void ended.then((given) => (summary = given));
      const firstMs = await bench.until(() => bench.isCited(before) || summary !== null, 60000);
      const isCited = bench.isCited(before);
      const seenMs = await bench.painted();
      const { responder, citations, isWorded, metrics } = await ended;
      return {
        seenMs: firstMs === null ? null : seenMs - sentMs,
        isCited: isCited && responder === 'understudy' && citations.length > 0,
        isWorded,
        metrics,
      };
    },
    /** Opens the chat as soon as the page can, asks, and gives the time from the start of the navigation. */
    async askAtOnce(question, limitMs) {
      await customElements.whenDefined('understudy-chat');
      const chat = bench.find(bench.chat);
      chat.show();
      const ended = bench.nextEnd();
      void chat.ask(question);
      const { responder, citations } = await ended;
      const isShown = () => {
        const root = bench.turns().at(-1)?.shadowRoot;
        return root?.querySelector('[part~=source]') != null;
      };
      await bench.until(isShown, limitMs);
      return { seenMs: await bench.painted(), isCited: isShown() && responder === 'understudy' && citations.length > 0 };
    },
  });
`;
