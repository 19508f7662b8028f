import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideSites } from './decide-sites.ts';
import type { PathAnalysis } from './find-paths.ts';
import { MAX_PATHS, findPaths } from './find-paths.ts';
import { NO_CHOICES } from './owner-choices.ts';
import { readDifyApp } from './read-app.ts';

type Node = readonly [id: string, data: object, parent?: string];
type Edge = readonly [source: string, target: string, handle?: string];

function paths(nodes: readonly Node[], edges: readonly Edge[]): PathAnalysis {
  const text = JSON.stringify({
    app: { mode: 'advanced-chat' },
    workflow: {
      graph: {
        nodes: [['s', { type: 'start' }] as Node, ...nodes].map(([id, data, parentId]) => ({
          id,
          data,
          parentId,
        })),
        edges: edges.map(([source, target, sourceHandle]) => ({ source, target, sourceHandle })),
      },
    },
  });
  const app = readDifyApp(text, 'x.yml');
  return findPaths(app, decideSites(app, NO_CHOICES));
}

const ANSWER = { type: 'answer', answer: 'x' };
const TOOL = { type: 'tool', provider_id: 'p', tool_name: 't' };
const BRANCH = {
  type: 'if-else',
  cases: [
    { case_id: 'a', conditions: [{ variable_selector: ['sys', 'query'], comparison_operator: 'empty' }] },
  ],
};
const EACH = { type: 'iteration', iterator_selector: ['s', 'list'], output_selector: ['in', 'text'] };

describe('findPaths', () => {
  it('tells whole paths from those that need the cloud', () => {
    const found = paths(
      [
        ['if', BRANCH],
        ['t', TOOL],
        ['one', ANSWER],
        ['two', ANSWER],
      ],
      [
        ['s', 'if'],
        ['if', 't', 'a'],
        ['t', 'one'],
        ['if', 'two', 'false'],
      ],
    );
    assert.equal(found.coverage, 'partial');
    assert.deepEqual(found.paths, [
      {
        choices: [{ node: 'if', handle: 'a', label: 'IF' }],
        ends: ['one'],
        isWhole: false,
        blockedBy: ['t'],
      },
      {
        choices: [{ node: 'if', handle: 'false', label: 'ELSE' }],
        ends: ['two'],
        isWhole: true,
        blockedBy: [],
      },
    ]);
  });

  it('counts what runs beside a path as part of it', () => {
    const found = paths(
      [
        ['t', TOOL],
        ['one', ANSWER],
      ],
      [
        ['s', 't'],
        ['s', 'one'],
      ],
    );
    assert.equal(found.coverage, 'none');
    assert.deepEqual(found.paths[0]?.blockedBy, ['t']);
  });

  it('follows what the flow says of a failure', () => {
    const branch = paths(
      [
        ['t', { ...TOOL, error_strategy: 'fail-branch' }],
        ['one', ANSWER],
        ['two', ANSWER],
      ],
      [
        ['s', 't'],
        ['t', 'one'],
        ['t', 'two', 'fail-branch'],
      ],
    );
    assert.equal(branch.coverage, 'partial');
    assert.deepEqual(
      branch.paths.map(({ ends, isWhole }) => [ends, isWhole]),
      [
        [['one'], false],
        [['two'], true],
      ],
    );
    const defaults = paths(
      [
        ['t', { ...TOOL, error_strategy: 'default-value' }],
        ['one', ANSWER],
      ],
      [
        ['s', 't'],
        ['t', 'one'],
      ],
    );
    assert.equal(defaults.coverage, 'partial');
  });

  it('knows no whole path without an answer', () => {
    assert.equal(paths([], []).coverage, 'none');
    const found = paths([['if', BRANCH]], [['s', 'if']]);
    assert.deepEqual(
      found.paths.map(({ isWhole }) => isWhole),
      [false, false],
    );
  });

  it('looks into containers, and counts an empty list where their rounds need the cloud', () => {
    const whole = paths(
      [
        ['e', EACH],
        ['in', { type: 'template-transform', template: 'x' }, 'e'],
        ['one', ANSWER],
      ],
      [
        ['s', 'e'],
        ['e', 'one'],
      ],
    );
    assert.equal(whole.coverage, 'whole');
    const empty = paths(
      [
        ['e', EACH],
        ['in', TOOL, 'e'],
        ['one', ANSWER],
      ],
      [
        ['s', 'e'],
        ['e', 'one'],
      ],
    );
    assert.equal(empty.coverage, 'partial');
    assert.deepEqual(
      empty.paths.map(({ choices, isWhole }) => [choices[0]?.label, isWhole]),
      [
        ['with elements', false],
        ['with an empty list', true],
      ],
    );
    const loop = paths(
      [
        ['l', { type: 'loop' }],
        ['in', TOOL, 'l'],
        ['one', ANSWER],
      ],
      [
        ['s', 'l'],
        ['l', 'one'],
      ],
    );
    assert.equal(loop.coverage, 'none');
    const answers = paths(
      [
        ['l', { type: 'loop' }],
        ['in', ANSWER, 'l'],
      ],
      [['s', 'l']],
    );
    assert.equal(answers.coverage, 'whole');
    assert.deepEqual(answers.paths[0]?.ends, ['in']);
  });

  it('reckons exactly where paths are too many to list', () => {
    const nodes: Node[] = [];
    const edges: Edge[] = [];
    let before = 's';
    for (let index = 0; index < 40; index += 1) {
      const id = `if${index}`;
      nodes.push(
        [id, BRANCH],
        [`a${index}`, { type: 'template-transform', template: '' }],
        [`b${index}`, { type: 'template-transform', template: '' }],
      );
      edges.push([before, id], [id, `a${index}`, 'a'], [id, `b${index}`, 'false']);
      nodes.push([`j${index}`, { type: 'variable-aggregator', variables: [] }]);
      edges.push([`a${index}`, `j${index}`], [`b${index}`, `j${index}`]);
      before = `j${index}`;
    }
    const found = paths(
      [...nodes, ['if', BRANCH], ['t', TOOL], ['one', ANSWER]],
      [...edges, [before, 'if'], ['if', 't', 'a'], ['if', 'one', 'false']],
    );
    assert.equal(found.coverage, 'partial');
    assert.equal(found.paths.length, MAX_PATHS);
    assert.equal(found.isTruncated, true);
  });

  it('follows a chain of a thousand nodes', () => {
    const nodes = Array.from({ length: 1000 }, (_, index): Node => [
      `n${index}`,
      { type: 'template-transform', template: '' },
    ]);
    const edges = nodes.slice(1).map(([id], index): Edge => [`n${index}`, id]);
    const found = paths([...nodes, ['one', ANSWER]], [['s', 'n0'], ...edges, ['n999', 'one']]);
    assert.equal(found.coverage, 'whole');
  });
});
