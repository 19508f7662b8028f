import { isRecord } from '../../src/contracts/json.ts';
import type { DifyApi } from './dify-api.ts';
import { unreachable } from './dify-api.ts';

/** Rows asked for at once: the most that Dify gives. */
const PAGE_SIZE = 100;
/** A list with more pages than this has no end. */
const MAX_PAGES = 20_000;

/** One page of a list. */
export interface ListPage {
  /** From 1. */
  readonly page: number;
  readonly rows: readonly Record<string, unknown>[];
  readonly isLast: boolean;
}

/**
 * Reads a list of Dify's API page by page.
 *
 * A row that came before, because the list grew or shrank while it was read, is left out.
 * @param startPage - First page to ask for. Default 1.
 * @throws UnderstudyError `dify/unreachable`, also when the pages repeat themselves or are none.
 */
export async function* readPages(
  api: DifyApi,
  path: string,
  startPage = 1,
  query: { readonly [name: string]: string } = {},
): AsyncGenerator<ListPage> {
  const seen = new Set<string>();
  for (let page = startPage; page < startPage + MAX_PAGES; page += 1) {
    const answer = await api.get(path, { ...query, page: String(page), limit: String(PAGE_SIZE) });
    if (!isRecord(answer) || !Array.isArray(answer['data'])) throw unreachable(path, 'the answer is no list');
    const rows = answer['data'].filter(isRecord).filter((row) => {
      const id = row['id'];
      if (typeof id !== 'string' || seen.has(id)) return false;
      seen.add(id);
      return true;
    });
    // Old servers leave `has_more` out.
    const total = typeof answer['total'] === 'number' ? answer['total'] : 0;
    const hasMore = typeof answer['has_more'] === 'boolean' ? answer['has_more'] : page * PAGE_SIZE < total;
    if (hasMore && rows.length === 0) {
      throw unreachable(path, `page ${String(page)} brings nothing new and says that there is more`);
    }
    yield { page, rows, isLast: !hasMore };
    if (!hasMore) return;
  }
  throw unreachable(path, `there are more than ${String(MAX_PAGES)} pages`);
}
