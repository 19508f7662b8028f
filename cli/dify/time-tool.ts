import type { TimeConfig } from '../../src/contracts/plan-configs.ts';
import { isRecord } from '../../src/contracts/json.ts';
import { recordOf, textOf } from './data-fields.ts';
import type { DifyData } from './dify-app.ts';

/** Reports whether a tool node tells the time, which the device does as well. */
export function isTimeTool(data: DifyData): boolean {
  if (textOf(data['tool_name']) !== 'current_time') return false;
  const provider = (textOf(data['provider_id']) || textOf(data['provider_name'])).split('/').at(-1);
  return provider === 'time' && timeConfig(data) !== null;
}

/** Settings of a time tool; null when format or zone come from a variable, or the zone is unknown. */
export function timeConfig(data: DifyData): TimeConfig | null {
  const format = parameter(data, 'format') ?? '%Y-%m-%d %H:%M:%S';
  const timeZone = parameter(data, 'timezone') ?? 'UTC';
  return format.includes('{{#') || !isTimeZone(timeZone) ? null : { format, timeZone };
}

/** Of the form or of the parameters; since version 2 of tool nodes a value has a type. */
function parameter(data: DifyData, name: string): string | null {
  for (const key of ['tool_configurations', 'tool_parameters']) {
    const value = recordOf(data[key])[name];
    const text = textOf(isRecord(value) ? value['value'] : value);
    if (isRecord(value) && textOf(value['type']) === 'variable') return '{{#';
    if (text !== '') return text;
  }
  return null;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    // RangeError: no zone of that name.
    return false;
  }
}
