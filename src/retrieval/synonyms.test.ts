import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { samplePassage as passage } from '../../test/fixtures/sample-passage.ts';
import type { Passage } from '../contracts/passage.ts';
import type { Retriever } from '../contracts/retrieval.ts';
import { parseSynonymLine, type SynonymRule, writeSynonymRule } from '../text/synonym-rule.ts';
import { buildIndex } from './build-index.ts';
import { parseIndex, serializeIndex } from './index-format.ts';
import { learnAbbreviations } from './learn-abbreviations.ts';
import { loadRetriever } from './retriever.ts';

describe('synonyms', () => {
  const rule = (line: string): SynonymRule => {
    const parsed = parseSynonymLine(line);
    return parsed.kind === 'rule' ? parsed.rule : expect.fail(line);
  };
  const shop = [
    passage('tax#0', 'Taxes', 'Every price holds value added tax of 20 %.'),
    passage('added#0', 'New things', 'We added three mugs of good value.'),
    passage('kiln#0', 'Glazing', 'The oven is heated to 900 degrees before the glaze is put on.'),
    passage('level#0', 'Promises', 'The service level agreement promises a reply within a day.'),
    passage('visit#0', 'Visits', 'Visitors are welcome on Fridays.'),
    passage('zh#0', '税', '所有价格均含增值税，税率为百分之二十。', { language: 'zh' }),
    passage('zh#1', '参观', '每周五欢迎参观。', { language: 'zh' }),
  ];
  const rules = [
    'vat = value added tax = 增值税',
    'SLA = service level agreement',
    'kiln = oven',
    'drop-in => visit',
  ].map(rule);
  const plain = loadRetriever(buildIndex(shop), shop);
  const told = loadRetriever(buildIndex(shop, rules), shop);
  const first = (retriever: Retriever, question: string, language?: string): string | undefined =>
    retriever.search(question, language === undefined ? {} : { language }).ranked[0]?.passage.id;

  it('find a phrase of the pages by the abbreviation that the owner gave, and are sure of it', () => {
    const confidence = (retriever: Retriever): number =>
      retriever.search('what does the SLA promise').confidence;
    expect(confidence(told)).to.be.greaterThan(confidence(plain) + 0.2);
    expect(first(told, 'SLA')).to.equal('level#0');
    expect(first(plain, 'SLA')).to.equal(undefined);
  });

  it('find an abbreviation of the pages by the phrase', () => {
    const short = [passage('short#0', 'Prices', 'VAT is paid by us.'), ...shop.slice(1, 4)];
    const retriever = loadRetriever(buildIndex(short, rules), short);
    expect(first(retriever, 'who pays the value added tax')).to.equal('short#0');
  });

  it('hold in Chinese', () => {
    expect(first(told, '价格含VAT吗', 'zh')).to.equal('zh#0');
    expect(first(told, 'VAT', 'zh')).to.equal('zh#0');
  });

  it('lead one way where the owner says so', () => {
    expect(first(told, 'drop-in')).to.equal('visit#0');
    const other = [passage('drop#0', 'Drop-in', 'Each drop-in is free.'), ...shop.slice(0, 3)];
    expect(first(loadRetriever(buildIndex(other, rules), other), 'visit')).to.equal(undefined);
  });

  it('are known of what pages of any trade speak of', () => {
    const abroad = [
      passage('abroad#0', 'Where we ship', 'We send parcels to the European Union and to the United States.'),
      passage('pay#0', 'Paying', 'Sign in with two-step verification first.'),
      passage('home#0', 'At home', 'The van comes on Fridays.'),
      passage('zh#2', '寄到国外', '可以寄到欧盟。', { language: 'zh' }),
    ];
    const retriever = loadRetriever(buildIndex(abroad), abroad);
    for (const [question, id] of [
      ['usa', 'abroad#0'],
      ['EU', 'abroad#0'],
      ['Germany', 'abroad#0'],
      ['2fa', 'pay#0'],
    ] as const)
      expect(first(retriever, question), question).to.equal(id);
    expect(first(retriever, '德国', 'zh')).to.equal('zh#2');
    for (const question of ['norway', 'xmas'])
      expect(first(retriever, question), question).to.equal(undefined);
  });

  it('are taken into a bundle only where its pages hold one of the wordings', () => {
    const held = (text: string): readonly string[] =>
      parseIndex(buildIndex([passage('a#0', 'A', text)])).synonyms.map(writeSynonymRule);
    expect(held('The van comes on Fridays.')).to.deep.equal([]);
    expect(held('Prices hold value added tax.')).to.deep.equal(['vat = value added tax']);
    // A member of a union stands for it, and no page about the member is found by the union.
    expect(held('We ship to Germany.')).to.deep.equal([]);
    expect(held('We ship to the EU.')).to.include('germany => eu = european union');
    // What the owner or the pages explain means nothing else.
    const pages = [passage('a#0', 'A', 'Our customer care takes credit card payments.')];
    const own = [rule('CC = customer care')];
    expect(parseIndex(buildIndex(pages, own)).synonyms).to.deep.equal(own);
  });

  it('are learned from what the pages put in brackets', () => {
    const bank = [
      passage('ira#0', 'Saving', 'An individual retirement account (IRA) may be opened online.'),
      passage('fee#0', 'Fees', 'The account costs nothing.'),
      passage('more#0', 'Transfers', 'An IRA is moved within a week.'),
    ];
    const retriever = loadRetriever(buildIndex(bank), bank);
    const found = retriever.search('individual retirement account').ranked.map((one) => one.passage.id);
    expect(found).to.include('more#0');
  });

  it('are read back from the index', () => {
    expect(parseIndex(buildIndex(shop, rules)).synonyms).to.deep.equal(rules);
    expect([...serializeIndex(parseIndex(buildIndex(shop, rules)))]).to.deep.equal([
      ...buildIndex(shop, rules),
    ]);
  });
});

