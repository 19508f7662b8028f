import { sandboxWithThreads, testSandbox } from '../contract/sandbox.ts';

// A file of its own: Pyodide takes half a minute to load in WebKitGTK.
describe('Pyodide in a browser', function () {
  this.timeout(150_000);
  testSandbox(sandboxWithThreads(), 'pyodide');
});
