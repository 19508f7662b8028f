/** The demo's controls: what happens to the lead and to the network, and what the lead has received. */
import { isPageKept, keepPage } from './keep-page.js';
import { textsFor } from './panel-texts.js';

const POLL_MS = 3000;
const SHOWN_MESSAGES = 3;
const OPEN_KEY = 'demo-panel-open';
const texts = textsFor(document.documentElement.lang);

/** @param {Record<string, string>} attributes */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

async function call(path, body) {
  const post = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const answer = await fetch(path, { cache: 'no-store', ...(body === undefined ? {} : post) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

function group(legend, buttons) {
  const row = element('div', { class: 'demo-panel-buttons' }, ...buttons);
  return element('fieldset', {}, element('legend', {}, legend), row);
}

function button(label, act) {
  const made = element('button', { type: 'button', 'aria-pressed': 'false' }, label);
  made.addEventListener('click', () => act().then(refresh, refresh));
  return made;
}

const modeButtons = new Map(
  Object.entries(texts.modes).map(([mode, label]) => [
    mode,
    button(label, () => call('/lead/control', { mode })),
  ]),
);
let everythingIsCut = false;
const cutButton = button(texts.cut, () => call('/panel/cut', { everything: !everythingIsCut }));
const state = element('p', { role: 'status' });
const keeping = element('p');
const outboxCount = element('p');
const outboxList = element('ul');
const body = element(
  'div',
  { class: 'demo-panel-body', id: 'demo-panel-body' },
  group(texts.lead, modeButtons.values()),
  group(texts.server, [cutButton]),
  state,
  keeping,
  outboxCount,
  outboxList,
);
const toggle = element(
  'button',
  { type: 'button', class: 'demo-panel-toggle', 'aria-controls': 'demo-panel-body' },
  texts.title,
);
const panel = element('aside', { class: 'demo-panel', 'aria-label': texts.title }, toggle, body);

/** Writes only what has changed, so that a status is read aloud once. */
function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function showLead(mode) {
  for (const [name, made] of modeButtons) made.setAttribute('aria-pressed', String(name === mode));
  cutButton.setAttribute('aria-pressed', String(everythingIsCut));
  if (everythingIsCut) say(state, texts.everythingCut);
  else say(state, texts.states[mode] ?? texts.unreachable);
}

function showOutbox(received) {
  const messages = Array.isArray(received) ? received : (received?.messages ?? []);
  say(outboxCount, texts.outbox(messages.length));
  const shown = messages.slice(-SHOWN_MESSAGES).reverse().map(messageText);
  if (shown.join('\n') === [...outboxList.children].map((item) => item.textContent).join('\n')) return;
  outboxList.replaceChildren(...shown.map((text) => element('li', {}, text)));
}

const messageText = (message) =>
  typeof message === 'string' ? message : String(message?.text ?? message?.query ?? message?.message ?? '…');

let serviceWorkerWorks = true;
async function showKeeping() {
  if (!serviceWorkerWorks) say(keeping, texts.noServiceWorker);
  else say(keeping, (await isPageKept()) ? texts.kept : texts.notKept);
}

async function refresh() {
  try {
    const [cut, control, outbox] = await Promise.all([
      call('/panel/cut'),
      call('/lead/control'),
      call('/lead/outbox'),
    ]);
    everythingIsCut = cut.everything;
    showLead(control.mode);
    showOutbox(outbox);
  } catch {
    // The demo server was stopped: said in the panel, tried again at the next tick.
    say(state, texts.unreachable);
  }
  await showKeeping();
}

let polling;
function setOpen(isOpen) {
  body.hidden = !isOpen;
  toggle.setAttribute('aria-expanded', String(isOpen));
  sessionStorage.setItem(OPEN_KEY, String(isOpen));
  clearInterval(polling);
  if (!isOpen) return;
  polling = setInterval(refresh, POLL_MS);
  void refresh();
}

toggle.addEventListener('click', () => setOpen(body.hidden));
document.head.append(
  element('link', { rel: 'stylesheet', href: new URL('panel.css', import.meta.url).pathname }),
);
document.body.append(panel);
setOpen((sessionStorage.getItem(OPEN_KEY) ?? String(matchMedia('(width >= 60rem)').matches)) === 'true');

if (document.readyState !== 'complete')
  await new Promise((resolve) => window.addEventListener('load', resolve, { once: true }));
serviceWorkerWorks = await keepPage();
await showKeeping();
