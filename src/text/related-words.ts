import { stemWord } from './stem-word.ts';

/**
 * Words that customers and help pages use for the same thing, a group a line. They hold for any shop or service; the
 * words of one trade come from the pages themselves.
 */
const ENGLISH = `
return refund reimburse
refund money cashback reimbursement
return sendback giveback
exchange swap replace change
change replace swap switch renew
change alter edit modify update correct amend fix
order purchase buy bought
cancel stop terminate end quit unsubscribe
subscription plan membership subscribe
delivery shipping shipment dispatch postage post courier ship deliver
postage shipping delivery
deliver send ship post
parcel package packet box shipment
driver carrier courier van
track trace follow tracking
arrive come reach delivered
late delayed delay overdue
missing lost vanished gone stolen
damaged broken crushed cracked crack faulty defective break
fault faulty defect defective broken problem
repair fix mend
warranty guarantee cover covered
price cost fee charge rate pay expensive
cheap discount rebate reduction offer voucher
voucher coupon code gift
discount rebate reduction bulk
invoice bill receipt
pay payment charge
card visa mastercard amex
amex american express
instalment installment monthly
refuse reject decline declined failed
account profile login
login signin log sign
password pasword passcode
email mail e-mail address
phone telephone call ring mobile
phone mobile smartphone
contact reach call
human agent person staff advisor representative
complain complaint unhappy
delete remove erase close
remove uninstall
privacy data personal gdpr
install fit mount fitted setup
installer fitter plumber technician
fit install attach
connect pair link hook join
pair connect link
wifi internet network router wlan
offline disconnected unreachable
reset restart reboot
reset forgot forgotten lost
app application
battery batteries
light lamp led indicator
blink flash flashing blinking
purple violet
red amber orange
leak drip puddle leaking water
slow weak trickle
clean wash rinse scrub
dishwasher dish
limescale scale lime descale
smell odour odor taste
taste flavour flavor odd
noise loud sound
dirt specks bits particles dust
rubbish bin trash recycle dispose throw
recycle dispose used old
soak immerse
filter cartridge
lifetime last lasts life lifespan
temperature hot cold warm boiling
frost freeze freezing
child kid kids children toddler baby
lock block locked
old age adult
holiday vacation travel trip away
move moving relocate flat house
abroad overseas international foreign country
customs duty import tax
tax vat
business company school office firm
student university pupil
pickup collect collection fetch
shop store branch
hour time open opening
opening hours open
weekend saturday sunday
deadline period limit within
expire expiry valid validity
notice period
minimum least
maximum most limit
size big large dimensions measure
weight weigh heavy
colour color finish
spare part component
tool spanner wrench
step instruction guide manual
download save pdf
print paper
name rename
sell resell secondhand
accident drop dropped
gift present
friend someone somebody
pause hold skip suspend
add include additional
two twice double both
`;
const UNSPACED = `
退货 退掉 退回 能退 可退 退了 退换
退款 退钱 的钱 到账 退还
换货 更换 替换 换成 自换 己换 新换
订单 下单 单号
订阅 订了 续订 计划
取消 退订 不要 不想 停止
物流 快递 包裹 走到 查询 跟踪
快递 配送 送货 发货 寄送 特快
邮费 运费 包邮 免费 邮资 费用
费用 价格 少钱 收费 售价 多钱 贵
收到 送达 送到 到货 签收
寄到 配送 海外 国外
修改 改不 更改 能改 变更 填错 写错
地址 住址 址写
保修 质保 保修期 修期 期限
损坏 坏了 摔裂 摔坏 裂了 破损 故障 摔
故障 坏了 问题 失灵
维修 修理 修一
发票 收据 账单
付款 支付 刷卡 扣款 付钱 微信 扣不
银行 行卡 刷卡 信用
账户 账号 注册 帐户 帐号
密码 口令
电话 打电 致电 来电
客服 人工 真人 联系
安装 装上 来装 装一 自装 装好
师傅 工人 请人 上门
连接 配对 连不 接上 连上 搜不
网络 无线 wifi wi-fi 路由
手机 应用 app
指示 示灯 红灯 灯亮 亮灯 闪烁 闪 一闪
滴滴 蜂鸣 哔哔 叫
漏水 渗水 滴水 漏
滤芯 过滤 芯子 的芯
多久 寿命 期限 时间
浸泡 泡多 泡水 要泡
清洗 清洁 洗碗
水垢 水碱
回收 处理 扔掉
礼品 品卡
面额 金额
优惠 折扣 打折
配件 零件 起泡
出国 度假 出差 旅行
暂停 先别 停寄 别寄
违约 约金 最短 随时 期限
孔 钻孔 钻多 开孔 打孔
周末 星期 周六 周日
营业 开门 上班 工作
步骤 方法 教程
`;