describe('stems', () => {
  const german = [
    passage('haus#0', 'Ferienhäuser', 'Unsere Häuser liegen am See.', { language: 'de' }),
    passage('post#0', 'Versand', 'Lieferungen dauern drei Tage.', { language: 'de' }),
  ];
  const english = passage('post-en#0', 'Shipping', 'Parcels take three days.');
  const first = (pages: readonly Passage[], question: string, options = {}): string | undefined =>
    loadRetriever(buildIndex(pages), pages).search(question, options).ranked[0]?.passage.id;

  it('go by the language of the pages where a question does not tell its own', () => {
    expect(first(german, 'Lieferung')).to.equal('post#0');
    expect(first(german, 'Dauer einer Lieferung')).to.equal('post#0');
  });

  it('are looked up as each language of the pages has them', () => {
    expect(first([...german, english, { ...english, id: 'b#0', documentId: 'b' }], 'Hauses')).to.equal(
      'haus#0',
    );
    expect(first([...german, english], 'shipping')).to.equal('post-en#0');
  });
});

describe('learnAbbreviations', () => {
  const learned = (text: string): string[] =>
    learnAbbreviations([passage('a#0', '', text)]).map(writeSynonymRule);

  it('learns them long or short first, in English and Chinese', () => {
    expect(learned('You pay value added tax (VAT).')).to.deep.equal(['vat = value added tax']);
    expect(learned('You pay VAT (Value Added Tax).')).to.deep.equal(['vat = value added tax']);
    expect(learned('Read the terms of service (ToS, TOS) and the terms of use (TU).')).to.deep.equal([
      'tu = terms of use',
    ]);
    expect(learned('本店代缴增值税。\n\n增值税（以下简称VAT）由我们代缴。')).to.deep.equal(['vat = 增值税']);
    expect(learned('请开增值税专用发票（以下简称“专票”）。')).to.deep.equal(['专票 = 专用发票']);
  });

  it('learns nothing from other brackets', () => {
    expect(learned('Press the green button (OK). Paper (A4) and a note (see PAGE 4).')).to.deep.equal([]);
    expect(learned('滤芯（以下简称滤芯）')).to.deep.equal([]);
  });

  it('takes any text, and finds the letters of what it learns in order', () => {
    const piece = fc.constantFrom(
      'value',
      'added',
      'tax',
      ' (VAT)',
      'VAT (',
      ')',
      ' ',
      '-',
      '（以下简称',
      '增值税',
      'A',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        for (const line of learned(pieces.join(''))) expect(parseSynonymLine(line).kind).to.equal('rule');
      }),
    );
  });
});
