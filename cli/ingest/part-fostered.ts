import { defaultTreeAdapter } from 'parse5';
import type { DefaultTreeAdapterMap, TreeAdapter } from 'parse5';

/**
 * How trees of pages are built: what stands in a table outside its cells goes before the table, as the standard has
 * it (https://html.spec.whatwg.org/multipage/parsing.html#foster-parent), with a blank before each such piece. The
 * standard leaves the blanks that stood between the pieces in the table, which would join their words.
 */
export const partFostered: TreeAdapter<DefaultTreeAdapterMap> = {
  ...defaultTreeAdapter,
  // Both are asked of a tree for pieces that leave a table, and for nothing else.
  insertBefore(parent, node, reference) {
    defaultTreeAdapter.insertTextBefore(parent, ' ', reference);
    defaultTreeAdapter.insertBefore(parent, node, reference);
  },
  insertTextBefore(parent, text, reference) {
    defaultTreeAdapter.insertTextBefore(parent, ` ${text}`, reference);
  },
};
