import type { LocalizedText } from '../contracts/language.ts';
import type { HandoffReason } from '../contracts/turn.ts';
import type { Concern } from './concern/concern.ts';

/** What the device says when it showed a part of an answer whose rest only the cloud can give. */
export const REST_NEEDS_CONNECTION: LocalizedText = {
  en: 'This answer is not complete: the rest needs a connection. You can leave a message; it is sent as soon as the connection is back.',
  zh: '以上回答并不完整：其余内容需要网络连接。您可以留言，网络恢复后会立即发送。',
};

/** What the device says when the pages do not answer, and topics near the question are offered below. */
export const NEAR_TOPICS_TEXT: LocalizedText = {
  en: 'I could not find this in our help pages. Perhaps one of the topics below is what you mean. You can also leave a message, and a person will get back to you.',
  zh: '我在我们的帮助页面中没有找到这个问题的答案。也许您想问的是下面的某个主题。您也可以留言，我们的同事会与您联系。',
  de: 'Das habe ich auf unseren Hilfeseiten nicht gefunden. Vielleicht meinen Sie eines der Themen unten. Sie können auch eine Nachricht hinterlassen; wir melden uns bei Ihnen.',
  fr: "Je n'ai pas trouvé cela dans nos pages d'aide. Peut-être pensez-vous à l'un des sujets ci-dessous. Vous pouvez aussi laisser un message ; nous vous répondrons.",
  es: 'No lo he encontrado en nuestras páginas de ayuda. Quizá se refiera a uno de los temas de abajo. También puede dejar un mensaje y le responderemos.',
};

/**
 * Begins the answer to a comparison of which the pages tell one side only; `{missing}` and `{found}` are the sides as the visitor wrote
 * them.
 */
export const ONE_SIDE_TEXT: LocalizedText = {
  en: 'I could not find anything about this for “{missing}” in our help pages. Of “{found}” they say:',
  zh: '没有在帮助页面中找到关于“{missing}”的相关内容。关于“{found}”，页面是这样写的：',
  de: 'Zu „{missing}“ habe ich auf unseren Hilfeseiten nichts dazu gefunden. Über „{found}“ steht dort:',
  fr: "Je n'ai rien trouvé à ce sujet pour « {missing} » dans nos pages d'aide. Sur « {found} », elles disent :",
  es: 'No he encontrado nada al respecto sobre «{missing}» en nuestras páginas de ayuda. Sobre «{found}» dicen:',
};

/** What the device says when it hands over, unless the plan or the intent brings its own words. */
export const BUILT_IN_TEXTS: { readonly [Reason in HandoffReason]: LocalizedText } = {
  asked: {
    en: 'You can leave a message here, and a person will get back to you.',
    zh: '您可以在这里留言，我们的同事会与您联系。',
  },
  'not-in-pages': {
    en: 'I could not find this in our help pages. You can leave a message, and a person will get back to you.',
    zh: '我在我们的帮助页面中没有找到这个问题的答案。您可以留言，我们的同事会与您联系。',
    de: 'Das habe ich auf unseren Hilfeseiten nicht gefunden. Sie können eine Nachricht hinterlassen; wir melden uns bei Ihnen.',
    fr: "Je n'ai pas trouvé cela dans nos pages d'aide. Vous pouvez laisser un message ; nous vous répondrons.",
    es: 'No lo he encontrado en nuestras páginas de ayuda. Puede dejar un mensaje y le responderemos.',
  },
  'needs-connection': {
    en: 'I need a connection to answer this. You can leave a message; it is sent as soon as the connection is back.',
    zh: '回答这个问题需要网络连接。您可以留言，网络恢复后会立即发送。',
  },
};

/**
 * What the device says to a concern, unless an intent of its name brings the owner's words. The only numbers are 112 (Europe and
 * every mobile network), 911 (North America), and 120 and 110 (mainland China).
 */
