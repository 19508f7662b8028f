/**
 * The customer-service apps of the demo: files in the form of Dify's exports in a folder each, with the pages they search, the owner's
 * settings, questions with what a right answer holds, and replies for `understudy run`.
 */
export const APPS = ['orders-and-returns', 'it-helpdesk', 'bilingual-desk'];
