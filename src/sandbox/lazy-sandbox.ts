import type { Sandbox } from '../contracts/sandbox.ts';

/**
 * A sandbox that is loaded when it is first used: bundles without code steps and Jinja do not pay for it.
 *
 * @param load - Called once; again after it failed.
 */
export function lazySandbox(load: () => Promise<Sandbox>): Sandbox {
  let loaded: Promise<Sandbox> | null = null;
  const ready = async (): Promise<Sandbox> => {
    loaded ??= load();
    try {
      return await loaded;
    } catch (error) {
      loaded = null;
      throw error;
    }
  };
  return {
    runCode: async (request, options) => (await ready()).runCode(request, options),
    renderTemplate: async (source, values) => (await ready()).renderTemplate(source, values),
  };
}
