import type { Grammar, GrammarNode } from './grammar.ts';
import { GRAMMAR_LIMITS, grammarError } from './grammar.ts';

/**
 * Refuses grammars that no automaton can follow: rules that begin with themselves, and rules that never come to an end. So
 * whatever was accepted so far can be completed.
 *
 * @throws UnderstudyError `engine/grammar-invalid` with the place of the rule.
 */
export function checkGrammar(grammar: Grammar): void {
  const users = collectUsers(grammar);
  const ends = findRules(grammar, users, canEnd);
  for (const [index, { name, line, column }] of grammar.rules.entries())
    if (ends[index] !== true) throw grammarError(`The rule "${name}" never comes to an end.`, line, column);
  const empties = findEmptyRules(grammar, users);
  for (const { name, node, line, column } of grammar.rules)
    if (hasLongEmptyRepetition(node, empties))
      throw grammarError(
        `The rule "${name}" repeats what may be empty more than ${GRAMMAR_LIMITS.emptyRepetitions} times.`,
        line,
        column,
      );
  refuseLeftRecursion(grammar, empties);
}

/** Which rules match the empty text, by index. */
export function findEmptyRules(
  grammar: Grammar,
  users: readonly (readonly number[])[] = collectUsers(grammar),
): readonly boolean[] {
  return findRules(grammar, users, canBeEmpty);
}

/** Whether a part matches the empty text, given which rules do. */
export function canBeEmpty(node: GrammarNode, rules: readonly boolean[]): boolean {
  switch (node.kind) {
    case 'characters':
      return false;
    case 'sequence':
      return node.items.every((item) => canBeEmpty(item, rules));
    case 'choice':
      return node.options.some((option) => canBeEmpty(option, rules));
    case 'repeat':
      return node.minimum === 0 || canBeEmpty(node.body, rules);
    case 'rule':
      return rules[node.rule] === true;
  }
}

function canEnd(node: GrammarNode, rules: readonly boolean[]): boolean {
  switch (node.kind) {
    case 'characters':
      return true;
    case 'sequence':
      return node.items.every((item) => canEnd(item, rules));
    case 'choice':
      return node.options.some((option) => canEnd(option, rules));
    case 'repeat':
      return node.minimum === 0 || canEnd(node.body, rules);
    case 'rule':
      return rules[node.rule] === true;
  }
}

type Judge = (node: GrammarNode, rules: readonly boolean[]) => boolean;

/** The least set of rules that the judge holds true; a rule is looked at again only when one that it uses was added. */
function findRules(
  grammar: Grammar,
  users: readonly (readonly number[])[],
  judge: Judge,
): readonly boolean[] {
  const found = grammar.rules.map(() => false);
  const waiting = grammar.rules.map((_, index) => index);
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    const rule = grammar.rules[index];
    if (rule === undefined || found[index] === true || !judge(rule.node, found)) continue;
    found[index] = true;
    waiting.push(...(users[index] ?? []));
  }
  return found;
}

/** For each rule, the rules that name it. */
function collectUsers({ rules }: Grammar): readonly (readonly number[])[] {
  const users = rules.map(() => new Set<number>());
  const visit = (node: GrammarNode, user: number): void => {
    if (node.kind === 'rule') users[node.rule]?.add(user);
    else if (node.kind === 'repeat') visit(node.body, user);
    else if (node.kind === 'sequence') for (const item of node.items) visit(item, user);
    else if (node.kind === 'choice') for (const option of node.options) visit(option, user);
  };
  for (const [index, { node }] of rules.entries()) visit(node, index);
  return users.map((set) => [...set]);
}

function hasLongEmptyRepetition(node: GrammarNode, empties: readonly boolean[]): boolean {
  switch (node.kind) {
    case 'characters':
    case 'rule':
      return false;
    case 'sequence':
      return node.items.some((item) => hasLongEmptyRepetition(item, empties));
    case 'choice':
      return node.options.some((option) => hasLongEmptyRepetition(option, empties));
    case 'repeat': {
      const turns = Number.isFinite(node.maximum) ? node.maximum : node.minimum;
      if (turns > GRAMMAR_LIMITS.emptyRepetitions && canBeEmpty(node.body, empties)) return true;
      return hasLongEmptyRepetition(node.body, empties);
    }
  }
}

function refuseLeftRecursion({ rules }: Grammar, empties: readonly boolean[]): void {
  const begins = rules.map(({ node }) => {
    const first = new Set<number>();
    collectFirst(node, empties, first);
    return [...first];
  });
  // Depth first with a stack of our own: chains of rules may be longer than the engine's stack.
  const states = new Uint8Array(rules.length);
  for (let start = 0; start < rules.length; start += 1) {
    if (states[start] !== 0) continue;
    states[start] = 1;
    const path = [{ rule: start, next: 0 }];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const child = begins[top.rule]?.[top.next];
      top.next += 1;
      if (child === undefined) {
        states[top.rule] = 2;
        path.pop();
      } else if (states[child] === 0) {
        states[child] = 1;
        path.push({ rule: child, next: 0 });
      } else if (states[child] === 1) {
        const { name, line, column } = rules[child] ?? { name: '', line: 1, column: 1 };
        throw grammarError(`The rule "${name}" begins with itself.`, line, column);
      }
    }
  }
}

/** The rules that may stand at the very beginning of a part. */
function collectFirst(node: GrammarNode, empties: readonly boolean[], into: Set<number>): void {
  if (node.kind === 'rule') into.add(node.rule);
  else if (node.kind === 'repeat') collectFirst(node.body, empties, into);
  else if (node.kind === 'choice') for (const option of node.options) collectFirst(option, empties, into);
  else if (node.kind === 'sequence')
    for (const item of node.items) {
      collectFirst(item, empties, into);
      if (!canBeEmpty(item, empties)) return;
    }
}
