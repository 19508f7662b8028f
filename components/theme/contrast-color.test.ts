import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { contrastColor } from './contrast-color.ts';

const luminance = (channels: readonly number[]): number => {
  const [r = 0, g = 0, b = 0] = channels.map((c) =>
    c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

describe('contrastColor', () => {
  it('picks the readable one', () => {
    expect(contrastColor('rgb(255, 225, 77)')).to.equal('#000');
    expect(contrastColor('rgb(11, 110, 110)')).to.equal('#fff');
    expect(contrastColor('color(srgb 1 1 1)')).to.equal('#000');
    expect(contrastColor('color(srgb 0 0 1e-7)')).to.equal('#fff');
  });

  it('knows no other form', () => {
    expect(contrastColor('oklch(0.5 0.1 20)')).to.equal(null);
    expect(contrastColor('')).to.equal(null);
  });

  it('reaches the 4.5 : 1 of WCAG AA on every color', () => {
    const channel = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(channel, channel, channel, (...rgb) => {
        const own = luminance(rgb.map((figure) => figure / 255));
        const other = contrastColor(`rgb(${rgb.join(', ')})`) === '#fff' ? 1 : 0;
        return (Math.max(own, other) + 0.05) / (Math.min(own, other) + 0.05) >= 4.5;
      }),
      { numRuns: 2000 },
    );
  });
});
