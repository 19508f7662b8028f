import { decodeStrictly } from './decode-strictly.ts';

/** What an encoding is guessed from, and how sure the guess is. */
export interface EncodingGuess {
  /** A label that `TextDecoder` knows. */
  readonly encoding: string;
  /** 0 to 1: how much of what is not ASCII reads as common writing. */
  readonly score: number;
}

/** Bytes that are looked at, from the first that is not ASCII on. */
const SAMPLE_BYTES = 64 * 1024;
/** A guess below this is none. */
const LEAST_SCORE = 0.5;
/** The second best must stay below this share of the best. */
const MOST_RIVALRY = 0.8;
/** Share of common characters in running Chinese or Japanese that counts as sure. */
const SURE_SHARE = 0.4;

// The most frequent characters of running text and of customer service; a wrong encoding gives rare ones instead.
const SIMPLIFIED =
  '的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十用发天如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从请您订单退款支付货物商品客服需号码手机邮箱地址登录密码账户问题如何什怎样费免运送收件电话提供服务系统设置点击页选择输入确认更新内容使期限工作周月内外件信息保修换理已被由或及等本次第元至每请按照开关';
const TRADITIONAL =
  '的一是不了人我在有他這為之大來以個中上們到說國和地也子時道出而要於就下得可你年生自會那後能對著事其裡所去行過家十用發天如然作方成者多日都三小軍二無同麼經法當起與好看學進種將還分此心前面又定見只主沒公從請您訂單退款支付貨物商品客服需號碼手機郵箱地址登入密碼帳戶問題如何什怎樣費免運送收件電話提供服務系統設定點擊頁選擇輸入確認更新內容使期限工作週月內外件信息保固換理已被由或及等本次第元至每按照開關';
const JAPANESE =
  '日本人大年一国会中出上学生事自分時間行見社者地方場合手入力金今後前内部品物名注文商返送料金額配送先電話番号登録変更方法問合利用確認設定画面選択支払発送期限無料';
const PUNCTUATION = '，。！？；：、（）“”‘’《》「」『』—…·～　ー・';

const EAST_ASIAN: readonly (readonly [encoding: string, common: ReadonlySet<string>, kana: boolean])[] = [
  ['gb18030', new Set(SIMPLIFIED + PUNCTUATION), false],
  ['big5', new Set(TRADITIONAL + PUNCTUATION), false],
  ['shift_jis', new Set(JAPANESE + PUNCTUATION), true],
  ['euc-jp', new Set(JAPANESE + PUNCTUATION), true],
];
/** The encodings that {@link guessEncoding} can give, as `TextDecoder` names them. */
export const GUESSABLE: ReadonlySet<string> = new Set(['windows-1252', ...EAST_ASIAN.map(([name]) => name)]);
const WESTERN_LETTERS = new Set('äöüÄÖÜßéèêëàâáãåæçñíìîïóòôõøœúùûÉÈÊÀÂÁÃÅÆÇÑÍÎÓÔÕØŒÚ');
const WESTERN_MARKS = new Set('’‘“”„‚–—…€£¥°§©®«»¿¡·•™½¼¾²³±×ºª\u00a0');

/**
 * Guesses the encoding of bytes that are no UTF-8: GB18030 (GBK), Big5, Shift_JIS, EUC-JP or windows-1252 (Latin-1), by validity
 * and by how common the characters are that come out.
 * @returns Null where none is clearly the best: better an error than wrong characters.
 */
export function guessEncoding(bytes: Uint8Array): EncodingGuess | null {
  const sample = sampleOf(bytes);
  const guesses: EncodingGuess[] = [{ encoding: 'windows-1252', score: westernScore(sample) }];
  for (const [encoding, common, kana] of EAST_ASIAN)
    guesses.push({ encoding, score: eastAsianScore(sample, encoding, common, kana) });
  const [best, second] = guesses.sort((a, b) => b.score - a.score);
  if (best === undefined || best.score < LEAST_SCORE) return null;
  if (second !== undefined && second.score > best.score * MOST_RIVALRY) return null;
  return best;
}

/** Begins at a line end, where no character is cut in any of the encodings. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte >= 0x80);
  const start = bytes.subarray(0, Math.max(0, first)).lastIndexOf(0x0a) + 1;
  return bytes.subarray(start, start + SAMPLE_BYTES);
}

function eastAsianScore(
  sample: Uint8Array,
  encoding: string,
  common: ReadonlySet<string>,
  kana: boolean,
): number {
  let text: string;
  try {
    // As a stream: the sample may end within a character.
    text = new TextDecoder(encoding, { fatal: true }).decode(sample, { stream: true });
  } catch {
    // TypeError: the bytes are not valid in this encoding.
    return 0;
  }
  let all = 0;
  let known = 0;
  for (const character of text) {
    if (character <= '\u007f') continue;
    all += 1;
    if (common.has(character) || (kana && /[\u3041-\u30fa]/.test(character))) known += 1;
  }
  return all === 0 ? 0 : Math.min(1, known / all / SURE_SHARE);
}

/** Western letters stand among ASCII letters, seldom two in a row; in Cyrillic or Greek read as Latin they do. */
function westernScore(sample: Uint8Array): number {
  const text = decodeStrictly(sample, 'windows-1252') ?? '';
  let all = 0;
  let known = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character <= '\u007f') continue;
    all += 1;
    if (WESTERN_MARKS.has(character)) known += isForeign(text.charAt(at + 1)) ? 0 : 1;
    else if (WESTERN_LETTERS.has(character))
      known += isForeign(text.charAt(at - 1)) || isForeign(text.charAt(at + 1)) ? 0 : 1;
  }
  return all === 0 ? 0 : known / all;
}

function isForeign(character: string): boolean {
  return character > '\u007f' && !WESTERN_MARKS.has(character);
}
