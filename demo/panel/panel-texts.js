/** Words of the demo controls. */
const en = {
  title: 'Demo controls (stand-in lead)',
  lead: 'The lead, in place of the agent in the cloud',
  modes: {
    up: 'Up',
    cut: 'Cut',
    slow: 'Slow',
    'kill-mid-answer': 'Kill mid-answer',
    'error-500': 'Error 500',
    html: 'HTML instead',
  },
  server: 'The site’s own server',
  cut: 'Cut everything',
  states: {
    up: 'The lead answers.',
    cut: 'The lead is cut: connections are closed at once.',
    slow: 'The lead takes its time before the first word.',
    'kill-mid-answer': 'The lead breaks off in the middle of an answer.',
    'error-500': 'The lead answers with an error.',
    html: 'The lead answers with a web page, as a captive portal does.',
  },
  unreachable: 'The demo server does not answer.',
  everythingCut: 'Everything is cut. Reload the page: it opens from this device.',
  kept: 'This page is kept on this device.',
  notKept: 'This page is not kept on this device yet.',
  noServiceWorker: 'This browser keeps no pages here (no service worker).',
  outbox: (count) => `Messages handed over to the lead: ${count}`,
};

const zh = {
  title: '演示控制（云端替身）',
  lead: '主角，代替云端客服',
  modes: {
    up: '正常',
    cut: '断开',
    slow: '变慢',
    'kill-mid-answer': '答到一半中断',
    'error-500': '错误 500',
    html: '返回网页',
  },
  server: '本网站的服务器',
  cut: '全部断开',
  states: {
    up: '主角正常回答。',
    cut: '主角已断开，连接会立刻关闭。',
    slow: '主角很久才说出第一个字。',
    'kill-mid-answer': '主角答到一半就中断。',
    'error-500': '主角返回错误。',
    html: '主角返回一个网页，就像上网认证页面那样。',
  },
  unreachable: '演示服务器没有应答。',
  everythingCut: '全部断开了。请刷新页面：它会从本机打开。',
  kept: '本页已保存在本机。',
  notKept: '本页还没有保存在本机。',
  noServiceWorker: '此浏览器不能在这里保存页面（没有 service worker）。',
  outbox: (count) => `交给主角的留言：${count} 条`,
};

/** @param {string} language BCP 47 tag of the page. */
export const textsFor = (language) => (/^zh\b/i.test(language) ? zh : en);
