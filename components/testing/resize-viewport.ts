import { executeServerCommand } from '@web/test-runner-commands';

/**
 * Gives the test page a size in CSS pixels, in every browser; the command is part of web-test-runner.config.mjs.
 *
 * A browser driven by WebDriver takes sizes of the window only: what its frame adds is told with the size.
 */
export async function resizeViewport(width: number, height: number): Promise<void> {
  if (innerWidth === width && innerHeight === height) return;
  const resized = new Promise((resolve) => addEventListener('resize', resolve, { once: true }));
  const frame = { width: outerWidth - innerWidth, height: outerHeight - innerHeight };
  await executeServerCommand('resize-viewport', { width, height, frame });
  await resized;
}
