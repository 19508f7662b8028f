import type { StepDefinition } from '../step-handler.ts';

/** `round-start`: where each round of a container begins. */
export const roundStartDefinition: StepDefinition = {
  prepare: () =>
    function* () {
      return { when: 'default', outputs: {} };
    },
};
