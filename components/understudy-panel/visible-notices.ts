import type { NoticeCode } from '../../src/contracts/turn.ts';
import type { Conversation } from '../conversation/conversation.ts';

/** The notices that are still true and are shown nowhere else. */
export function visibleNotices(
  conversation: Pick<Conversation, 'notices' | 'status' | 'turns'>,
): readonly NoticeCode[] {
  const { notices, status } = conversation;
  const isTrue = (code: NoticeCode): boolean => {
    switch (code) {
      // The answer itself says who gave it.
      case 'lead-interrupted':
      case 'conversation-renewed':
      case 'answer-shortened':
        return false;
      case 'preparing-device':
        return status?.release === null && !status.faults.some(({ code }) => code.startsWith('bundle/'));
      case 'memory-only':
        return status?.persistence !== 'persistent';
      case 'generator-slow':
        return status?.generator === 'failed';
      case 'outbox-kept':
        return (status?.outboxCount ?? 0) > 0;
      case 'outbox-delivered':
        return (status?.outboxCount ?? 0) === 0;
    }
  };
  return notices.filter(isTrue);
}
