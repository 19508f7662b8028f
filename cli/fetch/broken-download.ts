/** Ends one try of a download; the next may succeed. Never leaves those who fetch. */
export class BrokenDownload extends Error {
  override readonly name = 'BrokenDownload';
  /** Of the answer; null when there was none. */
  readonly status: number | null;
  /** What the host asks to be waited; null when it does not say. */
  readonly waitMs: number | null;

  constructor(
    why: string,
    answer: { readonly status: number; readonly waitMs: number | null } | null = null,
  ) {
    super(why);
    this.status = answer?.status ?? null;
    this.waitMs = answer?.waitMs ?? null;
  }
}
