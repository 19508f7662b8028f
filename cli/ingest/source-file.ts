import type { SitemapEntry } from './site/sitemap.ts';
import type { SourceDocument, SourceRemark } from './source-document.ts';

/** A site that is fetched, page by page, before it is read. */
export interface SiteAddress {
  /** Where it begins, or its sitemap. */
  readonly address: string;
  /** Folder of its own for what was fetched. */
  readonly folder: string;
}

/** A file or folder of help pages. */
export interface Source {
  /** Path of the file or folder on disk. */
  readonly path: string;
  /** How the path is named in ids and messages, `/` between folders. */
  readonly name: string;
  /** Language of all its pages; null: by front matter, else guessed. */
  readonly language: string | null;
  /** Address of a page with `{slug}` (file name) or `{path}` (path without extension); null: pages have none of their own. */
  readonly url: string | null;
  readonly tags: readonly string[];
  /** Name by which a plan searches these pages alone. Default `name`. */
  readonly collection?: string;
  /** Label of the Encoding Standard in which all its files are written. Default: found out for each file. */
  readonly encoding?: string;
  /** The site that its files are copies of; they are fetched before they are read. */
  readonly site?: SiteAddress;
  /** Addresses of the pages that its files are copies of, by the path below it: of a site once it is fetched. */
  readonly addresses?: ReadonlyMap<string, SitemapEntry>;
}

/** One file of a source, as its reader gets it. */
export interface SourceFile {
  /** `/`-separated path for messages. */
  readonly name: string;
  /** Id of the document: the name without extension. */
  readonly id: string;
  /** Path below the source folder, `/` between folders; '' for a source that is this file. */
  readonly path: string;
  /** The same without extension; of a source that is this file, its name. */
  readonly below: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly source: Source;
  readonly fallbackLanguage: string;
  readonly remark: (remark: Omit<SourceRemark, 'file'>) => void;
  readonly signal: AbortSignal;
}

/** What a reader made of a file: its documents, or why it was skipped, as a clause ("it is no text"). */
export type ReadFile =
  | {
      readonly documents: readonly SourceDocument[];
      /** The text of the file, in which remarks find their lines; '' where it has none. */
      readonly text: string;
    }
  | { readonly skipped: string };

/** Reads the files of one format. Damage of a file is a reason to skip it, or an UnderstudyError `cli/source-invalid`. */
export interface FileReader {
  /** Longest file, in bytes. */
  readonly maxBytes: number;
  read(file: SourceFile): Promise<ReadFile>;
}
