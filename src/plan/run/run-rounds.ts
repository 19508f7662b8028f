import type { StepPart } from '../step-handler.ts';

/** One round on its way. */
interface Round {
  readonly parts: StepPart[];
  isOver: boolean;
}

/** Parts that a round may be ahead of the reader. */
const MAX_WAITING_PARTS = 256;

/**
 * Runs rounds, some at once, and gives their parts in the order of the rounds: those of a later round wait until the earlier ones
 * have ended. The first round that throws ends them all.
 *
 * @param parallel - Most rounds at once.
 */
export async function* runRounds(
  count: number,
  parallel: number,
  run: (index: number) => AsyncGenerator<StepPart, void>,
): AsyncGenerator<StepPart, void> {
  const rounds = new Map<number, Round>();
  const running = new Set<AsyncGenerator<StepPart, void>>();
  let failure: { readonly error: unknown } | null = null;
  let started = 0;
  let wake = (): void => undefined;
  let onRoom: (() => void)[] = [];

  const start = async (index: number): Promise<void> => {
    const round: Round = { parts: [], isOver: false };
    rounds.set(index, round);
    const parts = run(index);
    running.add(parts);
    try {
      for (;;) {
        const next = await parts.next();
        if (next.done === true) break;
        round.parts.push(next.value);
        wake();
        if (round.parts.length >= MAX_WAITING_PARTS)
          await new Promise<void>((resolve) => onRoom.push(resolve));
      }
    } catch (error) {
      failure ??= { error };
    } finally {
      running.delete(parts);
      round.isOver = true;
      wake();
    }
  };
  const thrown = (): { readonly error: unknown } | null => failure;

  try {
    for (let index = 0; index < count;) {
      const ended = thrown();
      if (ended !== null) throw ended.error;
      while (started < count && running.size < parallel) {
        void start(started);
        started += 1;
      }
      const round = rounds.get(index);
      yield* round?.parts.splice(0) ?? [];
      for (const resolve of onRoom.splice(0)) resolve();
      if (round?.isOver === true && round.parts.length === 0) {
        rounds.delete(index);
        index += 1;
        continue;
      }
      if (round !== undefined && round.parts.length > 0) continue;
      if (running.size < parallel && started < count) continue;
      if (thrown() !== null) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    for (const resolve of onRoom) resolve();
    onRoom = [];
    // A round that is left stops the steps in it.
    for (const parts of running) void parts.return().catch(() => undefined);
  }
}
