import { join } from 'node:path';
import { APPS } from '../apps/apps.mjs';
import { createStandInLead } from '../lead/server.mjs';
import { renderArticle } from './help-pages.mjs';

const ADDRESS = /^\/apps\/([a-z-]+)\/(bundle|lead|help)\/(.*)$/;

/**
 * What an address below `/apps` names; null when it is a page of the site, or nothing.
 *
 * @param {string} pathname
 * @returns {{ app: string, what: 'bundle' | 'lead' | 'help', path: string } | null}
 */
export function appAddress(pathname) {
  const [, app, what, path] = ADDRESS.exec(pathname) ?? [];
  return APPS.includes(app) ? { app, what, path } : null;
}

/** The page of an app's article, from its Markdown; null when there is none. */
export async function renderAppArticle(demoFolder, app, path) {
  const [, language, slug] = /^([a-z-]+)\/([a-z0-9-]+)\.html$/.exec(path) ?? [];
  if (slug === undefined) return null;
  return renderArticle({
    file: `${language}/${slug}.md`,
    folder: join(demoFolder, 'apps', app, 'knowledge'),
    template: join(demoFolder, 'site/apps/article.template.html'),
    values: { lang: language, app },
  });
}

/**
 * Makes the stand-in leads of the apps, each answering from the pages of its app. What the demo's controls do to the lead of
 * the site happens to them, too.
 *
 * @returns {Record<string, (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => unknown>}
 */
export function createAppLeads(demoFolder, faultControl, pace) {
  return Object.fromEntries(
    APPS.map((app) => {
      const articlesFolder = join(demoFolder, 'apps', app, 'knowledge');
      const lead = createStandInLead({ articlesFolder, faultControl, pace });
      const listener = (request, response) => {
        // The stand-in knows one place; its addresses begin there.
        request.url = request.url.slice(`/apps/${app}`.length);
        return lead(request, response);
      };
      return [app, listener];
    }),
  );
}
