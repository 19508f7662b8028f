import type { DifyAccess } from './dify-connection.ts';
import type { DifyAppKind } from './passport-store.ts';

/** Where a kind of app is asked. */
export function questionPath(kind: DifyAppKind): string {
  switch (kind) {
    case 'chat':
      return '/chat-messages';
    case 'completion':
      return '/completion-messages';
    case 'workflow':
      return '/workflows/run';
  }
}

/** Where a task of an app is stopped. */
export function stopPath(kind: DifyAppKind, taskId: string): string {
  return kind === 'workflow' ? `/workflows/tasks/${taskId}/stop` : `${questionPath(kind)}/${taskId}/stop`;
}

/** Where questions are asked for that continue an answer. */
export function suggestionsPath(flavor: DifyAccess['flavor'], messageId: string): string {
  return `/messages/${messageId}/${flavor === 'web' ? 'suggested-questions' : 'suggested'}`;
}

/** Where an answer is rated. */
export function feedbackPath(messageId: string): string {
  return `/messages/${messageId}/feedbacks`;
}

/** Where a form of a paused run is submitted. */
export function formPath(token: string): string {
  return `/form/human_input/${token}`;
}

/** Where a run is followed that was paused, or whose stream was cut. */
export function eventsPath(runId: string): string {
  return `/workflow/${runId}/events`;
}
