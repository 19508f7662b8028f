import type { Passage } from '../../src/contracts/passage.ts';
import { samplePassage } from '../fixtures/sample-passage.ts';
import type { Draw } from './case-draw.ts';

/** A question with the passage it is about. */
export interface ShopFact {
  readonly question: string;
  readonly passage: Passage;
}

/** A sentence of a page and a question that it answers; names in braces are drawn. */
type Template = readonly [question: string, ...sentences: string[]];

const ENGLISH: readonly Template[] = [
  [
    'How long can I return the {product}?',
    'You can return a {product} within {days} days.',
    'The label costs {price}, and refunds take {few} working days.',
  ],
  [
    'What does {speed} delivery cost?',
    '{speed} delivery costs {price}.',
    'Orders over {price2} are sent free of charge to {place}.',
  ],
  [
    'Is the {product} covered by a warranty?',
    'Every {product} has a warranty of {few} years.',
    'It does not cover damage by lime, nor parts bought elsewhere.',
  ],
  [
    'How do I reach {brand}?',
    'Write to {mail} or call {phone}.',
    'We answer within {few} working days, except on public holidays.',
  ],
  [
    'Can I change my order?',
    'You can change an order up to {few} hours after you placed it.',
    'After that, the warehouse in {place} cannot stop the parcel.',
  ],
  [
    'Do you ship to {place}?',
    'We ship to {place} with {carrier}, which takes {few} to {days} days.',
    'Customs may ask for up to {price}, which we do not refund.',
  ],
  [
    'How do I pay for a {product}?',
    'You can pay with {carrier} Pay or by card.',
    'Cheques are not accepted, and invoices are only for orders over {price2}.',
  ],
  [
    'How do I cancel my {plan} plan?',
    'Open the page https://{host}/plans and press Cancel.',
    'The {plan} plan ends after {days} days unless you renew it before.',
  ],
  [
    'How often does the {product} need a new filter?',
    'Replace the filter every {few} weeks or after {days} litres.',
    'Never wash it with soap, because that blocks the pores.',
  ],
  [
    'May children use the {product}?',
    'Children under {few} may use the {product} only with an adult.',
    'The lock holds for {days} seconds.',
  ],
];
const CHINESE: readonly Template[] = [
  [
    '{product}多久之内可以退货？',
    '{product}可以在 {days} 天之内退货。',
    '退货运费是 {price}，退款在 {few} 个工作日之内办理。',
  ],
  ['{speed}配送多少钱？', '{speed}配送收费 {price}。', '满 {price2} 的订单免费寄到{place}。'],
  ['{product}保修多久？', '每一台{product}保修 {few} 年。', '水垢造成的损坏不在保修范围之内。'],
  ['怎么联系客服？', '请写信到 {mail}，或者拨打 {phone}。', '我们在 {few} 个工作日之内答复，公共假日除外。'],
  ['下单以后还能改吗？', '下单之后 {few} 小时之内可以修改订单。', '超过时间以后，{place}仓库不能拦下包裹。'],
  [
    '你们寄到{place}吗？',
    '我们用{carrier}寄到{place}，需要 {few} 到 {days} 天。',
    '海关可能收取最多 {price} 的税，我们不退这笔钱。',
  ],
  [
    '怎么取消{plan}套餐？',
    '打开 https://{host}/plans，然后点击取消。',
    '{plan}套餐在 {days} 天以后结束，除非您在此之前续订。',
  ],
  [
    '{product}的滤芯多久换一次？',
    '滤芯每 {few} 周或者满 {days} 升更换一次。',
    '不要用肥皂清洗，肥皂会堵住滤芯。',
  ],
];

const SYLLABLES = 'bra,kel,to,min,ra,sol,ven,dor,lu,fen,gar,thi,mo,nex,pal,ri'.split(',');
const WORDS = {
  en: {
    kinds: 'kettle,lamp,jug,tent,grinder,heater,speaker,mattress'.split(','),
    speed: 'Standard,Express,Saturday,Evening'.split(','),
    place: 'Norway,Canada,Scotland,Malta,Poland,Japan'.split(','),
    plan: 'Basic,Plus,Family,Studio'.split(','),
    carrier: 'Larkway,Northpost,Swiftline'.split(','),
    sign: '£',
  },
  zh: {
    kinds: '水壶,台灯,帐篷,音箱,床垫,加湿器'.split(','),
    speed: '标准,快速,周六,夜间'.split(','),
    place: '挪威,加拿大,苏格兰,波兰,日本'.split(','),
    plan: '基础,家庭,工作室'.split(','),
    carrier: '云雀快递,北方邮政'.split(','),
    sign: '¥',
  },
} as const;

/** The name of an invented product in an English text. */
export const PRODUCT_NAME = new RegExp(`\\p{Lu}\\p{Ll}{4,} (?:${WORDS.en.kinds.join('|')})`, 'u');

/** Invents a brand. */
export function inventName(draw: Draw): string {
  const word = [draw.one(SYLLABLES), draw.one(SYLLABLES), draw.one(SYLLABLES)].join('');
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Invents pages of a shop, all of one brand: each has sentences on two or three matters, and a question about one of them. */
export function inventShop(draw: Draw, language: 'en' | 'zh', count: number): readonly ShopFact[] {
  const templates = language === 'en' ? ENGLISH : CHINESE;
  const brand = inventName(draw);
  return Array.from({ length: count }, (_, at) => {
    const values = drawValues(draw, language, brand);
    const chosen = draw.some(templates, draw.number(2, 3));
    const sentences = chosen.flatMap(([, ...each]) => each).map((text) => fill(text, values));
    const [question] = draw.one(chosen);
    const title = language === 'en' ? `Help for the ${values.product}` : `${values.product}帮助`;
    const passage = samplePassage(
      `${brand.toLowerCase()}-${at}#0`,
      title,
      sentences.join(language === 'en' ? ' ' : ''),
      { language },
    );
    return { question: fill(question, values), passage };
  });
}

function drawValues(draw: Draw, language: 'en' | 'zh', brand: string) {
  const words = WORDS[language];
  const price = (): string =>
    `${words.sign}${draw.number(2, 190)}${draw.chance(0.5) ? `.${draw.number(10, 99)}` : ''}`;
  const kind = draw.one(words.kinds);
  const host = `${brand.toLowerCase()}.example`;
  return {
    brand,
    host,
    product: language === 'en' ? `${inventName(draw)} ${kind}` : `${inventName(draw)}${kind}`,
    speed: draw.one(words.speed),
    place: draw.one(words.place),
    plan: draw.one(words.plan),
    carrier: draw.one(words.carrier),
    mail: `help@${host}`,
    phone: `0${draw.number(1200, 1999)} ${draw.number(100_000, 999_999)}`,
    price: price(),
    price2: price(),
    days: String(draw.number(14, 120)),
    few: String(draw.number(2, 12)),
  };
}

function fill(text: string, values: { readonly [name: string]: string }): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}
