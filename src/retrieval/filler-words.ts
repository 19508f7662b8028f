import { stemWord } from '../text/stem-word.ts';

/**
 * Words of talk rather than topic: visitors use them in any question, help pages hardly ever, so that their rarity in a
 * bundle would make them look important.
 */
const ENGLISH =
  'please pls plz help want wanna need needs like know tell told hi hello hey thanks thank ok okay got get gets getting go going gone come came went find found look looking see saw seen ' +
  'make made makes making use using used put take took taken give gave given let keep kept try tried trying thing things stuff way ways question ask answer something anything nothing everything someone anyone somebody anybody everyone nobody possible possibly able ' +
  'long much many mean means meant happen happens happened inform say says said saying still already anymore even really actually basically maybe perhaps probably quite pretty very lot lots bit bits little kind sort types ' +
  'good bad nice great fine best better idea sure right wrong true false real normal think thought guess believe suppose wonder feel hear heard seem seems say talk speak ' +
  'now today later soon ago since while yet always never often sometimes usually again back away around along together instead else another others other same different few several couple enough ' +
  'one ones two first next last new old big small high low whole part people person guy guys folks friend wife husband mum mom dad kid son daughter sister brother mine yours myself yourself ' +
  'provide provided detail details elaborate summarize summary overview brief briefly narrate curious info information mention mentioned ' +
  'hope love hate glad sorry sad annoyed angry yuck wow oh ah um hmm lol omg eh hold call called name start begin stop end turn run walk explain describe show understand mind matter care worth sense fact case example quick quickly easy simple hard time times day place point problem issue trouble im u ur r';
const UNSPACED =
  '请问 问题 问一 一问 办法 帮我 帮忙 告诉 诉我 时候 时 候 一下 一个 这个 那个 有没 没有 有人 可不 能不 不能 是不 行不 行吗 吗 呢 吧 啊 哦 呀 了吗 的话 自己 现在 今天 刚刚 刚 已经 经 还有 还是 还能 还要 就是 就要 只有 真的 东西 事 事情 情况 回事 么回 怎么 么办 么弄 么样 么做 弄 搞 办 做 用 说 说一 看 看看 看到 来 去 走 里 上 下 中 大 小 多 少 好 不 没 人 天 点 次 啥 之类 知 道 知道 觉得 感觉 应该 需要 想要 我想 我要 我的 你们 们的 有 无 再 先 后 前 才 直 一直 一 开始 始 结束 停止';

const FILLERS: ReadonlySet<string> = new Set([...ENGLISH.split(' ').map(stemWord), ...UNSPACED.split(' ')]);

/** Reports whether an index term is a word of talk rather than topic. */
export function isFiller(term: string): boolean {
  return FILLERS.has(term);
}

/** Words that only ask, as far as they are no words of the form of a question ("refund please", "I want to know about delivery"). */
const ENGLISH_REQUESTS =
  'please pls plz help want wanna need like know tell hi hello hey thanks thank get find look show make info information detail question ask';

const REQUESTS: ReadonlySet<string> = new Set([
  ...ENGLISH_REQUESTS.split(' ').map(stemWord),
  ...UNSPACED.split(' '),
]);

/** Reports whether an index term is a word of talk that only asks; in a script without spaces, a word of talk. */
export function isRequest(term: string): boolean {
  return REQUESTS.has(term);
}
