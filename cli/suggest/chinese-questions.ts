import type { QuestionOfText } from './drafted-question.ts';
import { factsOf } from './drafted-question.ts';

/** Verbs that begin the headings of help pages. */
const VERBS =
  '安装|办理|绑定|保存|报告|报修|编辑|变更|查看|查询|查找|撤销|充值|处理|创建|存放|打开|导出|导入|登录|兑换|订购|断开|发送|分享|付款|更改|更换|更新|购买|关闭|管理|合并|恢复|回收|获取|激活|加入|检查|降级|解除|解绑|解锁|解决|开具|开启|开始|开通|控制|联系|连接|领取|配对|配置|启用|清洗|清洁|取消|确认|删除|上传|设置|申请|升级|使用|收集|锁定|提交|停用|退订|退货|退款|退出|拆下|拆卸|下载|卸载|修改|修理|选择|验证|邀请|移除|预约|暂停|找回|整理|支付|注册|注销|重置|重启|重新|转让|追踪|跟踪|添加|寄回|换货';
const STARTS = new RegExp(`^(?:如何|怎么|怎样)?((?:${VERBS}).{0,18})$`, 'u');
/** Words that point at something said before: a question must stand alone. */
const POINTERS = /[它其这那该此]|以上|以下|上述|下面|前者|后者/;
/** What a heading calls the text under it: no part of what is asked. */
const TEXT_WORDS = /的?(?:步骤|方法|方式|流程|教程|指南)$/u;
/** Ends of what is a topic, not a thing to do. */
const TOPICS = /(?:政策|规则|条件|时间|费用|须知|说明|事项|信息|记录|原因)$|方式./u;
const ASKS = /(?:吗|呢|什么|怎么|怎样|如何|多久|多少|哪|谁|几|是否|能否|可否|为什么).*[？?]?$/u;
const SUBJECT = '([^，。；：、？！,（）()]{2,14}?)';
const MAX_CHARACTERS = 32;

/** The question that a Chinese heading asks or announces; null when it announces none that stands alone. */
export function chineseHeadingQuestion(heading: string): string | null {
  const text = heading.trim().replace(/^\d+[.、)]\s*/, '');
  if (POINTERS.test(text)) return null;
  if (ASKS.test(text)) return accept(/[？?]$/.test(text) ? text : `${text}？`);
  if (/(?:不成功|失败|不了|没反应)$/u.test(text)) return accept(`${text}怎么办？`);
  const announced = TOPICS.test(text) ? undefined : STARTS.exec(text.replace(TEXT_WORDS, ''))?.[1];
  return announced === undefined || announced.length < 4 ? null : accept(`怎么${announced}？`);
}

/** Questions that a Chinese sentence answers by its form: prices, times, definitions, permissions, conditions. */
export function chineseSentenceQuestions(sentence: string): readonly QuestionOfText[] {
  const facts = factsOf(sentence);
  const made: QuestionOfText[] = [];
  const ask = (pattern: string, question: (piece: string) => string, kind: QuestionOfText['kind']): void => {
    const [, piece] = new RegExp(pattern, 'u').exec(sentence) ?? [];
    if (piece === undefined || (kind === 'fact' && facts.length === 0)) return;
    made.push({
      question: question(fromVisitor(piece)),
      facts: kind === 'fact' ? facts.slice(0, 1) : facts,
      kind,
    });
  };
  ask(
    `^${SUBJECT}(?:需要|大约需要|要|通常需要)\\s?\\d+[^，。]*?(?:工作日|天|周|月|小时|分钟|秒)`,
    (piece) => `${piece}需要多久？`,
    'fact',
  );
  ask(
    `^${SUBJECT}(?:的价格是|售价|的费用是|收费|价格为|费用为|只要)\\s?[£¥]?\\d`,
    (piece) => `${piece}多少钱？`,
    'fact',
  );
  ask(`^${SUBJECT}(?:是一种|是一款|是指|指的是)`, (piece) => `什么是${piece}？`, 'definition');
  ask(`(?:^|，)您?可以([^，。；：]{4,16})[，。；]`, (piece) => `可以${piece}吗？`, 'yesno');
  ask(`(?:^|，)您?(?:不能|无法|不可以)([^，。；：]{4,16})[，。；]`, (piece) => `能${piece}吗？`, 'yesno');
  ask(
    `^(?:如果|要是|若)([^，。；：]{4,20})(?:，|的话，)`,
    (piece) => `${piece.replace(/的话$/, '')}怎么办？`,
    'condition',
  );
  return made.filter(({ question }) => !POINTERS.test(question) && accept(question) !== null);
}

function accept(question: string): string | null {
  return Array.from(question).length >= 5 && Array.from(question).length <= MAX_CHARACTERS ? question : null;
}

/** Turns what is said to the visitor into what the visitor says. */
function fromVisitor(text: string): string {
  return text
    .trim()
    .replace(/您的|你的/g, '我的')
    .replace(/[您你]/g, '我');
}
