/**
 * What the stand-in says: the sections that share the most words with the question, set into a template.
 *
 * It stands in for a model in the cloud and shares no code with the product, so that the demo never
 * answers with the product's own words when it claims that the cloud did.
 */

const STOP = new Set(
  (
    'a an and any are as at be been but by can could did do does for from get had has have how i if in is it its me my ' +
    'no not of on or our please should so than that the their them then there they this to up us was we what when ' +
    'where which who why will with would you your'
  ).split(' '),
);

const TEXTS = {
  en: {
    greeting: 'Hello! I am the Fenbrook agent in the cloud. Ask me about your order, your Jug or your Tap.',
    thanks: 'You are welcome. Is there anything else I can do?',
    none: 'I could not find that in our help pages. Shall I pass your question on to a colleague?',
    lead: ['Happy to help.', 'Good question.', 'Let me look that up for you.'],
    from: (title) => `Our page “${title}” says:`,
    close: ['Does that answer your question?', 'Tell me if you need more.', 'Anything else?'],
    suggest: (title) => `Tell me more: ${title}`,
  },
  zh: {
    greeting: '您好！我是 Fenbrook 的云端客服。订单、滤水壶、净水龙头的问题都可以问我。',
    thanks: '不客气，还有别的问题吗？',
    none: '帮助页面里没有找到答案。需要我转给同事吗？',
    lead: ['很高兴为您解答。', '好的，我来查一下。', '明白了。'],
    from: (title) => `《${title}》里写道：`,
    close: ['这样清楚吗？', '需要更多说明请告诉我。', '还有别的问题吗？'],
    suggest: (title) => `${title}还有哪些说明？`,
  },
};

/** Makes the answerer over articles as `readArticles` gives them. */
export function createAnswerer(articles, seed = 1) {
  const sections = articles.flatMap((article) =>
    article.sections.map((section) => ({
      ...section,
      article,
      terms: new Set([...toTerms(section.text), ...toTerms(section.heading)]),
      titleTerms: new Set(toTerms(article.title)),
    })),
  );
  const spread = new Map();
  for (const { terms, titleTerms } of sections)
    for (const term of new Set([...terms, ...titleTerms])) spread.set(term, (spread.get(term) ?? 0) + 1);
  const weigh = (term) => Math.log(1 + sections.length / (1 + (spread.get(term) ?? 0)));

  return function answer(query) {
    // A question that comes with an account of the conversation is asked in its last line.
    const question = query.trim().split('\n').at(-1) ?? '';
    const language = /\p{Script=Han}/u.test(question) ? 'zh' : 'en';
    const texts = TEXTS[language];
    const choose = (list) => list[hash(`${seed}/${question}`) % list.length];
    if (
      /^\W*(hi|hello|hey|good (morning|evening|day))\b\W*$/i.test(question) ||
      /^(你好|您好|嗨)[!！。\s]*$/.test(question)
    )
      return { text: texts.greeting, sources: [], suggestions: [] };
    if (/^\W*(thanks|thank you|thx)\b/i.test(question) || /^(谢谢|多谢)/.test(question))
      return { text: texts.thanks, sources: [], suggestions: [] };
    const asked = [...new Set(toTerms(question))];
    const ranked = sections
      .filter(({ article }) => article.language === language)
      .map((section) => {
        let score = 0;
        for (const term of asked) {
          if (section.terms.has(term)) score += weigh(term);
          if (section.titleTerms.has(term)) score += 1.5 * weigh(term);
        }
        return { section, score: score / Math.sqrt(8 + section.terms.size) };
      })
      .filter(({ score }) => score > 0.35)
      .sort((a, b) => b.score - a.score);
    const best = ranked[0];
    if (best === undefined) return { text: texts.none, sources: [], suggestions: [] };
    const second = ranked.find(
      ({ section, score }) =>
        section !== best.section && section.article === best.section.article && score > best.score / 2,
    );
    const at = ({ section }) => best.section.article.sections.findIndex(({ text }) => text === section.text);
    const chosen = second === undefined ? [best] : [best, second].sort((a, b) => at(a) - at(b));
    const text = [
      `${choose(texts.lead)} ${texts.from(best.section.article.title)}`,
      ...chosen.map(({ section }) => section.text),
      choose(texts.close),
    ].join('\n\n');
    const others = [...new Set(ranked.map(({ section }) => section.article))].filter(
      (article) => article !== best.section.article,
    );
    return {
      text,
      sources: chosen,
      suggestions: others.slice(0, 2).map((article) => texts.suggest(article.title)),
    };
  };
}

/** Words of Latin text without endings, pairs of neighbours of Chinese text. */
function toTerms(text) {
  const terms = [];
  for (const word of text.toLowerCase().match(/[a-z0-9]+/g) ?? []) {
    if (!STOP.has(word)) terms.push(word.replace(/(ing|ed|es|s|e)$/, ''));
  }
  for (const run of text.match(/\p{Script=Han}+/gu) ?? [])
    for (let at = 0; at + 1 < run.length; at += 1) terms.push(run.slice(at, at + 2));
  return terms;
}

/** FNV-1a over UTF-16 code units. */
export function hash(text) {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1)
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return value;
}
