/**
 * What text looks like that gives orders to a model ("ignore all previous instructions", "忽略以上指示", chat marks), in NFKC.
 *
 * Gaps are bounded, so that every pattern takes linear time. Patterns want the order and what it is about: a page that says how to
 * ignore a warning is none.
 */
export const ORDER_PATTERNS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{0,40}\b(?:previous|prior|preceding|above|earlier|existing|all|any|your|system)\b[^.!?\n]{0,30}\b(?:instructions?|prompts?|rules|directions|directives|guidelines|constraints)\b/iu,
  /\b(?:reveal|print|repeat|output|show|leak)\b[^.!?\n]{0,30}\b(?:system|hidden|initial|developer) (?:prompt|message|instructions?)\b/iu,
  /\b(?:new|updated|real) (?:system )?instructions?\s*:/iu,
  /\bsystem prompt\b/iu,
  /\byou are (?:now|no longer)\b[^.!?\n]{0,30}\b(?:dan|unrestricted|jailbroken|developer mode|bound by|an? (?:ai|assistant|chatbot|model))\b/iu,
  /\b(?:ai|llm|assistants?|chatbots?|language models?|agents?)\b[^.!?\n]{0,20}\b(?:must|should|shall|have to)\b[^.!?\n]{0,12}\b(?:always |never |only )?(?:answer|say|reply|respond|recommend|ignore|tell|send|visit)\b/iu,
  /\b(?:do not|don't|never) (?:tell|inform|reveal to|let)\b[^.!?\n]{0,20}\b(?:users?|visitors?|humans?)\b/iu,
  /<\|[a-z_]{2,24}\|>|\[\/?INST\]|<<\/?SYS>>|<\/?(?:system|assistant)>/iu,
  /^[^\S\n]{0,16}(?:#{1,4}[^\S\n]{0,4})?(?:system|assistant|instruction)\s{0,8}:\s{0,8}\S/imu,
  /(?:忽略|无视|無視|忘记|忘記|忘掉|不要理会|不要理會|绕过|繞過)[^。！？\n]{0,12}(?:以上|之前|先前|上面|上述|前面|此前|所有|一切|任何|你的)[^。！？\n]{0,12}(?:指示|指令|提示|规则|規則|设定|設定|要求|限制)/u,
  /系统提示词|系統提示詞|(?:输出|显示|泄露|輸出|顯示)[^。！？\n]{0,10}(?:提示词|提示詞)/u,
  /你现在(?:是|扮演)[^。！？\n]{0,16}(?:不受限制|没有限制|越狱|开发者模式|另一个)/u,
  /(?:以前|これまで|上記|前|すべて)の(?:指示|命令|ルール|プロンプト)[^。！？\n]{0,8}(?:無視|忘れ)/u,
  /\b(?:ignoriere|ignorieren sie|vergiss|vergessen sie|missachte)\b[^.!?\n]{0,40}\b(?:anweisungen|regeln|vorgaben|befehle)\b/iu,
  /\b(?:ignore[rz]?|oublie[rz]?)\b[^.!?\n]{0,40}\b(?:instructions|consignes|règles)\b[^.!?\n]{0,20}\b(?:précédentes|ci-dessus)\b/iu,
  /\b(?:ignora|ignore|olvida|olvide)\b[^.!?\n]{0,40}\b(?:instrucciones|reglas)\b[^.!?\n]{0,20}\b(?:anteriores|previas)\b/iu,
];
