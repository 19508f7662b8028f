import type { MessagePattern } from './message-pattern.ts';
import { inChinese, inWords } from './message-pattern.ts';

// Instructions alone may be those of a product; a prompt alone may be that of a screen.
const END = '(?= ?(?:$|[.,!?;:]|and|word|please|now))';

/** What asks for the instructions of the assistant, or orders it to drop them. */
export const PROMPT_REQUEST_PATTERNS: readonly MessagePattern[] = [
  inWords(
    'en',
    [
      "(?:show|tell|give|print|reveal|repeat|output|leak|what is|what are|what's)(?: me)?(?: all)? (?:your|the)(?: full| exact)? (?:(?:system|hidden|secret|initial|internal|developer) )+(?:prompts?|instructions|message|rules)",
      `(?:show|tell|give|print|reveal|repeat|output|leak|what is|what's)(?: me)? your prompt${END}`,
      `(?<=^(?:please )?)(?:reveal|repeat|output) your instructions${END}`,
      '(?:ignore|disregard|forget|override) (?:all |the |your |my )*(?:previous|prior|above|earlier|system|initial) (?:instructions|prompts?|rules)',
      "(?:repeat|print|output) (?:everything|the text) above|you(?: are|'re) now (?:dan|in developer mode)",
    ],
    '(?:can|may|should|must) i',
  ),
  inWords('de', [
    `(?:deine?n?|ihre?n?) (?:(?:system)?[- ]?prompt${END}|(?:geheimen|versteckten|internen) (?:anweisungen|regeln))`,
    '(?:ignoriere?n?|vergiss|vergessen)(?: sie)?(?: alle)? (?:bisherigen|vorherigen|obigen) (?:anweisungen|regeln)',
  ]),
  inWords('fr', [
    `(?:ton|votre|tes|vos) (?:prompt(?: système)?${END}|(?:instructions|consignes) (?:système|secrètes|cachées))`,
    '(?:ignore[rz]?|oublie[rz]?) (?:les|tes|vos) (?:instructions|consignes) précédentes',
  ]),
  inWords('es', [
    `(?:tus?|sus?) (?:prompt${END}|instrucciones (?:del sistema|ocultas|secretas))`,
    '(?:ignor|olvid)[ae] (?:todas )?(?:las|tus|sus) instrucciones anteriores',
  ]),
  inChinese([
    '你们?的?(?:初始|系统|内部|隐藏)?的?(?:提示词|prompt|内部指令)|(?:输出|显示|告诉我|打印).{0,4}系统提示词',
    '(?:忽略|无视|忘掉).{0,4}(?:以上|之前|上面|前面)的?(?:所有|全部)?的?(?:指示|指令|规则)|(?:重复|输出)(?:以上|上面)的?(?:所有)?(?:内容|指令)',
  ]),
];