export const CONCERN_TEXTS: { readonly [Kind in Concern]: LocalizedText } = {
  emergency: {
    en: 'I am only an automatic customer-service assistant and cannot send help. If someone is in danger, please call your local emergency number now: 112 in Europe, 911 in North America.',
    zh: '我只是客服助手，无法派人救助。如果有人处于危险之中，请立即拨打当地的紧急电话：急救 120，报警 110。',
    de: 'Ich bin nur ein automatischer Kundendienst und kann keine Hilfe schicken. Wenn jemand in Gefahr ist, rufen Sie bitte sofort den Notruf 112 an.',
    fr: "Je ne suis qu'un assistant automatique du service client et je ne peux pas envoyer de secours. Si quelqu'un est en danger, appelez tout de suite le 112.",
    es: 'Solo soy un asistente automático de atención al cliente y no puedo enviar ayuda. Si alguien está en peligro, llame ahora al 112 (Europa) o al 911 (América).',
  },
  self_harm: {
    en: 'I am sorry that it is this hard for you. I am only an automatic customer-service assistant; please talk to someone you trust. If you are in danger, call your local emergency number now: 112 in Europe, 911 in North America.',
    zh: '很抱歉您正经历这样的时刻。我只是客服助手，请和您信任的人谈一谈。如果您处于危险之中，请立即拨打当地的紧急电话：急救 120，报警 110。',
    de: 'Es tut mir leid, dass es Ihnen so schlecht geht. Ich bin nur ein automatischer Kundendienst; bitte sprechen Sie mit jemandem, dem Sie vertrauen. Wenn Sie in Gefahr sind, rufen Sie sofort den Notruf 112 an.',
    fr: "Je suis désolé que ce soit si dur pour vous. Je ne suis qu'un assistant automatique du service client ; parlez à quelqu'un en qui vous avez confiance. Si vous êtes en danger, appelez tout de suite le 112.",
    es: 'Siento que lo esté pasando tan mal. Solo soy un asistente automático de atención al cliente; hable con alguien de confianza. Si está en peligro, llame ahora al 112 (Europa) o al 911 (América).',
  },
  prompt_request: {
    en: 'I have no secret instructions to show: I answer from the help pages of this site.',
    zh: '我没有可以展示的秘密指令：我只根据本网站的帮助页面回答问题。',
    de: 'Ich habe keine geheimen Anweisungen zu zeigen: Ich antworte aus den Hilfeseiten dieser Website.',
    fr: "Je n'ai pas d'instructions secrètes à montrer : je réponds à partir des pages d'aide de ce site.",
    es: 'No tengo instrucciones secretas que mostrar: respondo con las páginas de ayuda de este sitio.',
  },
  insult: {
    en: 'I am sorry that you are annoyed; tell me what went wrong and I will try to help, or leave a message for a person.',
    zh: '很抱歉给您带来不快；请告诉我出了什么问题，我会尽力帮忙，您也可以给工作人员留言。',
    de: 'Es tut mir leid, dass Sie verärgert sind; sagen Sie mir, worum es geht, oder hinterlassen Sie eine Nachricht für einen Menschen.',
    fr: 'Je suis désolé que vous soyez mécontent ; dites-moi ce qui ne va pas, ou laissez un message à une personne.',
    es: 'Siento que esté molesto; dígame qué ha pasado o deje un mensaje para una persona.',
  },
};

/** Leads to the owner's contact behind the words for somebody in danger; `{url}` is its address. */
export const CONTACT_TEXT: LocalizedText = {
  en: 'Our team can be reached [here]({url}).',
  zh: '您也可以在[这里]({url})联系我们。',
  de: 'Unser Team erreichen Sie [hier]({url}).',
  fr: 'Notre équipe est joignable [ici]({url}).',
  es: 'Puede contactar con nuestro equipo [aquí]({url}).',
};

/** Tells that the pages are in other languages than the question; `{languages}` are their names. */
export const OTHER_LANGUAGE_TEXT: LocalizedText = {
  en: 'Our help pages are in {languages} only.',
  zh: '我们的帮助页面只有以下语言：{languages}。',
  de: 'Unsere Hilfeseiten gibt es nur in diesen Sprachen: {languages}.',
  fr: "Nos pages d'aide n'existent qu'en ces langues : {languages}.",
  es: 'Nuestras páginas de ayuda solo están en estos idiomas: {languages}.',
};
