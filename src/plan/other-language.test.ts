import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { Passage } from '../contracts/passage.ts';
import type { SearchOutcome } from '../contracts/retrieval.ts';
import { otherLanguage, pageLanguagesOf, tellOtherLanguage } from './other-language.ts';
import { planOf, runScripted, step } from './scripted-plan.ts';
import type { ScriptedRun } from './scripted-plan.ts';

const QUESTIONS: { readonly [language: string]: readonly string[] } = {
  en: ['How do I return a jug?', 'where is my order', 'What does the tap cost?', 'Can I pay with my card?'],
  de: [
    'Wo ist mein Paket?',
    'Wie lange habe ich Zeit, den Jug zurückzugeben?',
    'Was kostet der Fenbrook Tap?',
    'Kann ich meine Bestellung stornieren?',
  ],
  fr: [
    'Où est ma commande ?',
    'Combien coûte le robinet ?',
    'Quel est le prix du Fenbrook Jug ?',
    'Est-ce que vous livrez en France ?',
  ],
  es: [
    '¿Dónde está mi pedido?',
    'cuánto cuesta el envío',
    '¿Puedo devolver el Jug usado?',
    '¿Cómo cambio el filtro del Jug?',
  ],
  zh: ['怎么退货', 'Fenbrook Jug 保修多久？', '我的订单在哪里'],
  ru: ['Где мой заказ?'],
  ja: ['返品はできますか'],
  it: ['Quanto costa la spedizione? Non lo trovo'],
  nl: ['Hoe kan ik mijn kan terugsturen?'],
};
const LANGUAGES = Object.keys(QUESTIONS);

describe('otherLanguage', () => {
  for (const [language, questions] of Object.entries(QUESTIONS))
    for (const question of questions)
      it(`knows that "${question}" is ${language}, and no other language of a page`, () => {
        for (const page of LANGUAGES.filter((one) => one !== language)) {
          // Japanese may be written in Chinese characters alone.
          if (language === 'zh' && page === 'ja') continue;
          expect(otherLanguage(question, [page]), page).to.equal(language);
        }
      });

  it('says nothing where a page is in the language of the question', () => {
    fc.assert(
      fc.property(fc.constantFrom(...LANGUAGES), fc.subarray(LANGUAGES), (language, others) => {
        for (const question of QUESTIONS[language] ?? [])
          expect(otherLanguage(question, [language, ...others])).to.equal(null);
      }),
    );
  });

  it('says nothing in doubt', () => {
    for (const text of [
      'Fenbrook Jug',
      'E04',
      'filter',
      '?',
      '',
      'ok',
      'FB-12345',
      'Tap Pro 2 set',
      '  ',
      '😀',
      'garantie',
    ])
      expect(otherLanguage(text, ['en']), text).to.equal(null);
    // Nothing is known of Swedish; of pages nothing is known at all.
    expect(otherLanguage('Var är min order?', ['sv'])).to.equal(null);
    expect(otherLanguage('Wo ist mein Paket?', ['sv'])).to.equal(null);
    expect(otherLanguage('Wo ist mein Paket?', [])).to.equal(null);
    expect(otherLanguage('退货期间', ['ja'])).to.equal(null);
    expect(otherLanguage('Де моє замовлення?', ['uk'])).to.equal(null);
  });

  it('takes English questions for English, whatever things they name', () => {
    const names = fc.constantFrom(
      'die casting set',
      'El Dorado',
      'La Crema',
      'Le Creuset pot',
      'Das Keyboard',
      'mit mug',
      'sauté pan',
      'crème brûlée torch',
      'über mat',
      'jalapeño jar',
      'como lamp',
      'café press',
    );
    const frame = fc.constantFrom(
      (name: string) => `How do I clean the ${name}?`,
      (name: string) => `where is my ${name}`,
      (name: string) => `can I return a ${name} after 30 days`,
      (name: string) => `is the ${name} in stock`,
    );
    fc.assert(
      fc.property(names, frame, (name, write) => {
        expect(otherLanguage(write(name), ['en'])).to.equal(null);
      }),
    );
  });

  it('takes any text and any languages', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string()), (text, languages) => {
        const other = otherLanguage(text, languages);
        expect(other === null || !languages.includes(other)).to.equal(true);
        tellOtherLanguage(other ?? 'en', languages, 'en');
      }),
    );
  });
});

describe('tellOtherLanguage', () => {
  it('names the languages of the pages in that of the visitor, else in that of the interface', () => {
    expect(tellOtherLanguage('fr', ['en'], 'en')).to.equal(
      "Nos pages d'aide n'existent qu'en ces langues : anglais.",
    );
    expect(tellOtherLanguage('zh', ['en', 'de'], 'en')).to.contain('英语、德语');
    expect(tellOtherLanguage('ru', ['en'], 'zh-CN')).to.contain('英语');
    expect(tellOtherLanguage('ru', ['zh'], 'pt')).to.equal('Our help pages are in Chinese only.');
    expect(tellOtherLanguage('en', ['not a language'], 'en')).to.contain('not a language');
  });
});

describe('a question in a language that no page is in', () => {
  const plan = planOf(
    [
      step('retrieve', 'retrieve', {
        edges: [
          { when: 'found', to: 'compose' },
          { when: 'none', to: 'people' },
        ],
      }),
      step('compose', 'compose'),
      step('people', 'handoff', { config: { reason: 'not-in-pages' } }),
    ].map((one, at) =>
      at === 2
        ? one
        : {
            ...one,
            inputs: {
              query: { from: ['turn', 'text'] },
              question: { from: ['turn', 'text'] },
              passages: { from: ['retrieve', 'passages'] },
            },
          },
    ),
  );
  const passage: Passage = {
    id: 'p',
    documentId: 'd',
    title: 'Jug',
    headings: [],
    text: 'The Jug holds two litres.',
    language: 'en',
    url: null,
    tags: [],
    questions: [],
  };
  const ask = (text: string, confidence: number): Promise<ScriptedRun> => {
    const found: SearchOutcome = {
      ranked: [{ passage, score: 1 }],
      confidence,
      isAnswerable: confidence >= 0.5,
    };
    return runScripted(plan, {
      turn: { text },
      services: {
        pageLanguages: pageLanguagesOf([passage]),
        retriever: {
          search: () => found,
          extract: () => [{ passage, markdown: passage.text, text: passage.text }],
          passage: () => null,
        },
      },
    });
  };

  it('is told so and handed over, where only a few words meet', async () => {
    const { text, parts } = await ask('Quel est le prix du Fenbrook Jug ?', 0.6);
    expect(text).to.match(/^Nos pages d'aide .* anglais\.\n\nJe n'ai pas trouvé/);
    expect(parts).to.deep.include({ type: 'handoff', reason: 'not-in-pages' });
    expect(parts.some(({ type }) => type === 'citation')).to.equal(false);
  });

  it('is told so and answered, where the search is sure', async () => {
    const { text, parts } = await ask('Quel est le prix du Fenbrook Jug ?', 0.9);
    expect(text).to.match(/anglais\.\n\nThe Jug holds two litres\. \[1\]$/);
    expect(parts.some(({ type }) => type === 'handoff')).to.equal(false);
  });

  it('is told nothing where a page is in its language', async () => {
    expect((await ask('What does the Jug hold?', 0.6)).text).to.equal('The Jug holds two litres. [1]');
  });
});
