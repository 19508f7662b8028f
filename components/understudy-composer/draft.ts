/** Where a draft is kept between page loads; the session's storage, as far as the browser grants it. */
export interface DraftStore {
  /** The draft under the key, '' when there is none. */
  load(key: string): string;
  /** Keeps the draft; '' deletes it. */
  save(key: string, text: string): void;
}

const PREFIX = 'understudy-draft:';

/** Drafts in `sessionStorage`; where the browser refuses it, nothing is kept and nothing fails. */
export const sessionDrafts: DraftStore = {
  load: (key) => {
    try {
      return sessionStorage.getItem(PREFIX + key) ?? '';
    } catch {
      // SecurityError: the page may not store.
      return '';
    }
  },
  save: (key, text) => {
    try {
      if (text === '') sessionStorage.removeItem(PREFIX + key);
      else sessionStorage.setItem(PREFIX + key, text);
    } catch {
      // SecurityError or QuotaExceededError: the draft lives as long as the page.
    }
  },
};
