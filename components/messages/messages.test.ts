import { expect } from '@open-wc/testing';
import { ERROR_REMEDIES } from '../../src/contracts/errors.ts';
import { en } from './en.ts';
import { interfaceLanguage, messagesFor } from './messages-for.ts';
import { zh } from './zh.ts';

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return [String((value as (figure: number) => unknown)(3))];
  return Object.values(value as object).flatMap(texts);
}

describe('messages', () => {
  it('picks the nearest language', () => {
    expect(interfaceLanguage('zh-Hant-TW')).to.equal('zh');
    expect(interfaceLanguage('EN-gb')).to.equal('en');
    expect(interfaceLanguage('fr')).to.equal('en');
    expect(messagesFor('zh-CN')).to.equal(zh);
  });

  it('has a text for every key in every language', () => {
    for (const language of [en, zh]) for (const text of texts(language)) expect(text.trim()).to.not.equal('');
    expect(Object.keys(zh).sort()).to.deep.equal(Object.keys(en).sort());
  });

  it('translates every text', () => {
    const chinese = texts(zh);
    for (const text of chinese) expect(text, text).to.match(/\p{Script=Han}/u);
  });

  it('shows visitors no error code', () => {
    const codes = Object.keys(ERROR_REMEDIES);
    for (const text of [...texts(en), ...texts(zh)])
      for (const code of codes) expect(text).to.not.contain(code);
  });
});
