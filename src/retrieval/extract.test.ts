import { expect } from '@open-wc/testing';
import { samplePassage as passage } from '../../test/fixtures/sample-passage.ts';
import { SHOP_PASSAGES as passages, SHOP_STEPS as steps } from '../../test/fixtures/shop-passages.ts';
import { buildIndex } from './build-index.ts';
import { loadRetriever } from './retriever.ts';
import { directness, refersBack } from './span-scorer.ts';

describe('directness', () => {
  it('is less for notes, questions, pointers and sentences that lean back', () => {
    expect(directness('You have 30 days.')).to.equal(1);
    for (const sentence of [
      'That is why you have 30 days.',
      '**Note:** 30 days are over soon.',
      'Only 30 days?',
      'For 30 days read [Returns](/returns.html).',
    ])
      expect(directness(sentence)).to.be.lessThan(1);
  });
});

describe('extract', () => {
  const retriever = loadRetriever(buildIndex(passages), passages);
  const quote = (question: string): string =>
    retriever
      .extract(question, retriever.search(question).ranked)
      .map((span) => span.markdown)
      .join('\n');

  it('keeps steps whole, with the sentence that introduces them', () => {
    expect(quote('How do I change the Jug cartridge?')).to.contain(steps);
  });

  it('shows the row of a table with its header', () => {
    const table = quote('how much is express shipping');
    expect(table).to.contain('| Method | Time | Cost |');
    expect(table).to.contain('£6.95');
    expect(table).not.to.contain('£3.95');
  });

  it('shows all rows of a table when the question names what all are about', () => {
    const delivery = [
      passage(
        'ship#0',
        'Delivery times and costs',
        '| Method | Time | Cost |\n| --- | --- | --- |\n| Standard | 3–5 days | £3.95 |\n| Subscription delivery | 3–5 days | free |',
      ),
      passage('oven#0', 'Ovens', 'Ovens are sold in Leeds. They are black and have two doors.'),
    ];
    const own = loadRetriever(buildIndex(delivery), delivery);
    const table = (question: string): string | undefined =>
      own.extract(question, own.search(question).ranked)[0]?.markdown;
    expect(table('delivery cost?')).to.contain('£3.95').and.to.contain('Subscription delivery');
    expect(table('cost of subscription delivery')).not.to.contain('£3.95');
  });

  it('quotes verbatim', () => {
    expect(quote('How long can I return the Tap?')).to.contain('You have 60 days to send back a Tap.');
  });

  it('names the sentence that may stand for a paragraph', () => {
    const spans = (question: string) => retriever.extract(question, retriever.search(question).ranked);
    expect(spans('How long can I return the Tap?')[0]?.answering).to.deep.equal([
      'You have 60 days to send back a Tap.',
    ]);
    expect(spans('滤水壶可以退货吗？')[0]?.answering).to.deep.equal(['滤水壶可以在 30 天之内退货。']);
  });

  it('names the sentence before one that leans on it, too', () => {
    const house = [
      passage(
        'far#0',
        'Delivery',
        'Parcels to the islands take longer. Express delivery is not offered there.',
      ),
      passage('oven#0', 'Ovens', 'Ovens are sold in Leeds. They are black and have two doors.'),
    ];
    const own = loadRetriever(buildIndex(house), house);
    const answering = (question: string) => own.extract(question, own.search(question).ranked)[0]?.answering;
    expect(answering('Is express delivery offered?')).to.have.length(2);
    expect(answering('How many doors does it have, an oven?')?.at(-1)).to.match(/two doors/);
    expect(refersBack('There is no fee.')).to.equal(false);
    expect(refersBack('Express is not offered there.')).to.equal(true);
  });

  it('names none where all of a passage answers', () => {
    const house = [
      passage('lamp#0', 'Lamps', 'Lamps flicker when the mains is weak. Let them cool before you look.', {
        headings: ['Lamps that flicker'],
      }),
      passage('oven#0', 'Ovens', 'Ovens are sold in Leeds. They are black and have two doors.'),
    ];
    const own = loadRetriever(buildIndex(house), house);
    const answering = (question: string) => own.extract(question, own.search(question).ranked)[0]?.answering;
    expect(answering('Why do lamps flicker?')).to.deep.equal([]);
    expect(answering('lamps that flicker')).to.deep.equal([]);
    expect(answering('Which town are ovens sold in?')).to.deep.equal([]);
    expect(answering('Where are ovens sold?')).to.deep.equal(['Ovens are sold in Leeds.']);
  });

  it('names every sentence with a period, a time or a price where one is asked for', () => {
    const house = [
      passage(
        'ship#0',
        'Delivery',
        'Parcels leave our warehouse the same day. Delivery takes two working days. Ask the driver for a receipt.',
      ),
      passage('oven#0', 'Ovens', 'Ovens are sold in Leeds. They are black and have two doors.'),
    ];
    const own = loadRetriever(buildIndex(house), house);
    const ranked = house.slice(0, 1).map((found) => ({ passage: found, score: 1 }));
    const answering = (question: string) => own.extract(question, ranked)[0]?.answering;
    // "Package" is "parcel" in other words, which the sentence with the delivery does not hold.
    expect(answering('How soon does the package turn up?')).to.deep.equal([
      'Parcels leave our warehouse the same day.',
      'Delivery takes two working days.',
    ]);
    const jug = retriever.search('滤水壶多久之内可以退货？').ranked;
    expect(retriever.extract('滤水壶多久之内可以退货？', jug)[0]?.answering).to.deep.equal([
      '滤水壶可以在 30 天之内退货。',
      '退款在 5 个工作日之内办理。',
    ]);
  });

  it('names none where no sentence has anything of the question, or the best one asks', () => {
    const house = [
      passage('oven#0', 'Ovens', 'They are black and have two doors. Leeds is where we sell them.'),
      passage('lamp#0', 'Lamps', 'Lamps flicker when the mains is weak. Let them cool before you look.'),
    ];
    const own = loadRetriever(buildIndex(house), house);
    const ranked = house.slice(0, 1).map((found) => ({ passage: found, score: 1 }));
    expect(own.extract('Which town must I visit?', ranked)[0]?.answering).to.deep.equal([]);
    expect(own.extract('Is it black?', ranked)[0]?.answering).to.deep.equal([
      'They are black and have two doors.',
    ]);
    const wrong = [
      passage('old#0', 'Changes', 'Typed an old address? Tell us within 2 hours. We change it.'),
      ...house,
    ];
    const other = loadRetriever(buildIndex(wrong), wrong);
    const first = wrong.slice(0, 1).map((found) => ({ passage: found, score: 1 }));
    expect(other.extract('I typed my old address', first)[0]?.answering).to.deep.equal([]);
  });

  it('quotes the passages whose score comes near the best, up to three, and a piece of each', () => {
    const house = ['Lamps', 'Ovens', 'Sofas', 'Chairs'].map((title, at) =>
      passage(`p${at}#0`, title, `${title} are sold in Leeds. ${title} have a warranty of ${at + 2} years.`),
    );
    const own = loadRetriever(buildIndex(house), house);
    const quotedOf = (...scores: number[]): string[] => {
      const ranked = scores.flatMap((score, at) => {
        const one = house[at];
        return one === undefined ? [] : [{ passage: one, score }];
      });
      return own.extract('how long is the warranty', ranked).map((span) => span.passage.title);
    };
    expect(quotedOf(3, 2.9, 2.8, 2.7)).to.deep.equal(['Lamps', 'Ovens', 'Sofas']);
    expect(quotedOf(3, 2.9, 1)).to.deep.equal(['Lamps', 'Ovens']);
    expect(quotedOf(3, 1, 1)).to.deep.equal(['Lamps']);
    // Near is what is within a fifth of the best score where scores are high.
    expect(quotedOf(6, 4.9, 4.7)).to.deep.equal(['Lamps', 'Ovens']);
  });

  it('quotes other sections of the best document from farther off, though others stand between', () => {
    const shelf = [
      passage('lamp#0', 'Lamps', 'Lamps have a warranty of 2 years.'),
      passage('oven#0', 'Ovens', 'Ovens have a warranty of 3 years.'),
      passage('sofa#0', 'Sofas', 'Sofas have a warranty of 4 years.'),
      passage('lamp#1', 'Lamps', 'The warranty of a shade is 6 months.', { headings: ['Shades'] }),
    ];
    const own = loadRetriever(buildIndex(shelf), shelf);
    const quotedOf = (...scores: number[]): string[] => {
      const ranked = shelf.map((one, at) => ({ passage: one, score: scores[at] ?? 0 }));
      return own.extract('how long is the warranty', ranked).map((span) => span.passage.id);
    };
    expect(quotedOf(3, 2.3, 2.3, 2.2)).to.deep.equal(['lamp#0', 'lamp#1']);
    expect(quotedOf(3, 2.3, 2.3, 1.5)).to.deep.equal(['lamp#0']);
  });

  it('prefers, of what comes near, what holds the kind of span asked for', () => {
    const shelf = [
      passage('gift#0', 'Gift cards', 'A gift card goes by email. The card has a greeting.'),
      passage('gift#1', 'Gift cards', 'Type the code of the card at checkout.', { headings: ['Use a card'] }),
      passage('gift#2', 'Gift cards', 'Two gift cards go into one order.', { headings: ['Several cards'] }),
      passage('gift#3', 'Gift cards', 'Gift cards are sold for £10 to £250.', { headings: ['Amounts'] }),
    ];
    const own = loadRetriever(buildIndex(shelf), shelf);
    const quotedOf = (question: string): string[] =>
      own
        .extract(
          question,
          shelf.map((one, at) => ({ passage: one, score: 3 - at / 10 })),
        )
        .map((span) => span.passage.id);
    expect(quotedOf('how much does a gift card cost')).to.deep.equal(['gift#0', 'gift#3', 'gift#1']);
    expect(quotedOf('tell me of gift cards')).to.deep.equal(['gift#0', 'gift#1', 'gift#2']);
  });

  it('gives a heading to what does not say by itself what it is about', () => {
    const covered = '- a dropped Jug\n- a Jug that was washed too hot';
    const house = [
      passage('w#0', 'Warranty', covered, { headings: ['Claims', 'What is not covered'] }),
      passage('w#1', 'Warranty', `These are not covered:\n\n${covered}`, { headings: ['Exceptions'] }),
      passage('w#2', 'Warranty', 'A dropped Jug is not covered.', { headings: ['Jugs'] }),
      passage('t#0', 'Broken jugs', 'We sell the body of the Jug for £14.'),
    ];
    const own = loadRetriever(buildIndex(house), house);
    const headingsOf = (...places: number[]): (string | undefined)[] => {
      const ranked = places.flatMap((place) => {
        const one = house[place];
        return one === undefined ? [] : [{ passage: one, score: 1 }];
      });
      return own.extract('is a dropped jug covered', ranked).map(({ heading }) => heading);
    };
    expect(headingsOf(0)).to.deep.equal(['What is not covered']);
    expect(headingsOf(1)).to.deep.equal([undefined]);
    expect(headingsOf(2)).to.deep.equal([undefined]);
    expect(headingsOf(2, 0, 3)).to.deep.equal([undefined, 'What is not covered', 'Broken jugs']);
  });

  it('never leaves the sentence hanging that introduces a list or a table', () => {
    const strip = 'Colors fade.\n\nUse the test strip from the box:';
    const shades = '| Shade | Hardness |\n| --- | --- |\n| green | soft |\n| red | hard |';
    const house = [
      passage('h#0', 'Water hardness', `${strip}\n\n${shades}`),
      passage('o#0', 'Ovens', 'Ovens are sold in Leeds.'),
    ];
    const own = loadRetriever(buildIndex(house), house);
    const quoted = own.extract('test strip in the box', own.search('test strip').ranked);
    expect(quoted[0]?.markdown).to.equal(`Use the test strip from the box:\n\n${shades}`);
    expect(quoted.slice(1).map(({ markdown }) => markdown)).not.to.include(
      'Use the test strip from the box:',
    );
  });

  it('goes on with what a page says next where the best piece of it is short', () => {
    const low = 'Low power boards have only 2.1 V on the pin marked 5V when a battery powers them.';
    const reason = 'This happens as the diode is avoided by an internal power path.';
    const measures = 'Measure it so:\n\n1. Take the battery out.\n2. Plug the cable in.';
    const long = `More of it: ${'the path is long and ends nowhere. '.repeat(20)}`;
    const house = [
      passage('v#0', 'Volts on the pin', ['Boards have pins.', low, reason, measures, long].join('\n\n')),
      passage('o#0', 'Ovens', 'Ovens are sold in Leeds.'),
    ];
    const own = loadRetriever(buildIndex(house), house);
    const question = 'only 2 volts on the 5V pin with a battery';
    expect(own.extract(question, own.search(question).ranked).map(({ markdown }) => markdown)).to.deep.equal([
      low,
      reason,
      measures,
    ]);
  });

  it('leaves out what would make the answer too long', () => {
    const long = Array.from({ length: 40 }, (_, at) => `- Step ${at} of the long list`).join('\n');
    const house = [passage('a#0', 'Long list', long), passage('b#0', 'Long list, too', long)];
    const own = loadRetriever(buildIndex(house), house);
    const ranked = house.map((one) => ({ passage: one, score: 1 }));
    expect(own.extract('the long list', ranked)).to.have.length(1);
  });

  it('gives nothing for nothing', () => {
    expect(retriever.extract('x', [])).to.deep.equal([]);
  });
});
