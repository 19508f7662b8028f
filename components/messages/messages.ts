import type { HandoffReason, NoticeCode, RouteReason } from '../../src/contracts/turn.ts';

/** Every text of the panel in one language: a string, or a function of the values it names. */
export interface Messages {
  readonly assistant: string;
  readonly online: string;
  readonly slow: string;
  readonly onDevice: string;
  readonly connecting: string;
  readonly notReady: string;
  readonly close: string;
  readonly back: string;
  readonly menu: string;
  readonly retry: string;
  readonly cancel: string;

  readonly conversation: string;
  readonly greeting: string;
  readonly suggestions: string;
  readonly youSaid: string;
  readonly assistantSaid: string;
  readonly writing: string;
  readonly queued: string;
  readonly removeQueued: string;
  readonly stopped: string;
  readonly cut: string;
  readonly askAgain: string;
  readonly failed: string;
  readonly answerAnnounced: (text: string) => string;
  readonly scrollDown: string;

  readonly answeredBySite: (site: string) => string;
  readonly answeredOnDevice: string;
  readonly why: string;
  readonly reasons: { readonly [Reason in RouteReason]: string };
  readonly notices: { readonly [Code in NoticeCode]: string };
  readonly handoffs: { readonly [Reason in HandoffReason]: string };

  readonly sources: string;
  readonly source: (index: number, title: string) => string;
  readonly openPage: string;
  readonly newTab: string;
  readonly passageLoading: string;
  readonly passageGone: string;
  readonly quoted: string;
  readonly table: string;
  readonly code: string;

  readonly yourMessage: string;
  readonly placeholder: string;
  readonly send: string;
  readonly stop: string;
  readonly charactersLeft: (count: number) => string;
  readonly tooLong: (excess: number) => string;

  readonly leaveMessage: string;
  readonly leaveMessageHint: string;
  readonly messageText: string;
  readonly contact: string;
  readonly contactHint: string;
  readonly contactKnown: string;
  readonly messageMissing: string;
  readonly contactMissing: string;
  readonly contactInvalid: string;
  readonly submitMessage: string;
  readonly sending: string;
  readonly delivered: string;
  readonly kept: string;
  readonly unconfirmed: string;
  readonly messageFailed: string;
  readonly done: string;

  readonly form: string;
  readonly formAsks: (title: string) => string;
  readonly optional: string;
  readonly choose: string;
  readonly fieldMissing: string;
  readonly fieldNotNumber: string;
  readonly fieldNotOption: string;
  readonly fieldNotJson: string;
  readonly fieldTooMany: (excess: number) => string;
  readonly fieldNotUploaded: string;
  readonly filesUnsupported: string;
  readonly formLeft: (unit: 'days' | 'hours' | 'minutes' | 'seconds', count: number) => string;
  readonly formOver: string;
  readonly formRefused: string;
  readonly formFailed: string;
  readonly formClosed: string;
  readonly formSubmitted: (label: string) => string;

  readonly startTitle: string;
  readonly startSubmit: string;
  readonly details: string;
  readonly detailsHint: string;
  readonly save: string;

  readonly rate: string;
  readonly ratings: { readonly like: string; readonly dislike: string };
  readonly rated: string;

  readonly about: string;
  readonly aboutRelease: string;
  readonly aboutNoRelease: string;
  readonly aboutReleaseNumber: (release: number) => string;
  readonly aboutAnswers: string;
  readonly aboutAnswersLead: string;
  readonly aboutAnswersDevice: string;
  readonly aboutStored: string;
  readonly aboutStoredText: string;
  readonly aboutMemoryText: string;
  readonly aboutOutbox: (count: number) => string;
  readonly generator: string;
  readonly generators: {
    readonly absent: string;
    readonly off: string;
    readonly idle: string;
    readonly loading: string;
    readonly ready: string;
    readonly failed: string;
  };

  readonly erase: string;
  readonly eraseQuestion: string;
  readonly eraseText: string;
  readonly eraseConfirm: string;
  readonly erased: string;
  readonly eraseFailed: string;

  readonly faultTitle: string;
  readonly faultText: string;
  readonly otherWays: string;
}
