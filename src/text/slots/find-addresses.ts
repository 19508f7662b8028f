import type { FoundPiece } from './found-piece.ts';
import { findAll } from './found-piece.ts';

const PART = String.raw`\p{Script=Latin}\p{N}`;
const EMAIL = new RegExp(
  `(?<![${PART}.+_%-])[${PART}._%+-]{1,64}@(?:[${PART}](?:[${PART}-]{0,61}[${PART}])?\\.){1,8}(?:xn--[a-z0-9-]{2,40}|\\p{Script=Latin}{2,24})(?![${PART}])`,
  'giu',
);
const LINK = /https?:\/\/[^\s<>"'，。；、）)\]]{1,2000}/giu;

/** E-mail addresses. */
export function findEmails(message: string): readonly FoundPiece<string>[] {
  return findAll(message, EMAIL, ([text]) => text);
}

/** Addresses of pages. */
export function findLinks(message: string): readonly FoundPiece<string>[] {
  return findAll(message, LINK, ([text]) => text.replace(/[.,;:!?]+$/, ''));
}
