/**
 * Service worker that lets a site open and its understudy answer with everything cut.
 *
 * Hosted by the owner at the root of the site as it is; or imported with `importScripts` by a service worker the site
 * already has. Pages come from the network first, the product's files and the site's styles from the cache while a
 * fresh copy is fetched. The bundle itself lies in IndexedDB and is never cached here; the lead is never touched.
 */
import { clientsClaim } from 'workbox-core/clientsClaim.js';
import { registerRoute } from 'workbox-routing/registerRoute.js';
import { NetworkFirst } from 'workbox-strategies/NetworkFirst.js';
import { StaleWhileRevalidate } from 'workbox-strategies/StaleWhileRevalidate.js';

declare const self: ServiceWorkerGlobalScope;

/** Pages wait this long for the network before the cached copy is shown. */
const PAGE_TIMEOUT_SECONDS = 3;
const ASSET_DESTINATIONS: ReadonlySet<string> = new Set([
  'script',
  'style',
  'image',
  'font',
  'worker',
  'manifest',
]);

const isOurs = (url: URL): boolean => url.origin === self.location.origin;

registerRoute(
  ({ request, url }) => request.mode === 'navigate' && isOurs(url),
  new NetworkFirst({ cacheName: 'understudy-pages', networkTimeoutSeconds: PAGE_TIMEOUT_SECONDS }),
);
registerRoute(
  ({ request, url }) => {
    if (!isOurs(url) || request.method !== 'GET') return false;
    // Modules and WebAssembly that the worker fetches have no destination of their own.
    return ASSET_DESTINATIONS.has(request.destination) || /\.(m?js|wasm|css)$/.test(url.pathname);
  },
  new StaleWhileRevalidate({ cacheName: 'understudy-assets' }),
);
void self.skipWaiting();
clientsClaim();

/**
 * The first visit loads its files before this worker controls the page; the page sends their addresses once it does,
 * so that the second visit works with everything cut.
 */
self.addEventListener('message', (event) => {
  const message: unknown = event.data;
  if (typeof message !== 'object' || message === null || !('type' in message) || !('urls' in message)) return;
  const { type, urls } = message;
  if (type !== 'understudy-keep' || !Array.isArray(urls)) return;
  const kept = urls.filter(
    (url): url is string => typeof url === 'string' && isOurs(new URL(url, self.location.href)),
  );
  event.waitUntil(keep(kept.slice(0, 200)));
});

async function keep(urls: readonly string[]): Promise<void> {
  const [pages, assets] = await Promise.all([
    caches.open('understudy-pages'),
    caches.open('understudy-assets'),
  ]);
  await Promise.all(
    urls.map(async (url) => {
      const isPage = !/\.(m?js|wasm|css|svg|png|jpe?g|webp|woff2?|ico|webmanifest)(\?|$)/.test(url);
      const cache = isPage ? pages : assets;
      if ((await cache.match(url)) !== undefined) return;
      try {
        await cache.add(url);
      } catch {
        // A file that cannot be fetched now is simply not kept; the next visit tries again.
      }
    }),
  );
}
