import type { Messages } from './messages.ts';

/** The panel's texts in English. */
export const en: Messages = {
  assistant: 'Assistant',
  online: 'Online assistant',
  slow: 'Online, answering slowly',
  onDevice: 'Answering on this device',
  connecting: 'Getting ready…',
  notReady: 'Not available now',
  close: 'Close',
  back: 'Back to the conversation',
  menu: 'More options',
  retry: 'Try again',
  cancel: 'Cancel',

  conversation: 'Conversation',
  greeting: 'Hello! How can we help?',
  suggestions: 'Suggested questions',
  youSaid: 'You said:',
  assistantSaid: 'Assistant said:',
  writing: 'The assistant is writing',
  queued: 'Waiting to be sent',
  removeQueued: 'Remove',
  stopped: 'You stopped this answer.',
  cut: 'This question was interrupted before it was answered in full.',
  askAgain: 'Ask again',
  failed: 'Sorry, this could not be answered just now. Your question is still here.',
  answerAnnounced: (text) => `Assistant said: ${text}`,
  scrollDown: 'Go to the newest message',

  answeredBySite: (site) => `Answered by ${site}`,
  answeredOnDevice: 'Answered on your device',
  why: 'Why?',
  reasons: {
    'lead-reachable': 'The online assistant could be reached, so your question was sent to it.',
    'lead-unreachable':
      'The online assistant could not be reached, so the answer was made on your device from the site’s pages.',
    'lead-slow':
      'The online assistant took too long, so the answer was made on your device from the site’s pages.',
    'lead-interrupted': 'The online assistant broke off in the middle, so your device went on from there.',
    'lead-refused':
      'The online assistant is overloaded, so the answer was made on your device from the site’s pages.',
    'lead-misconfigured':
      'The online assistant did not accept the question, so the answer was made on your device.',
    'no-lead': 'This site answers on your device. Your question was not sent to an online assistant.',
    'device-only': 'This site keeps questions private: they never leave your device.',
  },
  notices: {
    'lead-interrupted': 'The connection broke off; your device goes on.',
    'memory-only':
      'This browser does not let the page store anything. The conversation ends when you leave the page.',
    'preparing-device': 'Loading the help pages, so that answers also work without a connection…',
    'generator-slow': 'This device is too slow to word answers; it shows the passages of the pages instead.',
    'outbox-kept': 'Your message is kept on this device and will be sent when you are back online.',
    'outbox-delivered': 'A message you left has been delivered.',
    'conversation-renewed':
      'The online assistant no longer had this conversation. It was told briefly what was said before.',
    'answer-shortened': 'The answer was too long and is cut off here.',
  },
  handoffs: {
    asked: 'You can leave a message for a person.',
    'not-in-pages': 'The help pages do not say. You can leave a message for a person.',
    'needs-connection':
      'This can only be done with a connection to the site, and there is none now. Ask again when you are back online, or leave a message for a person.',
  },

  sources: 'Sources',
  source: (index, title) => `Source ${index}: ${title}`,
  openPage: 'Open the page',
  newTab: '(opens in a new tab)',
  passageLoading: 'Loading the source…',
  passageGone: 'This passage is no longer in the help pages. The answer was based on:',
  quoted: 'The answer is based on:',
  table: 'Table, scrolls sideways',
  code: 'Code, scrolls sideways',

  yourMessage: 'Your message',
  placeholder: 'Ask a question…',
  send: 'Send',
  stop: 'Stop the answer',
  charactersLeft: (count) => (count === 1 ? '1 character left' : `${count} characters left`),
  tooLong: (excess) =>
    excess === 1 ? 'Too long: remove 1 character' : `Too long: remove ${excess} characters`,

  leaveMessage: 'Leave a message',
  leaveMessageHint:
    'A person will read it. It is kept on this device until it is delivered, also when you are offline now.',
  messageText: 'Message',
  contact: 'E-mail address or phone number',
  contactHint: 'Only used to answer you.',
  contactKnown: 'You wrote this in the conversation. Only used to answer you.',
  messageMissing: 'Write a message first.',
  contactMissing: 'Tell us how we can reach you.',
  contactInvalid: 'This does not look like an e-mail address or a phone number.',
  submitMessage: 'Send message',
  sending: 'Sending…',
  delivered: 'Delivered. Someone will get back to you.',
  kept: 'Kept on this device. It will be sent as soon as there is a connection.',
  unconfirmed:
    'Sent, but the site did not confirm it. If you hear nothing, please send it again or use another way to reach us.',
  messageFailed: 'The message could not be kept. Your text is still here; please try again.',
  done: 'Done',

  form: 'Form',
  formAsks: (title) => `The assistant asks you to fill in a form: ${title}`,
  optional: '(optional)',
  choose: 'Please choose',
  fieldMissing: 'Please fill this in.',
  fieldNotNumber: 'Please enter a number, such as 12 or 4.5.',
  fieldNotOption: 'Please choose one of the options.',
  fieldNotJson: 'This is not a JSON object.',
  fieldTooMany: (excess) =>
    excess === 1 ? 'Too many files: remove 1 file' : `Too many files: remove ${excess} files`,
  fieldNotUploaded: 'The file could not be sent. Please try again.',
  filesUnsupported: 'Files cannot be sent from here.',
  formLeft: (unit, count) => {
    const units = { days: 'day', hours: 'hour', minutes: 'minute', seconds: 'second' };
    return count === 1
      ? `1 ${units[unit]} left to fill this in`
      : `${count} ${units[unit]}s left to fill this in`;
  },
  formOver: 'The time to fill this in is over.',
  formRefused: 'This form is no longer open. Your entries were not sent.',
  formFailed: 'Your entries could not be sent. They are still here; please try again.',
  formClosed: 'This form is closed.',
  formSubmitted: (label) => `You chose “${label}”.`,

  startTitle: 'Before we start',
  startSubmit: 'Start the conversation',
  details: 'Your details',
  detailsHint: 'They are sent with each of your questions and are kept until you close this tab.',
  save: 'Save',

  rate: 'Was this helpful?',
  ratings: { like: 'Helpful', dislike: 'Not helpful' },
  rated: 'Thank you for your feedback.',

  about: 'About this assistant',
  aboutRelease: 'Help pages',
  aboutNoRelease: 'Not on this device yet',
  aboutReleaseNumber: (release) => `Release ${release}`,
  aboutAnswers: 'Who answers',
  aboutAnswersLead:
    'The site’s online assistant when it can be reached; otherwise your own device, from the help pages. Each answer says which.',
  aboutAnswersDevice: 'Your own device, from the site’s help pages.',
  aboutStored: 'What is stored',
  aboutStoredText:
    'This conversation, messages that wait to be sent, and the help pages, in this browser only. “Erase my data” deletes them.',
  aboutMemoryText: 'Nothing: this browser does not let the page store anything.',
  aboutOutbox: (count) => (count === 1 ? '1 message waits to be sent' : `${count} messages wait to be sent`),
  generator: 'Wording of answers',
  generators: {
    absent: 'Answers quote the help pages.',
    off: 'Answers quote the help pages.',
    idle: 'Answers quote the help pages until the language model is loaded.',
    loading: 'The language model is being loaded to this device.',
    ready: 'A language model on this device words the answers.',
    failed: 'The language model does not run on this device; answers quote the help pages.',
  },

  erase: 'Erase my data and start over',
  eraseQuestion: 'Erase everything?',
  eraseText:
    'This deletes the conversation, waiting messages and the stored help pages from this device. It cannot be undone.',
  eraseConfirm: 'Erase',
  erased: 'Everything on this device has been erased.',
  eraseFailed: 'Erasing failed: some data may still be on this device. Please try again.',

  faultTitle: 'The assistant cannot start',
  faultText: 'Your text is kept. Please try again, or reach us another way.',
  otherWays: 'Other ways to reach us',
};
