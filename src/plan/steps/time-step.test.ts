import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { formatTime } from '../values/format-time.ts';
import { StepScene } from './step-scene.ts';
import { timeDefinition } from './time-step.ts';

const NEW_YEAR = Date.UTC(2026, 0, 1, 3, 4, 5, 678);

describe('the step `time`', () => {
  it('says the time now, in a form and a zone', async () => {
    const at = (format: string, timeZone: string): Promise<unknown> =>
      new StepScene('time', timeDefinition, { config: { format, timeZone } }).output('text');
    expect(await at('%Y-%m-%d %H:%M:%S', 'UTC')).to.equal('2026-05-28 20:26:40');
    expect(await at('%Y-%m-%d %H:%M:%S', 'Asia/Shanghai')).to.equal('2026-05-29 04:26:40');
  });

  it('refuses zones and forms that are none', async () => {
    for (const config of [{}, { format: '%Y', timeZone: 'Mars/Olympus' }, { format: 1, timeZone: 'UTC' }]) {
      expect(await new StepScene('time', timeDefinition, { config }).failure()).to.equal('plan/invalid');
    }
  });

  it('knows the directives of strftime', () => {
    const rows: readonly (readonly [format: string, text: string])[] = [
      ['%a %A %w %u', 'Wed Wednesday 3 3'],
      ['%b %B %h %m %-m', 'Dec December Dec 12 12'],
      ['%d %-d %e %j', '31 31 31 365'],
      ['%y %Y %C', '25 2025 %C'],
      ['%H %I %p %M %S %f', '19 07 PM 04 05 678000'],
      ['%-I %-M', '7 4'],
      ['%z %Z', '-0800 PST'],
      ['%F %T %R %D', '2025-12-31 19:04:05 19:04 12/31/25'],
      ['%c', 'Wed Dec 31 19:04:05 2025'],
      ['%x %X %r', '12/31/25 19:04:05 07:04:05 PM'],
      ['%U %W %G-W%V', '52 52 2026-W01'],
      ['%s', '1767236645'],
      ['100%% %n%t|', '100% \n\t|'],
      ['%Q %', '%Q %'],
      ['年%m月', '年12月'],
    ];
    for (const [format, text] of rows) {
      expect(formatTime(NEW_YEAR, format, 'America/Los_Angeles'), format).to.equal(text);
    }
  });

  it('knows midnight and offsets of half an hour', () => {
    expect(formatTime(Date.UTC(2026, 6, 1, 18, 30), '%H:%M %I %p %z', 'Asia/Kolkata')).to.equal(
      '00:00 12 AM +0530',
    );
  });

  it('agrees with the platform on every moment', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), (date) => {
        const text = formatTime(date.getTime(), '%Y-%m-%dT%H:%M:%S', 'UTC');
        expect(text).to.equal(date.toISOString().slice(0, 19));
      }),
    );
  });
});
