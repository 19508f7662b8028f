import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReportNode } from './app-report.ts';
import type { Box } from './layout-graph.ts';
import { layoutGraph } from './layout-graph.ts';

function node(id: string, parent: string | null = null, position: ReportNode['position'] = null): ReportNode {
  return {
    ...{ id, parent, position, type: 'llm', title: id, site: 'edge', reason: '', isChosen: false },
    ...{ runtime: null, isReachable: true, line: 1, column: 1 },
  };
}

const edge = (source: string, target: string) => ({ source, target, handle: 'source', label: '' });

function box(boxes: readonly Box[], id: string): Box {
  return boxes.find((one) => one.id === id) ?? assert.fail(`no box ${id}`);
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

describe('layoutGraph', () => {
  it('keeps the places of the file, moved to begin at the edge', () => {
    const { boxes } = layoutGraph({
      nodes: [node('a', null, { x: -500, y: 40 }), node('b', null, { x: -100, y: 90 })],
      edges: [],
    });
    assert.deepEqual(
      [box(boxes, 'b').x - box(boxes, 'a').x, box(boxes, 'b').y - box(boxes, 'a').y],
      [400, 50],
    );
    assert.ok(box(boxes, 'a').x >= 0 && box(boxes, 'a').y >= 0);
  });

  it('puts nodes into columns from left to right where places are missing or lie on each other', () => {
    const edges = [edge('a', 'b'), edge('a', 'c'), edge('b', 'd'), edge('c', 'd')];
    for (const position of [null, { x: 5, y: 5 }]) {
      const { boxes, width, height } = layoutGraph({
        nodes: ['a', 'b', 'c', 'd'].map((id) => node(id, null, position)),
        edges,
      });
      assert.ok(box(boxes, 'a').x < box(boxes, 'b').x && box(boxes, 'b').x < box(boxes, 'd').x);
      assert.equal(box(boxes, 'b').x, box(boxes, 'c').x);
      for (const [index, one] of boxes.entries()) {
        for (const other of boxes.slice(index + 1)) assert.ok(!overlap(one, other));
        assert.ok(one.x + one.width <= width && one.y + one.height <= height);
      }
    }
  });

  it('draws containers around what lies in them', () => {
    const nodes = [
      node('a'),
      node('box'),
      node('b', 'box'),
      node('c', 'box'),
      node('inner', 'box'),
      node('d', 'inner'),
    ];
    const { boxes } = layoutGraph({ nodes, edges: [edge('a', 'box'), edge('b', 'c'), edge('c', 'inner')] });
    const [outer, inner] = [box(boxes, 'box'), box(boxes, 'inner')];
    for (const [id, around] of [
      ['b', outer],
      ['c', outer],
      ['inner', outer],
      ['d', inner],
    ] as const) {
      const one = box(boxes, id);
      assert.ok(one.x > around.x && one.y > around.y, id);
      assert.ok(
        one.x + one.width < around.x + around.width && one.y + one.height < around.y + around.height,
        id,
      );
    }
    assert.ok(outer.isContainer && inner.isContainer && !box(boxes, 'b').isContainer);
  });

  it('lays out nothing', () => {
    assert.deepEqual(layoutGraph({ nodes: [], edges: [] }).boxes, []);
  });
});
