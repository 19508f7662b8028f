const HIDING: readonly RegExp[] = [
  /(?:^|;)\s*display\s*:\s*none/i,
  /(?:^|;)\s*visibility\s*:\s*(?:hidden|collapse)/i,
  /(?:^|;)\s*opacity\s*:\s*(?:0*\.0\d*|0+(?:\.0*)?)\s*(?:%|;|!|$)/i,
  /(?:^|;)\s*font-size\s*:\s*(?:0+(?:\.0*)?(?:px|pt|r?em|%)?|[01](?:\.\d+)?p[xt])\s*(?:;|!|$)/i,
  /(?:^|;)\s*(?:left|right|top|bottom|text-indent|margin-left|margin-top)\s*:\s*-\s*(?:\d{4,}px|\d{3,}(?:r?em|vw|vh|%))/i,
  /(?:^|;)\s*clip(?:-path)?\s*:\s*(?:rect\(\s*(?:0(?:px)?|1px)[\s,]+(?:0(?:px)?|1px)[\s,]+(?:0(?:px)?|1px)[\s,]+(?:0(?:px)?|1px)\s*\)|inset\(\s*(?:50|100)%)/i,
  /(?:^|;)\s*transform\s*:\s*scale\(\s*0\s*\)/i,
  /(?:^|;)\s*color\s*:\s*(?:transparent|rgba\([^)]*,\s*0(?:\.0+)?\s*\))/i,
];
/** Names of colors that hidden text is written in. */
const COLORS: { readonly [name: string]: string } = {
  white: 'ffffff',
  black: '000000',
  '#fff': 'ffffff',
  '#000': '000000',
};

/**
 * Reports whether a style attribute hides the text of its element: not displayed, transparent, of no size, off the screen, or in the
 * color of its background. Style sheets are not read.
 * @param background - Gives the color behind the element, where it is known.
 */
export function hidesText(style: string, background: () => string | null): boolean {
  if (HIDING.some((pattern) => pattern.test(style))) return true;
  if (
    /(?:^|;)\s*(?:height|width|max-height)\s*:\s*0(?:px)?\s*(?:;|$)/i.test(style) &&
    /overflow\s*:\s*hidden/i.test(style)
  )
    return true;
  const color = /(?:^|;)\s*color\s*:\s*([^;!]{1,40})/i.exec(style)?.[1];
  if (color === undefined) return false;
  const behind = background();
  return behind !== null && plainColor(color) === plainColor(behind);
}

/** The background color that a style attribute sets; null: none. */
export function backgroundIn(style: string): string | null {
  return (
    /(?:^|;)\s*background(?:-color)?\s*:\s*(#[0-9a-f]{3,8}|rgba?\([^)]{1,40}\)|[a-z]{3,20})\s*(?:;|!|$)/i.exec(
      style,
    )?.[1] ?? null
  );
}

function plainColor(color: string): string {
  const text = color.trim().toLowerCase().replace(/\s+/g, '');
  const rgb = /^rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})/.exec(text);
  if (rgb !== null)
    return rgb
      .slice(1, 4)
      .map((part) => Number(part).toString(16).padStart(2, '0'))
      .join('');
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(text);
  if (short !== null)
    return short
      .slice(1, 4)
      .map((digit) => digit + digit)
      .join('');
  return COLORS[text] ?? text.replace('#', '');
}
