import type { LocalizedText } from '../contracts/language.ts';
import type { HandoffReason } from '../contracts/turn.ts';

/** What the device says when it showed a part of an answer whose rest only the cloud can give. */
export const REST_NEEDS_CONNECTION: LocalizedText = {
  en: 'This answer is not complete: the rest needs a connection. You can leave a message; it is sent as soon as the connection is back.',
  zh: '以上回答并不完整：其余内容需要网络连接。您可以留言，网络恢复后会立即发送。',
};

/** What the device says when the pages do not answer, and topics near the question are offered below. */
export const NEAR_TOPICS_TEXT: LocalizedText = {
  en: 'I could not find this in our help pages. Perhaps one of the topics below is what you mean. You can also leave a message, and a person will get back to you.',
  zh: '我在我们的帮助页面中没有找到这个问题的答案。也许您想问的是下面的某个主题。您也可以留言，我们的同事会与您联系。',
};

/** What the device says when it hands over, unless the plan or the intent brings its own words. */
export const BUILT_IN_TEXTS: { readonly [Reason in HandoffReason]: LocalizedText } = {
  asked: {
    en: 'You can leave a message here, and a person will get back to you.',
    zh: '您可以在这里留言，我们的同事会与您联系。',
  },
  'not-in-pages': {
    en: 'I could not find this in our help pages. You can leave a message, and a person will get back to you.',
    zh: '我在我们的帮助页面中没有找到这个问题的答案。您可以留言，我们的同事会与您联系。',
  },
  'needs-connection': {
    en: 'I need a connection to answer this. You can leave a message; it is sent as soon as the connection is back.',
    zh: '回答这个问题需要网络连接。您可以留言，网络恢复后会立即发送。',
  },
};
