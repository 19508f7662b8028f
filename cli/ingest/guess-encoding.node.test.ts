import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { encodeText } from '../../test/node/encode-text.ts';
import { decodeSource } from './decode-source.ts';
import { guessEncoding } from './guess-encoding.ts';

const TEXTS: readonly (readonly [encoding: string, text: string])[] = [
  ['gb18030', '如何退货？请在收到商品后三十天内登录账户，选择订单并点击退货。我们会在收到后退款。'],
  ['gb18030', '配送\n\n订单满 200 元免运费，其他订单的运费是 12 元。'],
  ['big5', '如何退貨？請在收到商品後三十天內登入帳戶，選擇訂單並點擊退貨。我們會在收到後退款。'],
  [
    'shift_jis',
    '返品の方法を教えてください。商品を受け取ってから三十日以内に、マイページで注文を選択してください。',
  ],
  [
    'euc-jp',
    '返品の方法を教えてください。商品を受け取ってから三十日以内に、マイページで注文を選択してください。',
  ],
  ['windows-1252', 'Für Rückgaben haben Sie dreißig Tage. Die Gebühr beträgt 3 € – mehr nicht.'],
  ['windows-1252', 'Le remboursement est effectué après réception du colis, en général sous cinq jours.'],
  ['windows-1252', 'Puede devolver el artículo en treinta días. ¿Cuánto cuesta el envío?'],
];

/** The replacement character in UTF-8 and UTF-16. */
const SPELLED = ['efbfbd', 'fdff', 'fffd'].map((hex) => Buffer.from(hex, 'hex'));

describe('guessEncoding', () => {
  for (const [encoding, text] of TEXTS) {
    it(`reads "${text.slice(0, 12)}" in ${encoding} without a wrong character`, () => {
      const bytes = encodeText(text, encoding);
      assert.equal(guessEncoding(bytes)?.encoding, encoding);
      const { text: read, remark } = decodeSource(bytes, 'a.txt', null);
      assert.equal(read, text);
      assert.match(remark ?? '', new RegExp(encoding));
    });
  }

  it('reads the euro sign and the dash of windows-1252, which the decoder of Node takes for controls', () => {
    const bytes = Uint8Array.of(0x33, 0x20, 0x80, 0x20, 0x96, 0x20, 0x66, 0xfc, 0x72);
    assert.equal(decodeSource(bytes, 'a.txt', null).text, '3 € – für');
    assert.equal(decodeSource(bytes, 'a.txt', 'latin1').text, '3 € – für');
  });

  it('refuses what it cannot tell, and reads it when the owner names the encoding', () => {
    const bytes = encodeText('Вернуть товар можно в течение тридцати дней.', 'windows-1251');
    assert.equal(guessEncoding(bytes), null);
    assert.throws(
      () => decodeSource(bytes, 'a.txt', null),
      (error) => isUnderstudyError(error, 'cli/source-invalid'),
    );
    assert.match(decodeSource(bytes, 'a.txt', 'windows-1251').text, /^Вернуть товар/);
  });

  it('refuses an encoding that the owner names wrongly', () => {
    const bytes = new TextEncoder().encode('你好').subarray(0, 5);
    assert.throws(
      () => decodeSource(bytes, 'a.txt', 'utf-8'),
      (error) => isUnderstudyError(error, 'cli/source-invalid'),
    );
  });

  it('reads a declared charset without a remark, and says where the declaration is wrong', () => {
    const declared = encodeText('<meta charset="gbk"><p>订单', 'gb18030');
    assert.deepEqual(decodeSource(declared, 'a.html', null), {
      text: '<meta charset="gbk"><p>订单',
      remark: null,
    });
    const wrong = encodeText(`<meta charset="utf-16le"><p>${TEXTS[0]?.[1] ?? ''}`, 'gb18030');
    assert.match(decodeSource(wrong, 'a.html', null).remark ?? '', /gb18030, not as utf-16le/);
  });

  it('does not believe a declaration in which any bytes are valid, where they clearly are another encoding', () => {
    const chinese = TEXTS[0]?.[1] ?? '';
    const page = encodeText(`<meta charset="iso-8859-1"><p>${chinese}`, 'gb18030');
    const read = decodeSource(page, 'a.html', null);
    assert.ok(read.text.endsWith(chinese), read.text);
    assert.match(read.remark ?? '', /gb18030, not as iso-8859-1, which it declares/);
    const german = TEXTS[5]?.[1] ?? '';
    const other = decodeSource(
      encodeText(`<meta charset="gb2312"><p>${german}`, 'windows-1252'),
      'a.html',
      null,
    );
    assert.ok(other.text.endsWith(german), other.text);
  });

  it('reads a page as the owner says, and tells where it looks like another encoding', () => {
    const bytes = encodeText(TEXTS[0]?.[1] ?? '', 'gb18030');
    const { remark } = decodeSource(bytes, 'a.txt', 'windows-1252');
    assert.match(remark ?? '', /read as windows-1252, which the source says; it looks like gb18030/);
    assert.equal(decodeSource(bytes, 'a.txt', 'gbk').remark, null);
  });

  it('recognizes UTF-16 without a mark', () => {
    const wide = new Uint8Array(Buffer.from('Returns take thirty days.', 'utf16le'));
    assert.equal(decodeSource(wide, 'a.txt', null).text, 'Returns take thirty days.');
  });

  it('takes no guess that gives a replacement character', () => {
    for (const hex of ['fffd0001', 'fdff0100', '8431a437']) {
      let text = '';
      try {
        ({ text } = decodeSource(Buffer.from(hex, 'hex'), 'a.txt', null));
      } catch (error) {
        assert.ok(isUnderstudyError(error, 'cli/source-invalid'), String(error));
      }
      assert.ok(!text.includes('\ufffd'), hex);
    }
  });

  it('gives no replacement character for any bytes but where they spell one: it reads them or refuses', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          const { text, remark } = decodeSource(bytes, 'a.txt', null);
          if (!text.includes('\ufffd')) return;
          assert.equal(remark, null);
          assert.ok(SPELLED.some((spelled) => Buffer.from(bytes).includes(spelled)));
        } catch (error) {
          assert.ok(isUnderstudyError(error, 'cli/source-invalid'), String(error));
        }
      }),
      { numRuns: 500 },
    );
  });
});
