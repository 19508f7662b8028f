/**
 * The failed tests of a run, told again at its end: the reports of all groups are long, and where only their last lines
 * are at hand the name and the message of what failed must be among them.
 *
 * @typedef {{name: string, where: string, message: string}} FailedTest `name` with the names of its suites; `where` the
 *   file, with line and column where they are known.
 */

/** Lines of a message that are told again; a property test needs its counterexample, its seed and its path. */
const TOLD_LINES = 15;
const TOLD_COLUMNS = 400;

/**
 * Reads the report of `node --test --test-reporter=tap`: what failed itself, not the suites around it.
 *
 * @param {string} text
 * @returns {FailedTest[]}
 */
export function failedInTap(text) {
  const lines = text.split('\n');
  const suites = [];
  const failed = [];
  for (const [index, line] of lines.entries()) {
    const begun = /^( *)# Subtest: (.*)$/.exec(line);
    if (begun !== null) {
      const depth = begun[1].length / 4;
      suites.length = depth;
      suites[depth] = begun[2];
    }
    const ended = /^( *)not ok \d+ - (.*)$/.exec(line);
    if (ended === null || / # (?:SKIP|TODO)/.test(line)) continue;
    const details = detailsAfter(lines, index, ended[1].length + 2);
    if (details.failureType === 'subtestsFailed') continue;
    const name = [...suites.slice(0, ended[1].length / 4), ended[2]].join(' › ').replaceAll('\\#', '#');
    failed.push({
      name,
      where: (details.location ?? '').replace(`${process.cwd()}/`, ''),
      message: details.error ?? '',
    });
  }
  return failed;
}

/** The values of the YAML block that follows line `index`: words in quotes, and blocks of lines (`|-`). */
function detailsAfter(lines, index, indent) {
  const details = {};
  if (lines[index + 1] !== `${' '.repeat(indent)}---`) return details;
  for (let at = index + 2; at < lines.length && lines[at] !== `${' '.repeat(indent)}...`; at += 1) {
    const pair = /^ *(\w+): (.*)$/.exec(lines[at]);
    if (pair === null || lines[at].search(/\S/) !== indent) continue;
    const [, key, value] = pair;
    if (value !== '|-') {
      details[key] = value.replace(/^'(.*)'$/, '$1').replaceAll("''", "'");
      continue;
    }
    const block = [];
    while (lines[at + 1]?.startsWith(' '.repeat(indent + 2))) block.push(lines[(at += 1)].slice(indent + 2));
    details[key] = block.join('\n');
  }
  return details;
}

/**
 * The failed tests of one file in one browser, as web-test-runner gives its sessions.
 *
 * @param {{testFile?: string, testResults?: any, errors?: {message?: string, stack?: string}[], passed?: boolean}} session
 * @returns {FailedTest[]}
 */
export function failedInSession({ testFile = '', testResults, errors = [], passed = true }) {
  const where = testFile.replace(`${process.cwd()}/`, '');
  const failed = [];
  const walk = (suite, names) => {
    for (const test of suite.tests) {
      if (test.skipped || test.passed) continue;
      const name = [...names, test.name].join(' › ');
      failed.push({ name, where, message: test.error?.message ?? 'failed without a message' });
    }
    for (const inner of suite.suites) walk(inner, [...names, inner.name]);
  };
  if (testResults !== undefined) walk(testResults, []);
  // A file that does not load has no tests: it fails as a whole.
  if (!passed)
    for (const error of errors)
      failed.push({ name: 'the file', where, message: error.message ?? error.stack ?? 'did not load' });
  return failed;
}

/**
 * @param {string} group
 * @param {readonly FailedTest[]} failed
 * @returns {string[]} Lines to print.
 */
export const tellFailed = (group, failed) =>
  failed.flatMap(({ name, where, message }) => [
    `✖ ${group}: ${name}`,
    ...(where === '' ? [] : [`    ${where}`]),
    ...message
      .split('\n')
      .slice(0, TOLD_LINES)
      .map((line) => `    ${line.slice(0, TOLD_COLUMNS)}`),
  ]);
