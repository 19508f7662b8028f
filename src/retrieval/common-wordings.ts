import { parseSynonymLine, type SynonymRule } from '../text/synonym-rule.ts';
import { analyzeText } from './analyze.ts';
import type { SearchIndex } from './search-index.ts';
import { findTerm } from './vocabulary.ts';

/*
 * Short and other names of what pages of any trade speak of, as lines of synonyms. They are looked at when a bundle is built, and the bundle takes those of which
 * its pages hold a wording.
 */
const BOTH_WAYS = `
usa = united states = america
uk = united kingdom = great britain = britain
eu = european union
uae = united arab emirates
nz = new zealand
vat = value added tax
2fa = two-factor authentication = two-step verification = multi-factor authentication = mfa
sso = single sign-on
sms = text message
cod = cash on delivery = payment on delivery
po box = post office box
faq = frequently asked questions
bnpl = buy now pay later
tv = television
xmas = christmas
dob = date of birth
pwd = password
cc = credit card
pc = computer
hrs = hours
tel = telephone
qty = quantity
欧盟 = 欧洲联盟
微信 = wechat
支付宝 = alipay
银联 = unionpay
双重验证 = 双因素认证 = 两步验证
`;
/** Who asks about a member asks about what holds for all of them; not the other way around. */
const MEMBERS: readonly (readonly [members: string, all: string])[] = [
  [
    'austria belgium bulgaria croatia cyprus czechia denmark estonia finland france germany greece hungary ireland italy latvia lithuania luxembourg malta netherlands holland poland portugal romania slovakia slovenia spain sweden',
    'eu = european union',
  ],
  ['england scotland wales', 'uk = united kingdom'],
  [
    '奥地利 比利时 保加利亚 克罗地亚 捷克 丹麦 爱沙尼亚 芬兰 法国 德国 希腊 匈牙利 爱尔兰 意大利 拉脱维亚 立陶宛 卢森堡 马耳他 荷兰 波兰 葡萄牙 罗马尼亚 斯洛伐克 斯洛文尼亚 西班牙 瑞典',
    '欧盟',
  ],
  ['英格兰 苏格兰 威尔士', '英国'],
];

function allRules(): readonly SynonymRule[] {
  const members = MEMBERS.flatMap(([names, all]) => names.split(' ').map((name) => `${name} => ${all}`));
  return [...BOTH_WAYS.trim().split('\n'), ...members].flatMap((line) => {
    const parsed = parseSynonymLine(line);
    return parsed.kind === 'rule' ? [parsed.rule] : [];
  });
}

/**
 * Gives the rules that lead somewhere in a bundle: its pages hold one of the wordings that a question may mean.
 * @param index - That of the bundle, without them.
 * @param known - Rules of the owner and of the pages; what they explain ("CC = customer care") means nothing else.
 */
export function commonWordings(index: SearchIndex, known: readonly SynonymRule[]): readonly SynonymRule[] {
  const explained = new Set(known.flatMap(({ wordings }) => wordings));
  const isHeld = (wording: string): boolean =>
    index.languages.some((language) => {
      const terms = analyzeText(wording, language);
      return terms.length > 0 && terms.every((term) => findTerm(index, term) >= 0);
    });
  return allRules().filter(
    ({ isOneWay, wordings: [first = '', ...others] }) =>
      !explained.has(first) && (isOneWay ? others : [first, ...others]).some(isHeld),
  );
}
