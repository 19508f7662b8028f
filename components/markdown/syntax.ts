/** Text inside a block of the Markdown subset. */
export type Inline =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'code'; readonly text: string }
  /** Found by {@link markSnippet}, never written by an author. */
  | { readonly type: 'mark'; readonly text: string; readonly isCode: boolean }
  | { readonly type: 'strong'; readonly children: readonly Inline[] }
  | { readonly type: 'emphasis'; readonly children: readonly Inline[] }
  /** `href` is absolute and was accepted by {@link safeLink}. */
  | { readonly type: 'link'; readonly href: string; readonly children: readonly Inline[] }
  /** `[n]` in an answer. */
  | { readonly type: 'cite'; readonly index: number }
  | { readonly type: 'break' };

/** One entry of a list; lists are at most two levels deep. */
export interface ListItem {
  readonly children: readonly Inline[];
  readonly list: List | null;
}

/** A bulleted or numbered list. */
export interface List {
  readonly type: 'list';
  readonly isOrdered: boolean;
  /** Number of the first entry, 1 for bullets. */
  readonly start: number;
  readonly items: readonly ListItem[];
}

/** Side on which the cells of a column stand. */
export type CellAlign = 'start' | 'center' | 'end';

/** A table; every row has as many cells as the header. */
export interface Table {
  readonly type: 'table';
  readonly align: readonly CellAlign[];
  readonly header: readonly (readonly Inline[])[];
  readonly rows: readonly (readonly (readonly Inline[])[])[];
}

/** A block of the Markdown subset. */
export type Block =
  | { readonly type: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly type: 'heading'; readonly children: readonly Inline[] }
  /** Of one level; what stands in it is one paragraph. */
  | { readonly type: 'quote'; readonly children: readonly Inline[] }
  | { readonly type: 'code-block'; readonly text: string }
  | List
  | Table;
