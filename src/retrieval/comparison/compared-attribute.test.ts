import { expect } from '@open-wc/testing';
import { comparedAttribute } from './compared-attribute.ts';

describe('comparedAttribute', () => {
  const wordsOf = (about: string): string => comparedAttribute(about).words;

  it('names what words compare, and leaves out those that only compare', () => {
    expect(comparedAttribute('which one is cheaper')).to.deep.equal({ kind: 'price', words: '' });
    expect(comparedAttribute('heavier')).to.deep.equal({ kind: 'quantity', words: 'weight' });
    expect(comparedAttribute('哪个更贵')).to.deep.equal({ kind: 'price', words: '' });
    expect(comparedAttribute('哪个更重')).to.deep.equal({ kind: 'quantity', words: '重量' });
    expect(comparedAttribute('保修更长')).to.deep.equal({ kind: 'duration', words: '保修' });
  });

  it('cuts no characters out of longer Chinese words', () => {
    for (const words of ['长度', '宽度', '高度', '厚度', '快递', '短信', '增长', '小时', '强度', '好评'])
      expect(wordsOf(words), words).to.equal(words);
    expect(wordsOf('重量')).to.equal('重量');
  });
});
