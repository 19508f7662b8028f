import type { ParameterDefinition } from '../../contracts/plan-configs.ts';

/** What a parameter is about, told by its name and description. */
export type ParameterKind =
  | 'email'
  | 'phone'
  | 'url'
  | 'code'
  | 'date'
  | 'time'
  | 'person'
  | 'place'
  | 'money'
  | 'count'
  | 'whole'
  | 'other';

/** First match wins. */
const KINDS: readonly (readonly [kind: ParameterKind, expression: RegExp])[] = [
  ['email', /e-?mail|邮箱|邮件地址|电子邮件/i],
  ['phone', /phone|mobile|telephone|\btel\b|contact number|电话|手机|联系方式/i],
  ['url', /\burl\b|\blink\b|website|网址|链接/i],
  [
    'code',
    /(?:order|ticket|invoice|tracking|reference|booking|case|serial|customer|account|member)\s?(?:id|no|num(?:ber)?|code|ref)\b|\b(?:sku|id|code)\b|订单号|单号|编号|工单|序列号|会员号|卡号/i,
  ],
  ['date', /\bdate\b|\bday\b|deadline|\bwhen\b|birthday|日期|哪天|哪一天|几号|截止|生日/i],
  ['time', /\btime\b|\bhour\b|o'clock|几点|时刻|时间/i],
  ['money', /amount|price|budget|\bcost|\bpay|\bfee\b|salary|金额|预算|价格|费用|价钱|薪/i],
  [
    'count',
    /quantity|\bcount\b|number of|how many|\bqty\b|people|guests|persons|数量|几个|多少|件数|人数|个数/i,
  ],
  [
    'place',
    /\bcity\b|\btown\b|location|\bplace\b|destination|country|address|城市|地点|目的地|地址|国家|地区/i,
  ],
  [
    'person',
    /(?:first|last|full|customer|contact|user|visitor|person|your|guest)?\s?name\b|姓名|名字|称呼|联系人/i,
  ],
  [
    'whole',
    /\b(?:issue|problem|question|query|content|message|summary|description|details?|reason|complaint|request|symptom|topic)\b|内容|问题|描述|原因|详情|诉求|症状|主题|关键词/i,
  ],
];

/** Tells what a parameter is about; its name counts before its description. */
export function kindOfParameter({ name, description }: ParameterDefinition): ParameterKind {
  const words = name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').replaceAll(/[_-]+/g, ' ');
  for (const text of [words, description])
    for (const [kind, expression] of KINDS) if (expression.test(text)) return kind;
  return 'other';
}

/** How people may call a parameter: its name in words, and a description that is short. */
export function callsOfParameter({ name, description }: ParameterDefinition): readonly string[] {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .trim();
  const short = description
    .trim()
    .replace(/^(?:the|a|an|your|customer's|user's|用户的?|客户的?)\s*/i, '')
    .replace(/[.。:：]$/, '');
  const isShort =
    short !== '' && (/\p{Script=Han}/u.test(short) ? short.length <= 8 : short.split(/\s+/).length <= 3);
  return [...new Set([words, ...(isShort ? [short] : [])])].filter((call) => call.length > 1);
}
