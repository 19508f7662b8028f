/** What a remark on a source is about; reports count by it. */
export type RemarkKind =
  /** A file, or a part of one, that was not read. */
  | 'skipped'
  /** A page of a site could not be fetched, and is read from the copy of an earlier build. */
  | 'kept'
  /** The encoding of a file was guessed. */
  | 'encoding'
  /** Text that readers of a page do not see was left out. */
  | 'hidden-text'
  /** A block that stands on most pages of a site was left out. */
  | 'repeated'
  /** Characters that nobody sees were taken out. */
  | 'invisible-characters'
  /** Text that gives orders to a model. */
  | 'instruction'
  | 'personal-data'
  | 'duplicate'
  | 'contradiction';

/** The kinds, in the order in which reports list them. */
export const REMARK_KINDS: readonly RemarkKind[] = [
  'instruction',
  'personal-data',
  'hidden-text',
  'repeated',
  'invisible-characters',
  'contradiction',
  'duplicate',
  'encoding',
  'kept',
  'skipped',
];
