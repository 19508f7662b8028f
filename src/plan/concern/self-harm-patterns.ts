import type { MessagePattern } from './message-pattern.ts';
import { inChinese, inWords } from './message-pattern.ts';

const END = '(?= ?(?:$|[.,!?;]))';
const MEANING =
  "(?:want(?:s|ed)? to|wanna|going to|gonna|will|'ll|about to|planning to|think(?:ing)? (?:of|about)|tr(?:y|ied) to|how (?:can|do) i|ways? to|feel like|urge to)(?: just)?";
// "Suicide-proof", prevention and books are no confession.
const SUBJECT = '\\p{L}*-?proof|prevention|hotlines?|books?|films?|movies?|songs?|games?';

/** What tells that somebody thinks of hurting themselves. */
export const SELF_HARM_PATTERNS: readonly MessagePattern[] = [
  inWords(
    'en',
    [
      `${MEANING} (?:kill|hang)(?:ing)? (?:myself|himself|herself)(?! (?:for|laughing))`,
      `${MEANING} (?:hurt|harm|cut)(?:ting|ing)? myself(?! (?:an?|some|on|with|off|from|out|while|when))`,
      `${MEANING} (?:end(?:ing)? (?:it all|my life)|tak(?:e|ing) my own life|commit(?:ting)? suicide)`,
      "(?:i am|i'm|im|i feel|feeling) suicidal|suicidal thoughts",
      `(?:don't|do not|dont) want to (?:live|be alive)(?: any ?more)?${END}`,
      'i (?:just |really )?(?:want to|wanna) die(?! (?:for|of|laughing)|[ -]c)|wish i (?:was|were) dead',
    ],
    SUBJECT,
  ),
  inWords('de', [
    '(?:will|möchte|werde) (?:mich|sich) (?:umbringen|töten|erhängen|ritzen)|bringe? mich (?:jetzt |heute )?um',
    '(?:will|möchte|werde) (?:mir das leben nehmen|(?:einfach |nur )?(?:nicht mehr leben|sterben))|(?:selbstmord|suizid)gedanken',
  ]),
  inWords('fr', [
    '(?:veux|veut|vais|envie de) (?:(?:me|se) (?:tuer|suicider)|mourir(?! (?:de|d))|mettre fin à (?:mes jours|ma vie))',
    '(?:pensées|idées) suicidaires|(?:ne veux plus|plus envie de) vivre',
  ]),
  inWords('es', [
    `(?:quiero|quiere|voy a|va a) (?:matar[ms]e|suicidar[ms]e|morir(?:me)?(?! de)|quitarme la vida)`,
    `no quiero (?:vivir más|seguir viviendo|vivir)${END}|pensamientos suicidas`,
  ]),
  inChinese(
    [
      '(?:想|要|准备|打算)(?:要|去)?(?:自杀|自尽|自残|轻生|跳楼(?!价|机)|割腕)',
      '(?:^|我|好|只|真的?|很)想死(?=了?(?:$|[,，。！？.!?]))|不想再?活(?:了|下去)|我(?:真的|快|都)*活不下去|结束.{0,4}生命',
    ],
    '预防|热线|书|电影|游戏',
  ),
];
