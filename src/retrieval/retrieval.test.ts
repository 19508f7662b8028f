import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { codeOf } from '../../test/fixtures/code-of.ts';
import { samplePassage as passage } from '../../test/fixtures/sample-passage.ts';
import { SHOP_PASSAGES as passages } from '../../test/fixtures/shop-passages.ts';
import { ERROR_REMEDIES } from '../contracts/errors.ts';
import type { Passage } from '../contracts/passage.ts';
import { buildIndex } from './build-index.ts';
import { foreignQuestions } from './foreign-questions.ts';
import { parseIndex, serializeIndex } from './index-format.ts';
import { parsePassages } from './parse-passages.ts';
import { loadRetriever } from './retriever.ts';
import { openIndex } from './search-index.ts';
import { isWithinEdits, similarTerms } from './vocabulary.ts';

const index: Uint8Array = buildIndex(passages);

describe('loadRetriever', () => {
  const retriever = loadRetriever(index, passages);
  const first = (question: string, options = {}): string | undefined =>
    retriever.search(question, options).ranked[0]?.passage.id;

  it('tells articles apart that differ by the product alone', () => {
    expect(first('How do I change the Jug cartridge?')).to.equal('jug#0');
    expect(first('How do I change the Tap cartridge?')).to.equal('tap#0');
  });

  it('finds a mistyped word', () => {
    expect(first('jug cartrige')).to.equal('jug#0');
  });

  it('finds what customers call by another name', () => {
    expect(first('how much is postage')).to.equal('ship#0');
  });

  it('finds a question that the owner wrote', () => {
    expect(first('how big is the jug')).to.equal('faq#0');
  });

  it('answers in the language of the question', () => {
    expect(first('多久可以退货')).to.equal('zh#0');
    expect(first('return', { language: 'zh' })).to.be.oneOf(['return#0', 'return#1']);
  });

  it('is not put off by a word that only asks for a beginning, in Chinese as in English', () => {
    const house = [
      passage('breakfast#0', '早餐', '早餐在灯笼厅供应，工作日 6:30 至 10:00。', { language: 'zh' }),
      passage('market#0', '周边', '夜市 18:30 开始，步行五分钟。渡轮每二十分钟一班。', { language: 'zh' }),
      passage('pool#0', '泳池', '泳池每天 7:00 至 22:00 开放，在三楼。', { language: 'zh' }),
      passage('room#0', '客房', '客房每天打扫，毛巾可以更换。', { language: 'zh' }),
    ];
    const { ranked, isAnswerable } = loadRetriever(buildIndex(house), house).search('早餐几点开始？');
    expect([ranked[0]?.passage.id, isAnswerable]).to.deep.equal(['breakfast#0', true]);
  });

  it('counts a word with a hyphen once, however the pages write it', () => {
    const desk = [
      passage('printers#0', 'Printers', 'When paper jams, open the flap of the PR printer and pull.'),
      passage('wifi#0', 'Wireless', 'The wifi reaches every room. Send an email when it does not.'),
      passage('desk#0', 'The desk', 'We are in room 12, open every day.'),
    ];
    const deskRetriever = loadRetriever(buildIndex(desk), desk);
    // In one document at a time: how far it leads before others depends on how words are spelled.
    const search = (document: string, question: string): number =>
      deskRetriever.search(question, { accepts: ({ documentId }) => documentId === document }).confidence;
    expect(search('printers', 'paper jam in PR-12')).to.equal(search('printers', 'paper jam in PR 12'));
    expect(search('wifi', 'the wi-fi in room 12')).to.equal(search('wifi', 'the wifi in room 12'));
    expect(search('wifi', 'the zq-fi in room 12')).to.be.lessThan(search('wifi', 'the wifi in room 12'));
  });

  it('is as strict as the number of passages that it searches asks for', () => {
    // All hold words of questions that no shop answers, so that calibration makes their gate stricter. Pages 0 and 36 are alike, so that neither leads.
    const pages = Array.from({ length: 60 }, (_, at) =>
      passage(`page-${at}#0`, `Page ${at}`, `${foreignQuestions('en')[at % 36] ?? ''} number ${at}`),
    );
    const many = loadRetriever(buildIndex(pages), pages);
    const confidence = (count: number): number =>
      many.search('capital of australia', {
        accepts: ({ id }) => pages.findIndex((page) => page.id === id) < count,
      }).confidence;
    const whole = many.search('capital of australia').confidence;
    expect(confidence(40)).to.be.greaterThan(whole);
    expect(confidence(60)).to.equal(whole);
  });

  it('understands a follow-up by the question before', () => {
    expect(first('And for the Tap?', { history: ['How do I change the Jug cartridge?'] })).to.equal('tap#0');
    const history = ['How long can I return the Tap?', 'And then?', 'Thanks!'];
    expect(first('Is it free?', { history })).to.be.oneOf(['return#1', 'return#2']);
  });

  it('prefers the page the visitor is on', () => {
    const pageUrl = 'https://shop.example/help/jug.html?x=1#top';
    expect(first('cartridge', { pageUrl })).to.equal('jug#0');
  });

  it('shows a passage that comes twice once', () => {
    const ids = retriever.search('send back a Tap', { limit: 10 }).ranked.map((entry) => entry.passage.id);
    expect(ids.filter((id) => id === 'return#1' || id === 'return#2')).to.have.length(1);
  });

  it('keeps to the limit and orders by score', () => {
    const { ranked } = retriever.search('jug tap cartridge return', { limit: 3 });
    expect(ranked).to.have.length(3);
    const scores = ranked.map((entry) => entry.score);
    expect([...scores].sort((left, right) => right - left)).to.deep.equal(scores);
  });

  it('lets the topic weigh more than words that only ask for a price', () => {
    expect(first('How much is shipping?')).to.equal('ship#0');
  });

  it('takes a topic told beside the question as a hint', () => {
    expect(first('How long do I have?', { topic: 'Return a Tap' })).to.be.oneOf(['return#1', 'return#2']);
  });

  it('is less sure where another document says nearly as much', () => {
    const shops = [
      passage(
        'north#0',
        'Our shop in the north',
        'The north shop repairs lamps and sells spare shades on Monday.',
      ),
      passage(
        'south#0',
        'Our shop in the south',
        'The south shop repairs lamps and sells spare shades on Friday.',
      ),
      passage('post#0', 'By post', 'We send parcels on every working day.'),
    ];
    const shopRetriever = loadRetriever(buildIndex(shops), shops);
    const question = 'which shop repairs lamps and sells shades';
    const one = shopRetriever.search(question, { accepts: ({ id }) => id !== 'south#0' });
    expect(shopRetriever.search(question).confidence).to.be.lessThan(one.confidence);
  });

  it('says whether the pages answer', () => {
    expect(retriever.search('How long can I return the Tap?').isAnswerable).to.equal(true);
    expect(retriever.search('who painted the mona lisa').isAnswerable).to.equal(false);
    expect(retriever.search('').isAnswerable).to.equal(false);
    expect(retriever.search('').confidence).to.be.within(0, 1);
  });

  it('survives any question', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (question) => {
        const outcome = retriever.search(question, { history: [question] });
        return Array.isArray(retriever.extract(question, outcome.ranked));
      }),
    );
  });

  it('finds passages by id', () => {
    expect(retriever.passage('faq#0')?.title).to.equal('How big is the Jug?');
    expect(retriever.passage('nothing')).to.equal(null);
  });

  it('works without passages', () => {
    const empty = loadRetriever(buildIndex([]), []);
    expect(empty.search('anything')).to.deep.equal({ ranked: [], confidence: 0, isAnswerable: false });
  });

  it('refuses an index of other passages', () => {
    expect(codeOf(() => loadRetriever(index, passages.slice(1)))).to.equal('bundle/artifact-invalid');
  });
});

