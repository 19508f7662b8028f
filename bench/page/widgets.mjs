import { NO_CHAT } from '../rows.mjs';

/** Address on which a page is served. */
export const pagePath = (widget) => `/bench-${widget.name.replace(' ', '-')}.html`;

/**
 * @typedef {object} Widget
 * @property {string} name
 * @property {string | null} package Null of ours.
 * @property {string} embed Markup in the body: the plain form of the widget's own documentation.
 * @property {string[] | null} launcher Selectors from the document through shadow roots; null of widgets that lie in
 *   the page and have nothing to open.
 * @property {string[]} field Where a visitor writes.
 */

/** @type {Widget} */
export const ours = {
  name: 'ours',
  package: null,
  embed: `<script type="module" src="/understudy/understudy.js"></script>
    <understudy-chat bundle="/bundle/" lead="dify:/lead/api#fenbrook-demo" outbox="/lead/outbox" lang="en"><a href="/help/en/contact-us.html">Contact Fenbrook</a></understudy-chat>`,
  launcher: ['understudy-chat', 'button.launcher'],
  field: ['understudy-chat', 'understudy-panel', 'understudy-composer', 'textarea'],
};

/**
 * The same page without a chat.
 *
 * @type {Widget}
 */
export const noChat = { name: NO_CHAT, package: null, embed: '', launcher: null, field: ['h1'] };

/** @type {readonly Widget[]} */
export const peers = [
  {
    name: 'deep-chat',
    package: 'deep-chat',
    embed: `<script type="module" src="/peers/deep-chat/dist/deepChat.bundle.js"></script>
    <deep-chat connect='{"url":"/chat"}'></deep-chat>`,
    launcher: null,
    field: ['deep-chat', '#text-input'],
  },
  {
    name: 'n8n',
    package: '@n8n/chat',
    embed: `<link href="/peers/@n8n/chat/dist/style.css" rel="stylesheet">
    <script type="module">
      import { createChat } from '/peers/@n8n/chat/dist/chat.bundle.es.js';
      createChat({ webhookUrl: '/webhook/bench/chat' });
    </script>`,
    launcher: ['.chat-window-toggle'],
    field: ['.chat-window textarea'],
  },
  {
    name: 'flowise',
    package: 'flowise-embed',
    embed: `<script type="module">
      import Chatbot from '/peers/flowise-embed/dist/web.js';
      Chatbot.init({ chatflowid: 'bench', apiHost: location.origin });
    </script>`,
    launcher: ['flowise-chatbot', 'button'],
    field: ['flowise-chatbot', 'textarea'],
  },
  {
    name: 'typebot',
    package: '@typebot.io/js',
    embed: `<script type="module">
      import Typebot from '/peers/@typebot.io/js/dist/web.js';
      Typebot.initBubble({ typebot: 'bench', apiHost: location.origin });
    </script>`,
    launcher: ['typebot-bubble', 'button'],
    field: ['typebot-bubble', 'input, textarea'],
  },
  {
    name: 'botframework',
    package: 'botframework-webchat',
    embed: `<script src="/peers/botframework-webchat/dist/webchat.js"></script>
    <div id="webchat" role="main"></div>
    <script>
      window.WebChat.renderWebChat(
        { directLine: window.WebChat.createDirectLine({ token: 'bench', domain: location.origin + '/directline', webSocket: false }) },
        document.getElementById('webchat'),
      );
    </script>`,
    launcher: null,
    field: ['[data-id="webchat-sendbox-input"]'],
  },
];

/** The page around a widget: the same for all. */
export const pageFor = (widget) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>A page with a chat</title>
    <link rel="icon" href="data:,">
  </head>
  <body>
    <h1>A page with a chat</h1>
    <p>It has nothing else that takes time.</p>
    ${widget.embed}
  </body>
</html>`;
