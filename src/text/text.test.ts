import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { guessLanguage } from './guess-language.ts';
import { parseMarkdownBlocks } from './markdown-blocks.ts';
import { normalizeText } from './normalize-text.ts';
import { plainText } from './plain-text.ts';
import { segmentWords } from './segment-words.ts';
import { splitSentences } from './split-sentences.ts';
import { stemFor } from './stem-by-language.ts';
import { stemWord } from './stem-word.ts';
import { parseSynonymLine, writeSynonymRule } from './synonym-rule.ts';

const anyText: fc.Arbitrary<string> = fc.string({ unit: 'grapheme', maxLength: 200 });

describe('normalizeText', () => {
  it('removes invisible characters and makes full-width letters plain', () => {
    expect(normalizeText('Ｗi\u200bFi\u00ad')).to.equal('wifi');
  });

  it('gives the same for composed and decomposed spellings', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(normalizeText(text.normalize('NFD'))).to.equal(normalizeText(text.normalize('NFC')));
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(fc.property(anyText, (text) => normalizeText(normalizeText(text)) === normalizeText(text)));
  });
});

describe('segmentWords', () => {
  it('keeps decimals and times, and parts numbers from units', () => {
    expect(segmentWords('10.5cm, 30 cm, £1,000.50 at 14:00')).to.deep.equal([
      '10.5',
      'cm',
      '30',
      'cm',
      '1000.50',
      'at',
      '14:00',
    ]);
  });

  it('keeps product codes whole', () => {
    expect(segmentWords('CR2032 or T1')).to.deep.equal(['cr2032', 'or', 't1']);
  });

  it('gives the parts of a compound and the compound', () => {
    expect(segmentWords('Wi-Fi')).to.deep.equal(['wi', 'fi', 'wifi']);
  });

  it('drops possessives and elisions', () => {
    expect(segmentWords('the Jug’s l’eau')).to.deep.equal(['the', 'jug', 'eau']);
  });

  it('finds in a text of ASCII what it finds in one that holds more', () => {
    const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 60 });
    const knotty = fc.string({ unit: fc.constantFrom(...Array.from("a1.,:'- Zx0kgs\n_")), maxLength: 60 });
    fc.assert(
      fc.property(fc.oneof(ascii, knotty), (text) => {
        expect(segmentWords(`${text} 壶`)).to.deep.equal([...segmentWords(text), '壶']);
      }),
      { numRuns: 2000 },
    );
  });

  it('splits Chinese into characters and pairs', () => {
    expect(segmentWords('滤水壶 30天')).to.deep.equal(['滤', '滤水', '水', '水壶', '壶', '30', '天']);
  });

  it('gives the same words for composed and decomposed spellings', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(segmentWords(text.normalize('NFD'))).to.deep.equal(segmentWords(text.normalize('NFC')));
      }),
    );
  });

  it('never gives an empty word', () => {
    fc.assert(fc.property(anyText, (text) => segmentWords(text).every((word) => word !== '')));
  });
});

describe('parseSynonymLine', () => {
  const rule = (line: string): string => {
    const parsed = parseSynonymLine(line);
    return parsed.kind === 'rule' ? writeSynonymRule(parsed.rule) : parsed.kind;
  };

  it('reads rules both ways and one way, of any language', () => {
    expect(rule('VAT = Value  Added Tax')).to.equal('vat = value added tax');
    expect(rule('Kiln => oven=furnace')).to.equal('kiln => oven = furnace');
    expect(rule('增值税＝ＶＡＴ')).to.equal('增值税 = vat');
  });

  it('passes over comments and empty lines', () => {
    expect(['', '  ', '# vat = tax'].map(rule)).to.deep.equal(['empty', 'empty', 'empty']);
  });

  it('refuses what is no rule', () => {
    const lines = [
      'vat',
      'vat =',
      '= vat',
      'vat = VAT',
      'a => b => c',
      'a = b => c',
      'a = ?!',
      `a = ${'b'.repeat(81)}`,
    ];
    expect(lines.map(rule)).to.deep.equal(lines.map(() => 'wrong'));
    expect(rule(Array.from({ length: 21 }, (_, at) => `w${at}`).join('='))).to.equal('wrong');
  });

  it('reads any line, and its own writing alike', () => {
    const line = fc.array(fc.oneof(anyText, fc.constantFrom('=', ' = ', '=>', '＝', '#', 'vat', '税')), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(line, (pieces) => {
        const parsed = parseSynonymLine(pieces.join(''));
        if (parsed.kind === 'rule')
          expect(parseSynonymLine(writeSynonymRule(parsed.rule))).to.deep.equal(parsed);
      }),
    );
  });

  it('reads every list of words it is given', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,10}( [a-z]{1,10})?$/);
    const words = fc.uniqueArray(word, { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(words, fc.boolean(), (wordings, isOneWay) => {
        const rule = { isOneWay, wordings };
        expect(parseSynonymLine(writeSynonymRule(rule))).to.deep.equal({ kind: 'rule', rule });
      }),
    );
  });
});

describe('stemWord', () => {
  it('brings forms of an English word together and leaves others alone', () => {
    expect(stemWord('cartridges')).to.equal(stemWord('cartridge'));
    expect(stemWord('滤芯')).to.equal('滤芯');
    expect(stemWord('t1')).to.equal('t1');
  });
});

