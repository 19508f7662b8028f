import { formatValue } from './format-value.ts';
import type { PyArguments, PyValue } from './python-value.ts';
import { reprOf, toText } from './python-value.ts';
import { TemplateFault } from './template-fault.ts';

/** `text.format(…)`. @param member - Gives attributes and items. @throws TemplateFault. */
export function formatMethod(
  text: string,
  given: PyArguments,
  member: (of: PyValue, key: PyValue) => PyValue,
): string {
  let automatic = 0;
  const field = (name: string): PyValue => {
    const [first = '', ...path] = name.split(/(?=[.[])/);
    let value: PyValue | undefined;
    if (first === '') {
      value = given.values[automatic];
      automatic += 1;
    } else value = /^\d+$/.test(first) ? given.values[Number(first)] : given.named.get(first);
    if (value === undefined)
      throw new TemplateFault(
        first === '' || /^\d+$/.test(first)
          ? `Replacement index ${first === '' ? automatic - 1 : first} out of range for positional args tuple`
          : `'${first}'`,
      );
    for (const step of path) {
      const key = step.startsWith('[') ? step.slice(1, -1) : step.slice(1);
      value = member(value, /^\d+$/.test(key) ? Number(key) : key);
    }
    return value;
  };
  const fill = (source: string, depth: number): string => {
    if (depth > 2) throw new TemplateFault('Max string recursion exceeded');
    let out = '';
    for (let at = 0; at < source.length; at += 1) {
      const character = source.charAt(at);
      if (character !== '{' && character !== '}') out += character;
      else if (source.charAt(at + 1) === character) {
        out += character;
        at += 1;
      } else {
        const end = character === '{' ? closingBrace(source, at) : -1;
        if (end < 0) throw new TemplateFault(`Single '${character}' encountered in format string`);
        const match = /^([^!:]*)(?:!([rsa]))?(?::([\s\S]*))?$/.exec(source.slice(at + 1, end));
        if (match === null) throw new TemplateFault('a field of a format cannot be read');
        const value = field(match[1] ?? '');
        const spec = fill(match[3] ?? '', depth + 1);
        const converted = match[2] === undefined ? value : match[2] === 's' ? toText(value) : reprOf(value);
        out += formatValue(converted, spec);
        at = end;
      }
    }
    return out;
  };
  return fill(text, 0);
}

function closingBrace(source: string, open: number): number {
  let depth = 0;
  for (let at = open; at < source.length; at += 1) {
    if (source.charAt(at) === '{') depth += 1;
    if (source.charAt(at) === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}