type Groups = ReadonlyMap<string, ReadonlySet<string>>;

function addGroups(
  table: string,
  prepare: (word: string) => string,
  related: Map<string, Set<string>>,
): void {
  for (const line of table.trim().split('\n')) {
    const words = line.split(' ').map(prepare);
    for (const word of words) {
      const others = related.get(word) ?? new Set<string>();
      for (const other of words) if (other !== word) others.add(other);
      related.set(word, others);
    }
  }
}

function makeGroups(): Groups {
  const related = new Map<string, Set<string>>();
  addGroups(ENGLISH, stemWord, related);
  addGroups(UNSPACED, (word) => word, related);
  return related;
}

const NONE: ReadonlySet<string> = new Set();
let groups: Groups | null = null;

/** Gives the index terms that may stand for a term in help pages. */
export function relatedTerms(term: string): ReadonlySet<string> {
  groups ??= makeGroups();
  return groups.get(term) ?? NONE;
}

/** Turns of phrase that one word of the pages stands for. */
const PHRASES: readonly (readonly [phrase: RegExp, words: string])[] = [
  [
    /\b(?:send|sent|give|giving|given|gave|bring|take|took) (?:(?:it|them|this|that|one|(?:the|my|a) \p{L}+) )?back\b/u,
    'return',
  ],
  [/\bmoney back\b/u, 'refund'],
  [/\bget(?:ting)? rid of\b/u, 'delete remove'],
  [/\bpick(?:ed|ing)?(?: \p{L}+){0,3} up\b/u, 'collect collection'],
  [/\b(?:under|below|beneath)[- ](?:the |my )?sink\b/u, 'below sink'],
  [/\bhold on to\b/u, 'keep'],
  [/\bset up\b/u, 'setup install'],
  [/\b(?:put|have|get) (?:it|one|this|that) in\b/u, 'install'],
  [/\bhook(?:ed|ing)? (?:\p{L}+ ){0,3}up\b/u, 'connect pair'],
  [/\brun out\b|\bran out\b/u, 'expired empty'],
  [/\b(?:log|sign)(?:ged|ging)? ?in\b/u, 'login account'],
  [
    /\bnot? (?:come|came|arrived?|delivered|received)\b|\bnever (?:came|arrived|received|got)\b|\bdid ?n[o']?t (?:come|arrive|receive|get)\b/u,
    'missing',
  ],
  [/\bdo(?:es)?n[o']?t work\b|\bnot working\b|\bstopped working\b/u, 'fault problem'],
];

const ANY_PHRASE = new RegExp(PHRASES.map(([phrase]) => phrase.source).join('|'), 'u');

/** Reports whether a text, given in normalized form, holds a turn of phrase of {@link wordsForPhrases}. */
export function holdsPhrase(normalized: string): boolean {
  return ANY_PHRASE.test(normalized);
}

/** Finds words that stand for turns of phrase in a question, given in normalized form. */
export function wordsForPhrases(normalized: string): string {
  return PHRASES.filter(([phrase]) => phrase.test(normalized))
    .map(([, words]) => words)
    .join(' ');
}
