import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { APPS } from './apps.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));

interface Node {
  readonly id: string;
  readonly parentId?: string;
  readonly position: { readonly x: number; readonly y: number };
  readonly data: { readonly title: string; readonly type: string; readonly start_node_id?: string };
}
interface Edge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly data: { readonly sourceType: string; readonly targetType: string };
}
interface Export {
  readonly kind: string;
  readonly version: string;
  readonly workflow: { readonly graph: { readonly nodes: readonly Node[]; readonly edges: readonly Edge[] } };
}

const read = (app: string, file: string): string => readFileSync(join(folder, app, file), 'utf8');
const lines = (app: string): readonly Record<string, unknown>[] =>
  read(app, 'questions.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

for (const app of APPS)
  describe(`the app ${app}`, () => {
    const { kind, version, workflow } = parse(read(app, 'app.yml')) as Export;
    const { nodes, edges } = workflow.graph;
    const byId = new Map(nodes.map((node) => [node.id, node]));

    it('is an export of version 0.6.0 whose edges join its nodes and name their types', () => {
      assert.equal(kind, 'app');
      assert.equal(version, '0.6.0');
      assert.equal(byId.size, nodes.length);
      assert.equal(new Set(edges.map(({ id }) => id)).size, edges.length);
      for (const { source, target, data } of edges) {
        assert.equal(byId.get(source)?.data.type, data.sourceType);
        assert.equal(byId.get(target)?.data.type, data.targetType);
      }
      for (const node of nodes) assert.ok(Number.isFinite(node.position.x + node.position.y));
      for (const { parentId } of nodes) assert.ok(parentId === undefined || byId.has(parentId));
    });

    it('names only variables of its nodes, and holds no secret', () => {
      const text = read(app, 'app.yml');
      for (const [, id = ''] of text.matchAll(/\{\{#(\d+)\./g)) assert.ok(byId.has(id), id);
      assert.doesNotMatch(text, /\b(?:sk|app)-[A-Za-z0-9]{16,}/);
    });

    it('searches folders of at least eight pages with a title', () => {
      const languages = readdirSync(join(folder, app, 'knowledge'));
      for (const language of languages) {
        const pages = readdirSync(join(folder, app, 'knowledge', language));
        assert.ok(pages.length >= 8, `${language}: ${pages.length}`);
        for (const page of pages)
          assert.match(read(app, `knowledge/${language}/${page}`), /^---\ntitle: \S.*\n[^]*?---\n\n\S/);
      }
      const { datasets } = parse(read(app, 'understudy.yml')) as {
        datasets: Record<string, { path: string }>;
      };
      for (const [id, { path }] of Object.entries(datasets)) {
        assert.ok(existsSync(join(folder, app, path)), path);
        assert.ok(read(app, 'app.yml').includes(id), `${id} is no dataset of the app`);
      }
      assert.equal(Object.keys(datasets).length, languages.length);
    });

    it('is asked at least twenty questions, each with a place it ends at and pages that are there', () => {
      const questions = lines(app);
      assert.ok(questions.length >= 20);
      const titles = new Set(nodes.map(({ data }) => data.title));
      const others = new Set(['needs-connection', 'moderation']);
      const pages = readdirSync(join(folder, app, 'knowledge')).flatMap((language) =>
        readdirSync(join(folder, app, 'knowledge', language)).map((page) => page.replace(/\.md$/, '')),
      );
      for (const { branch, articles, question } of questions) {
        assert.ok(titles.has(String(branch)) || others.has(String(branch)), String(branch));
        assert.ok(Array.isArray(articles));
        for (const article of articles as string[])
          assert.ok(pages.includes(article), `${String(question)}: ${article}`);
      }
    });

    it('has replies for nodes that are there', () => {
      for (const id of Object.keys(JSON.parse(read(app, 'mocks.json')) as object))
        assert.ok(byId.has(id) || id.startsWith('kind:'), id);
    });
  });
