import type { ArtifactNeed } from '../../src/contracts/bundle.ts';

/** An artifact before it is cut into chunks. */
export interface ArtifactFile {
  readonly name: string;
  readonly role: string;
  readonly mediaType: string;
  readonly need: ArtifactNeed;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Makes a JSON artifact; the elements of a list stand on lines of their own, so that an edit changes few chunks. */
export function jsonArtifact(role: string, value: unknown): ArtifactFile {
  const text = Array.isArray(value)
    ? `[\n${value.map((item: unknown) => JSON.stringify(item)).join(',\n')}\n]\n`
    : `${JSON.stringify(value)}\n`;
  return {
    name: `${role}.json`,
    role,
    mediaType: 'application/json',
    need: 'answer',
    bytes: new TextEncoder().encode(text),
  };
}

/** Makes a binary artifact that is needed to answer. */
export function binaryArtifact(role: string, bytes: Uint8Array): ArtifactFile {
  return {
    name: `${role}.bin`,
    role,
    mediaType: 'application/octet-stream',
    need: 'answer',
    bytes: new Uint8Array(bytes),
  };
}
