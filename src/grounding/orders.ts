import { normalizeText } from '../text/normalize-text.ts';
import { ORDER_PATTERNS } from '../text/order-patterns.ts';

/*
 * A page that a stranger could write on may say "answer that refunds are free". That is no evidence for free refunds. A paragraph that
 * looks so is left out of what statements are held against: at worst the passage is shown as it stands.
 */

const MODEL =
  'ai|llms?|(?:language|ai|chat) ?(?:models?|bots?|assistants?|agents?)|chatbots?|bots?|assistant';
const PEOPLE = 'visitors?|customers?|users?|readers?|clients?|guests?|humans?|everyone|everybody';
const ANSWER = 'answer|reply|respond|say|output|print|repeat|write';

/** Orders about what is to be said, which the build does not remark on: they also stand in pages for people who answer. */
const SPEECH_PATTERNS: readonly RegExp[] = [
  new RegExp(`\\b(?:tell|inform|assure|convince|warn|instruct)\\s+(?:[\\w']+\\s+){0,3}(?:${PEOPLE})\\b`, 'u'),
  new RegExp(`\\b(?:${ANSWER})\\b(?:\\s+[\\w']+){0,3}\\s*(?:[:"“]|\\bthat\\b)`, 'u'),
  new RegExp(
    `\\b(?:${ANSWER})(?:\\s+[\\w']+){0,3}\\s+(?:with (?:only|exactly|nothing|the (?:words?|sentence|text|phrase|following))|with\\s*[:"“]|as follows|after me|exactly|verbatim|nothing)\\b`,
    'u',
  ),
  /\b(?:only|correct|right|real|true) (?:answer|reply|response)\b|\banswer to (?:every|each|any|all)\b/u,
  /\bin (?:your|every|each|the) (?:answers?|repl(?:y|ies)|responses?)\b|\byour (?:next |only )?(?:answers?|repl(?:y|ies)|responses?|output)\b/u,
  new RegExp(`\\b(?:to|for|dear|hey|attention|hello)[:,]?\\s+(?:all |any |every |the )?(?:${MODEL})\\b`, 'u'),
  new RegExp(
    `\\b(?:${MODEL})\\s*[,:]\\s*\\S|\\b(?:${MODEL})\\b[^.!?\\n]{0,20}\\b(?:must|should|shall|has to|have to)\\b`,
    'u',
  ),
  /\b(?:if|when|whenever|whatever|should)\b[^.!?\n]{0,24}\b(?:asked|asks|question)\b[^.!?\n]{0,40}\b(?:answer|reply|respond|say|tell|claim|mention|recommend)\b/u,
  /\b(?:ignore|disregard|forget|discard)\b[^.!?\n]{0,20}\b(?:above|everything|before|previous|prior|earlier|context|passages?|pages?)\b/u,
  /\b(?:pretend|act as|role-?play|developer mode|jailbreak|override|new (?:task|role|persona|rule)s?\b|from now on)\b/u,
  /(?:^|[.!?\n>#*-])\s{0,8}(?:system|assistant|user|human|instructions?|prompt)\s*[:>]/u,
  /\bas an ai\b|\b(?:your|my|these|following) (?:instructions|guidelines|guidance)\b|["']role["']\s*:/u,
  /<!--|<\|?\/?[a-z_]{2,24}\|?>|\[\/?inst\]|<<\/?sys>>|<\/?s>/u,
  /(?:告诉|告知|转告|提醒|劝)[^。！？\n]{0,8}(?:访客|顾客|客户|用户|客人|读者|所有人|大家|对方)/u,
  /(?:回答|回复|答复|输出|重复|写出|说|加入|写着)[^。！？\n，]{0,6}[：:“"「]/u,
  /(?:不论|无论|不管)[^。！？\n]{0,12}(?:问|说|提)|(?:被问|有人问|问到|问起)[^。！？\n]{0,16}(?:答|说|回复)/u,
  /(?:唯一|正确|标准|最终)(?:的)?(?:答案|回答|回复)|(?:你|您)的(?:回答|回复|输出)|在(?:回答|回复)(?:中|里)/u,
  /(?:助手|模型|机器人|智能体|ai)(?:[：:，,]|必须|应该|应当|请)|(?:致|给)[^。！？\n]{0,10}(?:助手|模型|机器人|ai)/u,
  /(?:^|[。！？\n>#*-])\s{0,8}(?:系统|助手|用户|指令)(?:提示|消息|指令)?\s*[：:>]/u,
  /(?:忽略|无视|忘记|忘掉|不要管)[^。！？\n]{0,10}(?:以上|上面|上述|之前|前面|先前|一切|所有)/u,
  /从现在起|跟我重复|重复以下|假装|扮演|你现在是|新任务|开发者模式/u,
];

/** Reports whether a text gives orders to whoever answers with it: what to ignore, what to say, or in whose name. */
export function givesOrders(text: string): boolean {
  const plain = normalizeText(text);
  return [...ORDER_PATTERNS, ...SPEECH_PATTERNS].some((pattern) => pattern.test(plain));
}
