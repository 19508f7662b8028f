import { elementsOf } from '../../../src/plan/document/xml.ts';
import type { XmlElement } from '../../../src/plan/document/xml.ts';

/** The first element directly in another one. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element === undefined ? undefined : elementsOf(element).find((child) => child.name === name);
}

/** `val` of a property; undefined where there is none. */
export function valueOf(properties: XmlElement | undefined, name: string): string | undefined {
  return childOf(properties, name)?.attributes['val'];
}

/** A property that is on or off, on when it says nothing; undefined where there is none. */
export function switchOf(properties: XmlElement | undefined, name: string): boolean | undefined {
  const property = childOf(properties, name);
  if (property === undefined) return undefined;
  return !['0', 'false', 'off', 'none'].includes(property.attributes['val'] ?? '');
}
