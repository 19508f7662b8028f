import { type ComparisonRule, rule } from './comparison-rule.ts';

const SIDE = String.raw`[^,;:?!。！？，；：、]{1,24}?`;
const LEFT = `(?<left>${SIDE})`;
const RIGHT = `(?<right>${SIDE})`;
const AND = String.raw`\s*(?:和|与|跟|同|及|vs[.]?)\s*`;
const OR = String.raw`\s*(?:和|与|跟|或者?|还是)\s*`;
const BETTER =
  '(?:更|还|要)?(?:贵|便宜|实惠|划算|大|小|长|短|快|慢|多|少|高|低|好|差|重|轻|强|弱|早|晚|久|省|厚|薄|宽|窄|新|旧|方便|容易|简单|耐用|安全|难|复杂)';
const GAP = String.raw`[,:，：？?\s]*`;

/** How Chinese questions compare; the first that holds is taken. */
export const CHINESE_COMPARISONS: readonly ComparisonRule[] = [
  rule(
    `^${LEFT}${AND}${RIGHT}(?:之间|两者)?(?:(?:的|在)(?<about>[^的在,，]{1,12}?)(?:上|方面|方面上)?)?(?:到底|究竟)?(?:有|是)?(?:什么|啥|哪些|何|多大|没有|多少)?的?(?:区别|不同|差别|差异|分别|不一样)(?:在哪里?|是什么|吗|么|呢)*$`,
  ),
  rule(`^(?:对比|比较|比)(?:一下|一比)?${LEFT}${AND}${RIGHT}(?:的(?<rest>[^的]+))?$`),
  rule(`^${LEFT}${AND}${RIGHT}(?:相比|比起来|对比|比较|比一比)${GAP}(?<rest>.*)$`),
  rule(`^${LEFT}${OR}${RIGHT}${GAP}(?<rest>(?:哪一?(?:个|种|款|家|边)|谁).*)$`),
  rule(`^(?<about>(?:哪一?(?:个|种|款)|谁)[^,，:：]+?)[,，:：]\\s*${LEFT}${OR}${RIGHT}$`),
  rule(`^${LEFT}比(?![如较例赛分])${RIGHT}(?<rest>${BETTER}.{0,8})$`),
  rule(
    `^(?:我|我们)?(?:应该|该|要|想)?(?:买|选择?|用|订购?|要)${LEFT}还是${RIGHT}(?<rest>${BETTER}.{0,4})?$`,
    false,
  ),
  rule(`^${LEFT}\\s*还是\\s*(?![不没无会有要能很得可一需])${RIGHT}(?<rest>${BETTER}.{0,4})?$`, false),
  rule(`^${LEFT} (?:vs[.]?|versus) ${RIGHT}(?:[,，:：\\s]+(?<rest>.+))?$`),
];
