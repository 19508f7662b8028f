import type { Sandbox } from '../contracts/sandbox.ts';

/** Makes the sandbox of this worker, or page; its code is loaded when a step first needs it. */
export function createLazySandbox(assetsUrl: string): Sandbox {
  let loading: Promise<Sandbox> | null = null;
  const load = async (): Promise<Sandbox> => {
    loading ??= import('../sandbox/browser-sandbox.ts').then(({ createBrowserSandbox }) =>
      createBrowserSandbox(assetsUrl),
    );
    return loading;
  };
  return {
    runCode: async (request, options) => (await load()).runCode(request, options),
    renderTemplate: async (source, values) => (await load()).renderTemplate(source, values),
  };
}
