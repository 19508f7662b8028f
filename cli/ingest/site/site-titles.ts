/** Signs between the title of a page and the name of its site. */
const JOINTS = /\s+[-–—|·•:»«/]\s+|\s*[|｜»]\s*|:\s+/u;
const LEAST_PAGES = 3;
/** Most parts that titles have in common at one end: category, section, site. */
const MOST_CUTS = 3;

/** What names a page. */
export interface NamedPage {
  readonly heading: string | null;
  /** Of `<title>`. */
  readonly title: string | null;
}

/**
 * Says how the pages of one site are called: by their heading, unless it is the same on most pages; else by `<title>` without what most
 * titles begin or end with.
 * @returns The titles in the order of the pages.
 */
export function nameSite(pages: readonly NamedPage[]): readonly (string | null)[] {
  const headings = countValues(pages.map(({ heading }) => heading ?? ''));
  const names = pages.map(({ title }) => title);
  for (let cut = 0; cut < MOST_CUTS; cut += 1) if (!cutCommon(names)) break;
  return pages.map(({ heading }, at) => {
    const isCommon = pages.length >= LEAST_PAGES && (headings.get(heading ?? '') ?? 0) > pages.length / 2;
    return heading === null || isCommon ? (names[at] ?? heading) : heading;
  });
}

/** Cuts the part that most titles begin or end with, in place; false when there is none. */
function cutCommon(names: (string | null)[]): boolean {
  const parted = names.map((name) => (name === null ? null : splitEnds(name)));
  const told = parted.filter((parts) => parts !== null);
  if (told.length < LEAST_PAGES) return false;
  const last = mostCommon(told.map(({ last }) => last));
  const first = mostCommon(told.map(({ first }) => first));
  if (last === null && first === null) return false;
  parted.forEach((parts, at) => {
    if (parts === null) return;
    if (last !== null && parts.last === last) names[at] = parts.beforeLast;
    else if (last === null && first !== null && parts.first === first) names[at] = parts.behindFirst;
  });
  return true;
}

interface TitleEnds {
  readonly first: string;
  readonly behindFirst: string;
  readonly last: string;
  readonly beforeLast: string;
}

/** Null for a title of one part. */
function splitEnds(name: string): TitleEnds | null {
  const joints = [...name.slice(0, 500).matchAll(new RegExp(JOINTS, 'gu'))];
  const [start] = joints;
  const end = joints.at(-1);
  if (start === undefined || end === undefined) return null;
  const ends = {
    first: name.slice(0, start.index),
    behindFirst: name.slice(start.index + start[0].length),
    last: name.slice(end.index + end[0].length),
    beforeLast: name.slice(0, end.index),
  };
  return Object.values(ends).includes('') ? null : ends;
}

/** The value of more than half of at least {@link LEAST_PAGES}; null: none. */
function mostCommon(values: readonly string[]): string | null {
  const [best] = [...countValues(values)].sort(([, one], [, other]) => other - one);
  return best !== undefined && best[1] >= LEAST_PAGES && best[1] > values.length / 2 ? best[0] : null;
}

function countValues(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
