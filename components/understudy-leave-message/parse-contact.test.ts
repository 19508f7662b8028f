import { expect } from '@open-wc/testing';
import { parseContact } from './parse-contact.ts';

describe('parseContact', () => {
  it('accepts mail addresses and phone numbers', () => {
    for (const text of [
      'a@b.co',
      'first.last+tag@sub.example.org',
      '用户@例子.中国',
      '+49 30 123456',
      '(030) 12 34 56',
      '13800138000',
    ])
      expect(parseContact(` ${text} `), text).to.equal(text);
  });

  it('refuses what is neither', () => {
    for (const text of [
      '',
      'me',
      'a@b',
      'a b@c.de',
      '@c.de',
      '12345',
      '1'.repeat(30),
      `${'a'.repeat(300)}@b.co`,
    ])
      expect(parseContact(text), text).to.equal(null);
  });
});
