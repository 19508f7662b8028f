/**
 * Keeps the page on the device: registers the product's service worker and, once it controls the page, tells it which
 * files were loaded before it did. The chat's own files follow when the visitor opens it, so that nothing of the chat
 * but its button is fetched unasked.
 */
const SERVICE_WORKER = '/understudy-sw.js';
const KEPT_FILE = /\.(?:m?js|css|svg|png|jpe?g|webp|woff2?|ico)(?:\?|$)/;

/** Under Trusted Types a service worker's address has to be a trusted one. */
function trusted(address) {
  const policy = globalThis.trustedTypes?.createPolicy('demo-panel', { createScriptURL: (text) => text });
  return policy?.createScriptURL(address) ?? address;
}

/** False where the platform has none, or in a private window of some browsers. */
export async function keepPage() {
  if (!('serviceWorker' in navigator)) return false;
  try {
    await navigator.serviceWorker.register(trusted(SERVICE_WORKER), { scope: '/' });
  } catch (error) {
    console.warn('The service worker of the demo was not registered.', error);
    return false;
  }
  const controller = await controllerOfPage();
  controller.postMessage({ type: 'understudy-keep', urls: filesOfPage() });
  const keepProduct = async () => {
    controller.postMessage({ type: 'understudy-keep', urls: await filesOfProduct() });
  };
  if (document.querySelector('understudy-chat[open]') !== null) await keepProduct();
  else addEventListener('understudy-open', keepProduct, { once: true });
  return true;
}

function controllerOfPage() {
  const { serviceWorker } = navigator;
  if (serviceWorker.controller !== null) return Promise.resolve(serviceWorker.controller);
  return new Promise((resolve) => {
    serviceWorker.addEventListener('controllerchange', () => resolve(serviceWorker.controller), {
      once: true,
    });
  });
}

function filesOfPage() {
  const loaded = performance
    .getEntriesByType('resource')
    .map((entry) => new URL(entry.name))
    .filter((url) => url.origin === location.origin && KEPT_FILE.test(url.pathname))
    .map((url) => url.href);
  const page = location.href.replace(/#.*$/, '');
  return [...new Set([page, ...loaded])];
}

async function filesOfProduct() {
  try {
    const answer = await fetch('/panel/files.json');
    const paths = answer.ok ? await answer.json() : [];
    return paths.map((path) => new URL(path, location.origin).href);
  } catch {
    // With everything cut there is no list; what was loaded is kept all the same.
    return [];
  }
}

/** True once the page itself lies in the cache. */
export async function isPageKept() {
  if (!('caches' in globalThis)) return false;
  return (await caches.match(location.href.replace(/#.*$/, ''))) !== undefined;
}
