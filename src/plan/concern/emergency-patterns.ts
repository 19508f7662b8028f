import type { MessagePattern } from './message-pattern.ts';
import { inChinese, inWords } from './message-pattern.ts';

// Somebody, here and now. Not products, and nothing that a page may be about: how to prevent a fire, what an insurance pays.
const WHO = '(?:i|we|he|she|they|someone|(?:my|our) \\p{L}+)';
const WER = '(?:ich|er|sie|jemand|(?:mein|unser)e? \\p{L}+)';
const QUI = "(?:je|on|il|elle|quelqu'un|(?:mon|ma|notre) \\p{L}+)";
/** A call for help begins its sentence. */
const CALL = '(?<=(?:^|[,!¡] ?)(?:\\p{L}+,? ?)?)';

/** What tells that somebody is in danger now. */
export const EMERGENCY_PATTERNS: readonly MessagePattern[] = [
  inWords(
    'en',
    [
      "(?:my|our|the) (?:house|home|flat|apartment|kitchen|office|building|car|room)(?: is|'s) (?:on fire|burning(?! (?:hot|oil|fuel)))",
      "there(?: is|'s) a (?:fire|gas leak) in (?:my|our) \\p{L}+",
      `${WHO} (?:can't|cannot|can not|cant) breathe`,
      `${WHO}(?: has)? (?:isn't|is not|stopped) breathing`,
      `${WHO}(?: is| am|'s|'m) (?:unconscious|bleeding (?:badly|heavily|to death)|having an? (?:heart attack|stroke|seizure))`,
      `${WHO}(?: has| have|'s|'ve)? (?:been (?:shot|stabbed)|(?:just )?swallowed an? (?:button )?battery)`,
      "i(?: can)? smell gas|someone(?: is|'s) breaking into my \\p{L}+",
      `${CALL}(?:please )?call (?:me )?(?:an ambulance|the (?:fire brigade|fire department|police)|911|112)`,
      '(?:i|we) need an ambulance(?= ?(?:$|[.,!]|now|here))',
    ],
    'if|when|in case|insur\\p{L}+|policy|covers?|covered|yesterday|ago|last \\p{L}+|alarms?|detectors?|drill',
  ),
  inWords(
    'de',
    [
      '(?:meine?|unsere?|das|die) (?:haus|wohnung|küche|auto|zimmer|büro|keller) brennt',
      'es brennt (?:bei (?:mir|uns)|in (?:meine|unsere)[rm] \\p{L}+)',
      `${WER} (?:bekomm|krieg)(?:e|t) keine luft(?! (?:in|aus))`,
      `${WER} (?:atmet nicht|verblutet|ist (?:bewusstlos|ohnmächtig)|hat (?:gerade )?einen (?:herzinfarkt|schlaganfall)|hat eine (?:knopfzelle|batterie) verschluckt)`,
      'ich rieche gas|es riecht (?:stark )?nach gas',
      `${CALL}(?:ruft?|rufen sie) (?:bitte |schnell )?(?:einen |die )?(?:krankenwagen|notarzt|feuerwehr|polizei)`,
      '(?:ich|wir) brauchen? (?:dringend )?einen (?:krankenwagen|notarzt)',
    ],
    'wenn|falls|versicher\\p{L}+|gestern|letzte[nsr]?|rauchmelder|gasmelder',
  ),
  inWords(
    'fr',
    [
      '(?:ma|mon|notre|la) (?:maison|appartement|cuisine|voiture|chambre) (?:brûle|est en feu)',
      'il y a (?:le feu|un incendie) (?:chez (?:moi|nous)|dans (?:ma|mon) \\p{L}+)',
      `${QUI} (?:ne )?(?:peux|peut) (?:plus|pas) respirer`,
      `${QUI} (?:ne respire (?:plus|pas)|est inconsciente?|saigne beaucoup|fai[st] (?:une crise cardiaque|un avc)|a avalé une pile)`,
      'ça sent le gaz',
      `${CALL}appel(?:ez|le) (?:vite )?(?:une ambulance|le samu|les pompiers|la police)`,
      "j'ai besoin d'une ambulance",
    ],
    "si|s'il|quand|en cas|assur\\p{L}+|hier|derni[eè]re?|détecteurs?",
  ),
  inWords(
    'es',
    [
      '(?:mi|nuestra|la) (?:casa|cocina|habitación|oficina) (?:se (?:está quemando|quema)|está en llamas)',
      'hay (?:un )?(?:incendio|fuego|fuga de gas) en mi \\p{L}+',
      'no (?:puedo|puede) respirar|no respira|está inconsciente|está sangrando mucho|huele a gas',
      '(?:tengo|está teniendo|[lm]e está dando) un (?:infarto|ataque al corazón)|se (?:ha tragado|tragó) una pila',
      `${CALL}llam(?:en|a|e) (?:a )?(?:una ambulancia|la policía|los bomberos)`,
      'necesito una ambulancia',
    ],
    'si|cuando|en caso|seguro|ayer|pasad[oa]|detector(?:es)?',
  ),
  inChinese(
    [
      '(?:家里?|房子|厨房|客厅|卧室|楼[上下里]|公司)(?:现在|已经)?(?:着火|起火|失火)',
      '(?:[我他她妈爸公婆子女奶爷]|有人|孩子|宝宝)(?:突然|现在|已经|快|好像)*(?:不能呼吸|没有?呼吸|呼吸困难|喘不[过上]气|晕倒|昏迷|心脏病发作|大出血|被捅|误[食服]|吞了电池)',
      '叫(?:一?辆)?救护车|需要救护车|帮我报警|[煤燃]气泄[漏露]|闻到.{0,4}[煤燃]气味',
    ],
    '如果|万一|要是|防|保险|报警器|检测|功能|自动|手表|去年|昨天|上次|之前|时候',
  ),
];