describe('stemFor', () => {
  const alike = (language: string, words: readonly string[]): number =>
    new Set(words.map(stemFor(language))).size;

  it('brings the forms of a word together in German, French, Spanish and Arabic', () => {
    expect(alike('de', ['lieferung', 'lieferungen'])).to.equal(1);
    expect(alike('de-AT', ['häuser', 'hauses'])).to.equal(1);
    expect(alike('fr', ['remboursement', 'remboursements', 'rembourser'])).to.equal(1);
    expect(alike('es', ['devolución', 'devoluciones'])).to.equal(1);
    expect(alike('ar', ['كتاب', 'الكتاب'])).to.equal(1);
  });

  it('leaves English, other languages, numbers and codes as they were', () => {
    const words = ['shipping', 'häuser', '30', 'pr07', '退货'];
    for (const language of ['en', 'zh', 'it', '']) {
      expect(words.map(stemFor(language))).to.deep.equal(words.map(stemWord));
    }
    expect(['30', 'pr07', '退货'].map(stemFor('de'))).to.deep.equal(['30', 'pr07', '退货']);
  });

  it('stems any word', () => {
    fc.assert(
      fc.property(fc.constantFrom('de', 'fr', 'es', 'ar'), anyText, (language, text) => {
        expect(segmentWords(text).map(stemFor(language))).to.not.include(undefined);
      }),
    );
  });
});

describe('guessLanguage', () => {
  const questions: readonly (readonly [language: string, text: string])[] = [
    ['en', 'where is my order'],
    ['de', 'Wo ist meine Bestellung?'],
    ['fr', 'où est ma commande'],
    ['es', '¿dónde está mi pedido?'],
    ['zh', 'Wi-Fi 连不上'],
    ['ja', '注文はどこですか'],
    ['ko', '주문은 어디에'],
    ['ru', 'где мой заказ'],
  ];
  for (const [language, text] of questions) {
    it(`hears ${language} in "${text}"`, () => {
      expect(guessLanguage(text)).to.equal(language);
    });
  }

  it('falls back where nothing speaks for a language', () => {
    expect(guessLanguage('123 !!', 'zh')).to.equal('zh');
  });
});

describe('splitSentences', () => {
  it('does not stop at abbreviations, decimals and initials', () => {
    expect(splitSentences('Mr. Smith paid £2.95 e.g. by card. It was fine!')).to.deep.equal([
      'Mr. Smith paid £2.95 e.g. by card.',
      'It was fine!',
    ]);
  });

  it('stops at Chinese full stops without a space', () => {
    expect(splitSentences('可以退货。“真的吗？”是的！')).to.deep.equal([
      '可以退货。',
      '“真的吗？”',
      '是的！',
    ]);
  });

  it('loses nothing but white space', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(splitSentences(text).join('').replace(/\s/g, '')).to.equal(text.replace(/\s/g, ''));
      }),
    );
  });

  it('stays fast on long runs of dots', () => {
    expect(splitSentences('.'.repeat(200_000)).join('')).to.have.length(200_000);
  });
});

describe('plainText', () => {
  it('strips links, emphasis, code and escapes', () => {
    expect(plainText('See **[Refunds](/help/refunds.html)** or `npm`, *now* 5 \\* 3')).to.equal(
      'See Refunds or npm, now 5 * 3',
    );
  });

  it('stays fast on hostile marks', () => {
    for (const mark of ['[', '**', '`', '_a', '[a](', '\\'])
      expect(plainText(mark.repeat(50_000))).to.be.a('string');
  });
});

describe('parseMarkdownBlocks', () => {
  it('tells paragraphs, lists, tables and code apart', () => {
    const blocks = parseMarkdownBlocks(
      'Say:\n\n1. One\n2. Two\n   more\n\n| A | B |\n| --- | --- |\n| **x** | 2 |\n\n```\ncode\n```\n> quoted',
    );
    expect(blocks.map((block) => block.kind)).to.deep.equal([
      'paragraph',
      'list',
      'table',
      'code',
      'paragraph',
    ]);
  });

  it('keeps the rows and cells of a table', () => {
    const [table] = parseMarkdownBlocks('| Item | Cost |\n| --- | ---: |\n| Jug | £34 |');
    expect(table?.kind === 'table' && table.header).to.deep.equal(['Item', 'Cost']);
    expect(table?.kind === 'table' && table.rows[0]?.cells).to.deep.equal(['Jug', '£34']);
  });

  it('keeps what is nested in an item with it', () => {
    const [list] = parseMarkdownBlocks('- one\n  - inner\n- two');
    expect(list?.kind === 'list' && list.items.map((item) => item.text)).to.deep.equal([
      'one',
      'inner',
      'two',
    ]);
  });

  it('never throws and never loses words', () => {
    const piece = fc.constantFrom(
      '- ',
      '1. ',
      '| a | b |',
      '|---|---|',
      '```',
      '> ',
      '# ',
      'word',
      '\n',
      '\n\n',
      '  ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const markdown = pieces.join('');
        const all = parseMarkdownBlocks(markdown)
          .map((block) => block.markdown)
          .join('\n');
        expect(all.split('word').length).to.equal(markdown.split('word').length);
      }),
    );
  });
});