describe('scripts without spaces', () => {
  const shop = (language: string, texts: readonly string[]): readonly Passage[] =>
    texts.map((text, at) => passage(`${language}${at}#0`, '', text, { language }));
  const pages = [
    ...shop('zh', [
      '滤芯每四周更换一次。更换之前请把新滤芯在冷水里浸泡十五分钟。',
      '标准配送需要三到五个工作日，运费二十五元，满三百元包邮。',
      '收到商品之后三十天之内可以退货，退款在五个工作日内到账。',
      '指示灯闪红灯表示电池电量不足，请更换电池。',
    ]),
    ...shop('ja', [
      '浄水カートリッジは四週間ごとに交換してください。',
      '通常配送は三日から五日かかります。送料は五百円です。',
      '商品到着後三十日以内であれば返品できます。',
    ]),
    ...shop('ko', [
      '필터는 사주마다 교체하세요.',
      '배송은 삼일에서 오일 걸립니다.',
      '삼십일 이내에 반품할 수 있습니다.',
    ]),
    ...shop('th', ['เปลี่ยนไส้กรองทุกสี่สัปดาห์', 'การจัดส่งใช้เวลาสามถึงห้าวัน', 'คืนสินค้าได้ภายในสามสิบวัน']),
  ];
  const retriever = loadRetriever(buildIndex(pages), pages);
  const questions: readonly (readonly [question: string, id: string])[] = [
    ['滤芯多久换一次', 'zh0#0'],
    ['新滤芯要泡多长时间？', 'zh0#0'],
    ['满多少钱包邮', 'zh1#0'],
    ['退款几天到账', 'zh2#0'],
    ['为什么一直闪红灯', 'zh3#0'],
    ['カートリッジの交換はいつですか', 'ja0#0'],
    ['送料はいくらですか', 'ja1#0'],
    ['返品はできますか', 'ja2#0'],
    ['필터 교체', 'ko0#0'],
    ['배송은 얼마나 걸려요', 'ko1#0'],
    ['ไส้กรองต้องเปลี่ยนเมื่อไร', 'th0#0'],
    ['คืนสินค้าได้ไหม', 'th2#0'],
  ];

  for (const [question, id] of questions) {
    it(`finds the passage for "${question}"`, () => {
      expect(retriever.search(question).ranked[0]?.passage.id).to.equal(id);
    });
  }

  it('are not stored in the index', () => {
    expect(parseIndex(buildIndex(pages)).terms).to.deep.equal([]);
  });

  it('are found by letters beyond the basic plane', () => {
    const rare = [
      passage('a#0', '', '𠮷野家的牛肉饭', { language: 'zh' }),
      passage('b#0', '', '吉他的琴弦', { language: 'zh' }),
    ];
    const { ranked } = loadRetriever(buildIndex(rare), rare).search('𠮷野');
    expect(ranked.map((entry) => entry.passage.id)).to.deep.equal(['a#0']);
  });
});

