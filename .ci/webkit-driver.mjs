import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { StepFailure } from './steps.mjs';

const DRIVER_START_LIMIT_MS = 20_000;

/**
 * Starts an X server of our own and WebKit's driver in it.
 *
 * @param {Record<string, string>} programs Of `findBrowsers`.
 */
export async function startWebkitDriver(programs) {
  const children = [];
  const start = (command, args, options) => {
    const child = spawn(command, args, { detached: true, ...options });
    children.push(child);
    return child;
  };
  const stop = () => {
    for (const child of children.reverse()) {
      try {
        process.kill(-child.pid, 'SIGTERM');
      } catch {
        // ESRCH: it has ended by itself.
      }
    }
  };
  process.once('exit', stop);
  try {
    const server = start(
      programs.UNDERSTUDY_XVFB,
      ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
    );
    const display = await firstText(server, server.stdio[3]);
    const port = await freePort();
    const driver = start(programs.UNDERSTUDY_WEBKIT_DRIVER, ['--host=127.0.0.1', `--port=${port}`], {
      stdio: 'ignore',
      env: {
        ...process.env,
        DISPLAY: `:${display}`,
        GDK_BACKEND: 'x11',
        WEBKIT_DISABLE_COMPOSITING_MODE: '1',
        // WebKit's own sandbox cannot be made by root, nor inside most containers.
        ...(process.getuid?.() === 0 ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' } : {}),
      },
    });
    await untilReady(driver, `http://127.0.0.1:${port}/status`);
    return { stop, env: { UNDERSTUDY_WEBDRIVER_PORT: String(port) } };
  } catch (error) {
    stop();
    throw error;
  }
}

function firstText(child, stream) {
  return new Promise((resolve, reject) => {
    stream.setEncoding('utf8').once('data', (text) => resolve(text.trim()));
    child.once('error', (error) => reject(new StepFailure(`The X server did not start: ${error.message}`)));
    child.once('exit', (code) => reject(new StepFailure(`The X server ended with code ${code}.`)));
  });
}

async function untilReady(child, address) {
  const deadlineMs = Date.now() + DRIVER_START_LIMIT_MS;
  let failure = '';
  child.once('error', (error) => (failure = error.message));
  child.once('exit', (code) => (failure = `it ended with code ${code}`));
  while (failure === '' && Date.now() < deadlineMs) {
    const isReady = await fetch(address).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new StepFailure(`WebKitWebDriver did not start: ${failure || 'it took too long'}.`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
