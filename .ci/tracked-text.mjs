/** Checks what must not be in a tracked file: paths of one machine, and download addresses in the lock file. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare.mjs';

const MAX_TEXT_BYTES = 2 * 1024 * 1024;
// Written in parts, so that this file does not find itself.
const MACHINE_PATHS = ['/wo' + 'rk/', '/tm' + 'p/w', '/ho' + 'me/', '/Us' + 'ers/'];
/** A home folder in a text is somebody's; `/home/` alone may be an address of a site. */
const pattern = new RegExp(
  `(?<![\\w.:/-])(?:${MACHINE_PATHS.slice(0, 2).join('|')}|(?:${MACHINE_PATHS.slice(2).join('|')})\\w+/)`,
);

const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((name) => name !== '');
const findings = [];
for (const name of files) {
  let content;
  try {
    content = readFileSync(join(root, name));
  } catch {
    // Deleted in the working tree, or a link to a folder: nothing to read.
    continue;
  }
  if (content.byteLength > MAX_TEXT_BYTES || content.includes(0)) continue;
  content
    .toString('utf8')
    .split('\n')
    .forEach((line, index) => {
      if (pattern.test(line)) findings.push(`${name}:${index + 1}: names a path of one machine`);
      if (name.endsWith('package-lock.json') && /^\s*"resolved": "(?:https?|git)/.test(line))
        findings.push(`${name}:${index + 1}: names a download address`);
    });
}
for (const finding of findings) console.log(finding);
console.log(`${files.length} tracked files, ${findings.length} findings`);
if (findings.length > 0) process.exitCode = 1;
