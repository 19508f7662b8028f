import type { LocalizedText } from '../../contracts/language.ts';
import type { Concern } from './concern.ts';

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
