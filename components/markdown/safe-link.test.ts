import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { safeLink } from './safe-link.ts';

const BASE = 'https://shop.example/help/page.html';

describe('safeLink', () => {
  it('accepts pages, mails and calls', () => {
    expect(safeLink('https://other.example/a?b#c', BASE)).to.equal('https://other.example/a?b#c');
    expect(safeLink('http://other.example', BASE)).to.equal('http://other.example/');
    expect(safeLink('mailto:help@shop.example', BASE)).to.equal('mailto:help@shop.example');
    expect(safeLink('tel:+4930123456', BASE)).to.equal('tel:+4930123456');
  });

  it('resolves relative targets against the page', () => {
    expect(safeLink('other.html', BASE)).to.equal('https://shop.example/help/other.html');
    expect(safeLink('/top', BASE)).to.equal('https://shop.example/top');
    expect(safeLink('#part', BASE)).to.equal(`${BASE}#part`);
  });

  it('refuses every other scheme, user names, malformed and overlong targets', () => {
    for (const target of [
      'javascript:alert(1)',
      'JAVASCRIPT:alert(1)',
      '\tjava\nscript:alert(1)',
      'data:text/html,x',
      'blob:https://shop.example/1',
      'file:///etc/passwd',
      'https://shop.example@evil.example/',
      'https://a:b@evil.example/',
      'https://[',
      `https://shop.example/${'a'.repeat(3000)}`,
    ])
      expect(safeLink(target, BASE), target).to.equal(null);
  });

  it('never gives an address of another scheme', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.webUrl()), (target) => {
        const link = safeLink(target, BASE);
        return link === null || /^(https?|mailto|tel):/.test(link);
      }),
    );
  });
});
