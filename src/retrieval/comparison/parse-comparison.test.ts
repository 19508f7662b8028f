import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { parseComparison, parseInHistory } from './parse-comparison.ts';

describe('parseComparison', () => {
  const sidesOf = (question: string): string | undefined => parseComparison(question)?.names.join(' | ');

  it('reads two things that an English question compares', () => {
    expect(sidesOf('What is the difference between the Basic and the Pro plan?')).to.equal(
      'Basic | Pro plan',
    );
    expect(sidesOf('Basic or Pro – which has more storage?')).to.equal('Basic | Pro');
    expect(sidesOf('Standard vs Express shipping')).to.equal('Standard | Express shipping');
    expect(sidesOf('compare A with B')).to.equal('A | B');
    expect(sidesOf('Does the T1 last longer than the J1?')).to.equal('T1 | J1');
    expect(sidesOf('Is the Tap or the Jug easier to clean?')).to.equal('Tap | Jug');
    expect(sidesOf('Hi, which is better for families, Basic or Pro?')).to.equal('Basic | Pro');
    expect(sidesOf('difference between pausing and cancelling a plan')).to.equal(
      'pausing | cancelling a plan',
    );
    expect(sidesOf('I cannot decide. Jug or Tap? Which is cheaper?')).to.equal('Jug | Tap');
    expect(sidesOf('What is cheaper, the Jug or the Tap?')).to.equal('Jug | Tap');
  });

  it('reads them in Chinese', () => {
    expect(sidesOf('基础版和专业版有什么区别')).to.equal('基础版 | 专业版');
    expect(sidesOf('请问 A 比 B 贵吗？')).to.equal('A | B');
    expect(sidesOf('A 还是 B')).to.equal('A | B');
    expect(sidesOf('滤水壶的保修比净水龙头长吗')).to.equal('滤水壶 | 净水龙头');
    expect(sidesOf('哪个更便宜，标准配送还是特快配送')).to.equal('标准配送 | 特快配送');
    expect(sidesOf('J1 和 T1 哪个更贵')).to.equal('J1 | T1');
    expect(sidesOf('对比一下基础版和专业版')).to.equal('基础版 | 专业版');
  });

  it('reads them in German, French and Spanish', () => {
    expect(sidesOf('Was ist der Unterschied zwischen dem Krug und dem Hahn?')).to.equal('Krug | Hahn');
    expect(sidesOf('Ist Express schneller als Standard?')).to.equal('Express | Standard');
    expect(sidesOf('Was ist teurer, der Krug oder der Hahn?')).to.equal('Krug | Hahn');
    expect(sidesOf('Quelle est la différence entre le forfait Basic et le forfait Pro ?')).to.equal(
      'forfait Basic | forfait Pro',
    );
    expect(sidesOf('¿Cuál es la diferencia entre el plan básico y el plan pro?')).to.equal(
      'plan básico | plan pro',
    );
    expect(sidesOf('¿Es más caro el grifo que la jarra?')).to.equal('grifo | jarra');
  });

  it('keeps on what the two are compared', () => {
    const aboutOf = (question: string): string | undefined => parseComparison(question)?.about;
    expect(aboutOf('is the return period for the tap longer than for the jug')).to.contain('return period');
    expect(aboutOf('Basic or Pro – which has more storage?')).to.contain('more storage');
    expect(aboutOf("the jug's warranty vs the tap's")).to.contain('warranty');
    expect(aboutOf('基础版和专业版的价格有什么不同')).to.equal('价格');
    expect(aboutOf('compare A with B')).to.equal('');
  });

  it('takes no other question for a comparison', () => {
    for (const question of [
      'Can I pay by card or transfer?',
      'Do you ship to Norway or Sweden?',
      'Can I return it later than 30 days?',
      'My water tastes worse than before',
      'Is it cheaper than buying them one by one?',
      'What do I do if my card has been lost or stolen?',
      'What should I do, wait or reorder?',
      'Wait or reorder, what do you say?',
      'Was soll ich tun, warten oder neu bestellen?',
      'How do I cancel an order and get my money back?',
      '密码还是不对',
      '我还是不能登录',
      '滤水壶多少钱，有哪些颜色？',
      '',
    ])
      expect(parseComparison(question), question).to.equal(null);
  });

  it('says where words may ask for something else', () => {
    expect(parseComparison('PayPal or Visa?')?.isCertain).to.equal(false);
    expect(parseComparison('PayPal vs Visa')?.isCertain).to.equal(true);
  });

  it('gives two pieces of the question for whatever is asked, and never throws', () => {
    const word = fc.constantFrom(
      ...'the a Jug Tap Pro plan or and vs than compare difference between is does which cheaper longer for of , ? – 和 比 还是 区别 哪个 有什么 滤水壶 的 贵 und als et que'.split(
        ' ',
      ),
    );
    const talk = fc.oneof(
      fc
        .array(fc.oneof(word, fc.string({ unit: 'grapheme', maxLength: 8 })), { maxLength: 14 })
        .map((words) => words.join(' ')),
      fc.string({ unit: 'binary', maxLength: 260 }),
    );
    fc.assert(
      fc.property(talk, (question) => {
        const found = parseComparison(question);
        if (found === null) return;
        const [left, right] = found.names;
        expect(question).to.contain(left);
        expect(question).to.contain(right);
        expect(left.trim()).not.to.equal('');
        expect(right.trim()).not.to.equal('');
        expect(left).not.to.equal(right);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('parseInHistory', () => {
  it('goes on with the two things of the question before', () => {
    const history = ['What is the difference between Standard and Express?'];
    expect(parseInHistory('and which one is cheaper?', history)).to.deep.include({
      names: ['Standard', 'Express'],
    });
    expect(parseInHistory('what of them is cheaper?', history)?.isCertain).to.equal(false);
    expect(parseInHistory('哪个更便宜', ['基础版和专业版有什么区别'])?.names).to.deep.equal([
      '基础版',
      '专业版',
    ]);
  });

  it('leaves other questions alone', () => {
    expect(parseInHistory('which one is cheaper?', [])).to.equal(null);
    expect(parseInHistory('which one is cheaper?', ['Where is my order?'])).to.equal(null);
    for (const question of [
      'Where is my order?',
      'What is your phone number?',
      'What are your opening hours?',
      'What is the return period for gift cards?',
    ])
      expect(parseInHistory(question, ['Standard vs Express']), question).to.equal(null);
  });
});
