/** The few texts of the launcher; the panel brings its own. */
export interface LauncherMessages {
  readonly open: string;
  readonly close: string;
  readonly failed: string;
}

const en: LauncherMessages = {
  open: 'Ask a question',
  close: 'Close the chat',
  failed: 'The assistant could not be loaded. Close this and try again.',
};
const zh: LauncherMessages = { open: '咨询', close: '关闭对话', failed: '无法加载助手，请关闭后重试。' };

/** Gives the launcher's texts nearest to a BCP 47 tag. */
export function launcherMessages(tag: string): LauncherMessages {
  return /^zh\b/i.test(tag) ? zh : en;
}
