import type { LocalizedText } from '../contracts/language.ts';
import type { HandoffReason } from '../contracts/turn.ts';

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

/** Begins an answer that may well not be what was asked for. */
export const UNSURE_TEXT: LocalizedText = {
  en: 'I am not sure that this is what you mean. Our help pages say:',
  zh: '我不太确定这是不是您要问的。帮助页面是这样写的：',
  de: 'Ich bin nicht sicher, ob Sie das meinen. Auf unseren Hilfeseiten steht:',
  fr: "Je ne suis pas sûr que ce soit ce que vous cherchez. Nos pages d'aide disent :",
  es: 'No estoy seguro de que sea esto lo que busca. Nuestras páginas de ayuda dicen:',
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

/** Tells that the pages are in other languages than the question; `{languages}` are their names. */
export const OTHER_LANGUAGE_TEXT: LocalizedText = {
  en: 'Our help pages are in {languages} only.',
  zh: '我们的帮助页面只有以下语言：{languages}。',
  de: 'Unsere Hilfeseiten gibt es nur in diesen Sprachen: {languages}.',
  fr: "Nos pages d'aide n'existent qu'en ces langues : {languages}.",
  es: 'Nuestras páginas de ayuda solo están en estos idiomas: {languages}.',
};
