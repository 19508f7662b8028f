import type { StepDefinition } from '../step-handler.ts';
import { formatTime, isTimeZone } from '../values/format-time.ts';
import { invalidConfig, readText } from './step-config.ts';

/** `time`: date and time now, in a time zone and a form of the owner's. */
export const timeDefinition: StepDefinition = {
  prepare: (step) => {
    const format = readText(step, 'format', step.config['format']);
    const timeZone = readText(step, 'timeZone', step.config['timeZone']);
    if (!isTimeZone(timeZone)) throw invalidConfig(step, 'timeZone');
    return function* ({ services }) {
      return { when: 'default', outputs: { text: formatTime(services.clock.now(), format, timeZone) } };
    };
  },
};