describe('headings', () => {
  it('rank first when the question is spelled like one, the words of its form too', () => {
    const guide = [
      passage('a#0', 'Guide', 'How you change a password is told below. Change your password often.', {
        headings: ['Passwords'],
      }),
      passage('b#0', 'Guide', 'Open the settings.', { headings: ['How do I change my password?'] }),
    ];
    const { ranked } = loadRetriever(buildIndex(guide), guide).search('how do I change my password');
    expect(ranked[0]?.passage.id).to.equal('b#0');
  });

  it('are read together with the sentence under them', () => {
    const plans = [
      passage('a#0', 'Plans', 'The monthly price is 5 euros.', { headings: ['Basic'] }),
      passage('b#0', 'Plans', 'The monthly price is 9 euros.', { headings: ['Premium'] }),
    ];
    const { ranked } = loadRetriever(buildIndex(plans), plans).search('monthly price of premium');
    expect(ranked[0]?.passage.id).to.equal('b#0');
  });
});

describe('parseIndex', () => {
  it('reads what was written', () => {
    expect([...serializeIndex(parseIndex(index))]).to.deep.equal([...index]);
  });

  it('builds the same bytes every time', () => {
    expect([...buildIndex(passages)]).to.deep.equal([...index]);
  });

  it('refuses a later and an earlier version by their own code, and says that either may be the old one', () => {
    for (const version of [9, 3]) {
      const other = index.slice();
      other[4] = version;
      expect(codeOf(() => parseIndex(other))).to.equal('bundle/version-unsupported');
    }
    expect(ERROR_REMEDIES['bundle/version-unsupported']).to.match(/build the bundle again, or update/);
  });

  it('refuses every shortened index', () => {
    fc.assert(
      fc.property(fc.nat(index.length - 1), (length) => {
        expect(codeOf(() => parseIndex(index.slice(0, length)))).to.equal('bundle/artifact-invalid');
      }),
    );
  });

  it('reads or refuses, but never fails otherwise, whatever was changed', () => {
    const change = fc.tuple(fc.nat(index.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 20 }), (changes) => {
        const damaged = index.slice();
        for (const [at, value] of changes) damaged[at] = value;
        const code = codeOf(() =>
          loadRetriever(damaged, passages).search('how do i change the jug cartridge'),
        );
        expect(code).to.be.oneOf(['accepted', 'bundle/artifact-invalid', 'bundle/version-unsupported']);
      }),
    );
  });
});

describe('isWithinEdits', () => {
  it('counts letters added, dropped, changed and swapped', () => {
    expect(isWithinEdits('cartridge', 'cartrige', 1)).to.equal(true);
    expect(isWithinEdits('recieve', 'receive', 1)).to.equal(true);
    expect(isWithinEdits('jug', 'tap', 2)).to.equal(false);
  });
});

describe('similarTerms', () => {
  it('passes over no word that counting edits would find', () => {
    const letters = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const anyWord = fc.array(letters, { minLength: 4, maxLength: 9 }).map((some) => `q${some.join('')}`);
    fc.assert(
      fc.property(fc.uniqueArray(anyWord, { minLength: 3, maxLength: 3 }), anyWord, (words, asked) => {
        const shelf = [passage('a#0', 'A', words.join(' '))];
        const opened = openIndex(parseIndex(buildIndex(shelf)), shelf);
        const expected = opened.terms.filter(
          (term) => term.startsWith('q') && isWithinEdits(asked, term, asked.length >= 8 ? 2 : 1),
        );
        const found = similarTerms(opened, asked).map((term) => opened.terms[term]);
        expect(found).to.have.members(expected);
      }),
    );
  });
});

describe('parsePassages', () => {
  it('accepts the passages of a bundle', () => {
    expect(parsePassages(JSON.parse(JSON.stringify(passages)))).to.deep.equal(passages);
  });

  it('keeps of metadata what can be compared', () => {
    const metadata = { audience: 'trade', year: 2026, isNew: true, list: [1], nothing: null };
    const [parsed] = parsePassages([{ ...passages[0], collection: 'manuals', metadata }]);
    expect(parsed?.metadata).to.deep.equal({ audience: 'trade', year: 2026, isNew: true });
    expect(parsed?.collection).to.equal('manuals');
  });

  it('refuses what is no list of passages, and ids that come twice', () => {
    for (const value of ['x', [{}], [passages[0], passages[0]]]) {
      expect(codeOf(() => parsePassages(value))).to.equal('bundle/artifact-invalid');
    }
  });
});
