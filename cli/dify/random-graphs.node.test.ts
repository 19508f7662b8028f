import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { parsePlan } from '../../src/contracts/parse-plan.ts';
import { tameGraph, wildGraph } from '../../test/fixtures/random-dify-graphs.ts';
import { compileApp } from './compile-app.ts';
import { describeReport } from './describe-report.ts';
import { MAX_PATHS } from './find-paths.ts';
import { readDifyApp } from './read-app.ts';
import { reportPage } from './report-page.ts';

function compile(graph: object): ReturnType<typeof compileApp> {
  const environment = [{ name: 'KEY', value_type: 'secret', value: '' }];
  const app = { app: { mode: 'advanced-chat' }, workflow: { graph, environment_variables: environment } };
  return compileApp(readDifyApp(JSON.stringify(app), 'x.yml'));
}

describe('any graph', () => {
  it('compiles to a plan that is accepted, or to an error with a code', () => {
    fc.assert(
      fc.property(wildGraph, (graph) => {
        try {
          const { plan } = compile(graph);
          assert.deepEqual(parsePlan(JSON.parse(JSON.stringify(plan))), plan);
        } catch (error) {
          assert.ok(isUnderstudyError(error) && error.code.startsWith('dify/'), String(error));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('compiles when its form is right, and is reported in every way', () => {
    fc.assert(
      fc.property(tameGraph, (graph) => {
        const { plan, report } = compile(graph);
        assert.deepEqual(parsePlan(JSON.parse(JSON.stringify(plan))), plan);
        assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
        assert.ok(report.paths.length <= MAX_PATHS);
        assert.equal(report.nodes.length, graph.nodes.length);
        assert.equal(
          report.paths.some(({ isWhole }) => isWhole) || report.isTruncated,
          report.coverage !== 'none' || report.isTruncated,
        );
        assert.doesNotMatch(JSON.stringify(plan), /Bearer abcdefgh/);
        assert.match(reportPage(report), /<svg /);
        assert.ok(describeReport(report).length > 0);
      }),
      { numRuns: 500 },
    );
  });
});
