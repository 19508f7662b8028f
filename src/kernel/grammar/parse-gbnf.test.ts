import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { isUnderstudyError } from '../../contracts/errors.ts';
import { intersectRanges, invertRanges, normalizeRanges, toByteSequences } from './code-point-ranges.ts';
import { compileGrammar } from './compile-grammar.ts';
import { DEAD, GrammarAutomaton } from './grammar-automaton.ts';
import { parseGbnf } from './parse-gbnf.ts';

/** Whether the text is a whole output of the grammar; null when it is the beginning of one. */
function match(grammar: string, text: string): boolean | null {
  const automaton = new GrammarAutomaton(compileGrammar(parseGbnf(grammar)));
  let situation = automaton.start();
  for (const byte of new TextEncoder().encode(text)) situation = automaton.step(situation, byte);
  if (automaton.isComplete(situation)) return true;
  return situation === DEAD ? false : null;
}

function refusal(grammar: string): string {
  try {
    parseGbnf(grammar);
  } catch (error) {
    if (isUnderstudyError(error, 'engine/grammar-invalid'))
      return `${Number(error.facts['line'])}:${Number(error.facts['column'])} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

interface Case {
  readonly grammar: string;
  readonly whole: readonly string[];
  readonly refused: readonly string[];
}

const CASES: Readonly<Record<string, Case>> = {
  literals: { grammar: 'root ::= "yes" | "no"', whole: ['yes', 'no'], refused: ['yesno', 'y', '', 'Yes'] },
  'escapes in literals': {
    grammar: String.raw`root ::= "\n\r\t\\\"\[\]\x41\u00e9\U0001F600"`,
    whole: ['\n\r\t\\"[]Aé😀'],
    refused: ['\n\r\t\\"[]Ae😀'],
  },
  'an empty alternative': { grammar: 'root ::= "a" ( | "b")', whole: ['a', 'ab'], refused: ['', 'abb'] },
  'an empty literal': { grammar: 'root ::= ""', whole: [''], refused: ['a'] },
  sets: {
    grammar: String.raw`root ::= [a-c_\]x-]`,
    whole: ['a', 'b', 'c', '_', ']', 'x', '-'],
    refused: ['d', 'aa', '', '\\'],
  },
  'negated sets': {
    grammar: String.raw`root ::= [^a-c\n]`,
    whole: ['d', 'é', '漢', '😀', '\r'],
    refused: ['a', '\n', 'dd'],
  },
  'any character': { grammar: 'root ::= .', whole: ['a', '\n', '漢', '😀'], refused: ['', 'ab'] },
  'sets over several lengths of UTF-8': {
    grammar: 'root ::= [ぁ-ゟ]+',
    whole: ['ひらがな'],
    refused: ['カ', 'ひa', ''],
  },
  'star, plus and question mark': {
    grammar: 'root ::= "a"* "b"+ "c"?',
    whole: ['b', 'aab', 'bbc', 'abbbc'],
    refused: ['', 'aac', 'bcc', 'ac'],
  },
  'a repetition of a literal of several characters': {
    grammar: 'root ::= "ab"{2}',
    whole: ['abab'],
    refused: ['ab', 'abb', 'ababab'],
  },
  'counted repetitions': {
    grammar: 'root ::= [0-9]{2,4} "x"{1,} "y"{0,2} "z"{3}',
    whole: ['12xzzz', '1234xxxyyzzz'],
    refused: ['1xzzz', '12345xzzz', '12zzz', '12xyyyzzz', '12xzz'],
  },
  'repetitions too long to be copied': {
    grammar: 'root ::= ("ab" | "c"){30,40}',
    whole: ['ab'.repeat(30), 'c'.repeat(40), 'abc'.repeat(17)],
    refused: ['c'.repeat(29), 'c'.repeat(41), 'a'],
  },
  'repetitions of repetitions': {
    grammar: 'root ::= ("a"{20,21} "b"){20,}',
    whole: [`${'a'.repeat(20)}b`.repeat(20), `${'a'.repeat(21)}b`.repeat(31)],
    refused: [`${'a'.repeat(20)}b`.repeat(19), `${'a'.repeat(22)}b`.repeat(20)],
  },
  'repetitions of what may be empty': {
    grammar: 'root ::= ("a"? "b"*){2,100} "c"',
    whole: ['c', 'ac', 'abbac', `${'a'.repeat(100)}c`],
    refused: [`${'a'.repeat(101)}c`],
  },
  'repetition of nothing': { grammar: 'root ::= "a"{0} "b"', whole: ['b'], refused: ['ab'] },
  'loops in loops': { grammar: 'root ::= (("a"*)* | "b"*)*', whole: ['', 'aabba'], refused: ['c'] },
  'rules that call each other': {
    grammar: 'root ::= "(" inner ")"\ninner ::= root | "x"\n',
    whole: ['(x)', '(((x)))'],
    refused: ['(x', '(x))', '()', 'x'],
  },
  'more readings than one': {
    grammar: 'root ::= a | b\na ::= "x"+ "a"\nb ::= "x"+ "b"',
    whole: ['xxa', 'xb'],
    refused: ['xxc', 'a'],
  },
  'comments and lines in groups': {
    grammar: '# head\nroot ::= ( # here\n  "a" # first\n  "b"\n) |\n  "c" # last\n\n# end',
    whole: ['ab', 'c'],
    refused: ['a', 'abc'],
  },
  'names with digits, dashes and underscores': {
    grammar: 'root ::= a-1_B a-1_B\r\na-1_B ::= [x]\r\n',
    whole: ['xx'],
    refused: ['x'],
  },
  'the chess of llama.cpp': {
    grammar: String.raw`root ::= ("1. " move " " move "\n" ([1-9] [0-9]? ". " move " " move "\n")+)
      move ::= (pawn | nonpawn | castle) [+#]?
      nonpawn ::= [NBKQR] [a-h]? [1-8]? "x"? [a-h] [1-8]
      pawn ::= ([a-h] "x")? [a-h] [1-8] ("=" [NBKQR])?
      castle ::= "O-O" "-O"?`,
    whole: ['1. e4 e5\n2. Nf3 Nc6\n', '1. e4 e5\n2. Nf3 exd4\n10. O-O-O Qxh7#\n'],
    refused: ['1. e4\n', '1. e4 e9\n', '1. e4 e5\n2. O-O-O-O e5\n'],
  },
};

describe('parseGbnf', () => {
  for (const [name, { grammar, whole, refused }] of Object.entries(CASES))
    it(`reads ${name}`, () => {
      for (const text of whole) expect(match(grammar, text), JSON.stringify(text)).to.equal(true);
      for (const text of refused) expect(match(grammar, text), JSON.stringify(text)).not.to.equal(true);
    });

  it('knows what can still become an output', () => {
    expect(match('root ::= "abc"', 'ab')).to.equal(null);
    expect(match('root ::= "abc"', 'ax')).to.equal(false);
  });

  const refusals: readonly (readonly [text: string, says: string])[] = [
    ['', '1:1 .*no rule named "root"'],
    ['a ::= "b"', '1:1 .*no rule named "root"'],
    ['root ::= a', '1:10 .*no rule named "a"'],
    ['root ::= "a"\nroot ::= "b"', '2:1 .*second rule'],
    ['root = "a"', '1:6 .*"::="'],
    ['root ::= "a', '1:10 .*literal is not closed'],
    ['root ::= "a\n"', '1:10 .*literal is not closed'],
    ['root ::= [a', '1:10 .*set is not closed'],
    ['root ::= []', '1:10 .*holds no character'],
    [String.raw`root ::= [^\x00-\U0010FFFF]`, '1:10 .*holds no character'],
    ['root ::= [z-a]', '1:11 .*ends before'],
    ['root ::= ("a"', '1:10 .*not closed'],
    ['root ::= "a")', '1:13 .*Unexpected'],
    ['root ::= *', '1:10 .*Unexpected'],
    [String.raw`root ::= "\q"`, '1:11 .*not known'],
    [String.raw`root ::= "\x4"`, '1:11 .*hexadecimal'],
    [String.raw`root ::= "\uD800"`, '1:11 .*no Unicode'],
    [String.raw`root ::= "\U00110000"`, '1:11 .*no Unicode'],
    ['root ::= "a"{2,1}', '1:13 .*ends before'],
    ['root ::= "a"{,1}', '1:13 .*form'],
    ['root ::= "a"{1', '1:13 .*form'],
    ['root ::= <[1000]>', '1:10 .*tokens'],
    ['root ::= !<think>', '1:10 .*tokens'],
    ['root ::= root "a" | "b"', '1:1 .*begins with itself'],
    ['root ::= a\na ::= "x"? b\nb ::= a "y" | "z"', '2:1 .*begins with itself'],
    ['root ::= ("x"? root)?', '1:1 .*begins with itself'],
    ['root ::= "a" b\nb ::= "c" b', '1:1 .*never comes to an end'],
  ];
  for (const [text, says] of refusals)
    it(`refuses ${JSON.stringify(text)} and says where`, () => {
      expect(refusal(text)).to.match(new RegExp(says));
    });

  const attacks: Readonly<Record<string, string>> = {
    'a repetition bomb': 'root ::= "a"{0,1000000}',
    'a repetition with a number of a megabyte': `root ::= "a"{${'9'.repeat(1_000_000)}}`,
    'a bomb of empty repetitions': 'root ::= ("a"?){99999}',
    'groups nested without end': `root ::= ${'('.repeat(100_000)}`,
    'more than a megabyte of text': `root ::= "a"${' '.repeat(1 << 20)}`,
    'a literal of a megabyte': `root ::= "${'a'.repeat(1_000_000)}"`,
    'a hundred thousand rules': `root ::= "a"\n${Array.from({ length: 100_000 }, (_, at) => `r${at}::="a"`).join('\n')}`,
    'repetitions of repetitions of repetitions': `root ::= "a"${'*'.repeat(1000)}`,
  };
  for (const [name, text] of Object.entries(attacks))
    it(`refuses ${name}`, () => {
      expect(refusal(text)).to.match(/Grammar \d+:\d+/);
    });

  it('follows nested counters without copying them', () => {
    const grammar = 'root ::= (((("a"{0,1000}){0,1000}"b"){0,1000}"c"){0,1000}"d"){99999}';
    expect(
      compileGrammar(parseGbnf('root ::= ((("a"{1,9} "b"){1,100000} "c"){1,100000} "d"){99999}')).operation
        .length,
    ).to.be.below(60);
    expect(refusal(grammar)).to.equal('accepted');
  });

  it('follows a chain of ten thousand rules', () => {
    const rules = Array.from({ length: 9000 }, (_, at) => `r${at} ::= "(" r${at + 1} ")" r${at + 1}?`);
    expect(match(`root ::= r0\n${rules.join('\n')}\nr9000 ::= "x"`, '(((')).to.equal(null);
  });

  it('gives up, with a code, on outputs that can be read in too many ways', () => {
    const grammar = 'root ::= s\ns ::= "a" s "b" | "a" s "c" | "x"';
    let code = '';
    try {
      match(grammar, 'a'.repeat(40));
    } catch (error) {
      code = isUnderstudyError(error) ? error.code : '';
    }
    expect(code).to.equal('engine/grammar-invalid');
  });

  it('accepts or refuses any text with a code', () => {
    const word = fc.constantFrom(
      'root',
      '::=',
      '"a"',
      '[a-z]',
      '(',
      ')',
      '|',
      '*',
      '+',
      '?',
      '{1,2}',
      '\n',
      '#',
      '.',
      '\\',
      '"',
      'x',
      '{',
      '[^',
      ']',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(word, { maxLength: 14 }).map((words) => `root ::= ${words.join(' ')}`),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          if (refusal(text) === 'accepted') compileGrammar(parseGbnf(text));
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe('sets of code points', () => {
  const ranges = fc
    .array(fc.tuple(fc.nat(0x10ffff), fc.nat(3000)), { maxLength: 6 })
    .map((pairs) =>
      normalizeRanges(pairs.flatMap(([first, length]) => [first, Math.min(first + length, 0x10ffff)])),
    );
  const holds = (set: readonly number[], point: number): boolean => {
    for (let at = 0; at < set.length; at += 2) if (point >= set[at]! && point <= set[at + 1]!) return true;
    return false;
  };
  const point = fc.oneof(fc.nat(0x10ffff), fc.nat(0xfff)).filter((one) => one < 0xd800 || one > 0xdfff);
  const edges = (set: readonly number[]): number[] =>
    set
      .flatMap((edge) => [edge - 1, edge, edge + 1])
      .filter((one) => one >= 0 && one <= 0x10ffff && (one < 0xd800 || one > 0xdfff));

  it('are spelled as exactly the UTF-8 of their characters', () => {
    fc.assert(
      fc.property(ranges, fc.array(point, { maxLength: 10 }), (set, others) => {
        const sequences = toByteSequences(set);
        for (const one of [...edges(set), ...others]) {
          const bytes = new TextEncoder().encode(String.fromCodePoint(one));
          const matches = sequences.filter(
            (sequence) =>
              sequence.length === 2 * bytes.length &&
              bytes.every((byte, at) => byte >= sequence[2 * at]! && byte <= sequence[2 * at + 1]!),
          );
          expect(matches.length).to.equal(holds(set, one) ? 1 : 0);
        }
      }),
    );
  });

  it('are inverted and intersected as sets are', () => {
    fc.assert(
      fc.property(ranges, ranges, fc.array(point, { maxLength: 10 }), (a, b, others) => {
        for (const one of [...edges(a), ...edges(b), ...others]) {
          expect(holds(invertRanges(a), one)).to.equal(!holds(a, one));
          expect(holds(intersectRanges(a, b), one)).to.equal(holds(a, one) && holds(b, one));
        }
      }),
    );
  });
});
