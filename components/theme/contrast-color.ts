/**
 * Picks black or white, whichever can be read better on a color: at least 4.58 : 1 on any (WCAG 2.2, relative luminance).
 *
 * @param color - Computed color as `rgb(…)`, 0 to 255, or as `color(srgb …)`, 0 to 1.
 * @returns null when the color has another form.
 */
export function contrastColor(color: string): '#000' | '#fff' | null {
  const isUnit = color.startsWith('color(srgb ');
  if (!isUnit && !color.startsWith('rgb')) return null;
  const [red = 0, green = 0, blue = 0] = (color.match(/-?\d*\.?\d+(?:e-?\d+)?/g) ?? []).map((figure) => {
    const channel = Number(figure) / (isUnit ? 1 : 255);
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  // 0.179 is where (L + 0.05) / 0.05 equals 1.05 / (L + 0.05).
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff';
}
