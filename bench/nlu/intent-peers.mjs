/**
 * Classifiers that other people wrote, each in the configuration that did best on these sets. A peer is
 * `(examples) => Promise<(text) => Promise<{label, score}>>`: it trains, and gives what labels a message; `score` is greater
 * for messages that it is surer of.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
/** Examples of a label up to which they count as few. */
const FEW = 30;

/** NLP.js: at its own rate of learning it stops early on sets of many alike labels, so it gets a lower one and more epochs. */
async function trainNlpJs(examples) {
  const { containerBootstrap } = require('@nlpjs/core');
  const container = await containerBootstrap();
  container.use(require('@nlpjs/nlp').Nlp);
  container.use(require('@nlpjs/lang-en').LangEn);
  container.registerConfiguration('nlu-en', { log: false, learningRate: 0.1, iterations: 120 });
  const nlp = container.get('nlp');
  Object.assign(nlp.settings, { autoSave: false, forceNER: false, log: false });
  nlp.addLanguage('en');
  for (const { text, label } of examples) nlp.addDocument('en', text, label);
  await nlp.train();
  return async (text) => {
    const { classifications = [] } = await nlp.process('en', text);
    // Its own class for what it does not know says how little it knows the message.
    const none = classifications.find(({ intent }) => intent === 'None')?.score ?? 0;
    const { intent: label = '', score = 0 } = classifications.find(({ intent }) => intent !== 'None') ?? {};
    return { label, score: score - none };
  };
}

/** fastText with pieces of words and softmax; few examples want a higher rate and more epochs. */
async function trainFastText(examples) {
  const { getFastTextClass, getFastTextModule } = await import('fasttext.wasm.js');
  const FastText = await getFastTextClass({ getFastTextModule });
  const labels = [...new Set(examples.map(({ label }) => label))];
  const lines = examples.map(({ text, label }) => `__label__${labels.indexOf(label)} ${plain(text)}\n`);
  const isFew = examples.length / labels.length < FEW;
  const url = `data:text/plain;base64,${Buffer.from(lines.join('')).toString('base64')}`;
  const subwords = { dim: 64, wordNgrams: 2, minn: 2, maxn: 5, bucket: 200_000 };
  const pace = isFew ? { lr: 1, epoch: 100 } : { lr: 0.5, epoch: 50 };
  const settings = { ...subwords, ...pace, loss: 'softmax', verbose: 0 };
  // It calls back whether it was given something to call or not.
  const model = await new FastText().trainSupervised(url, settings, () => undefined);
  return async (text) => {
    const found = model.predict(`${plain(text)}\n`, 1, 0);
    if (found.size() === 0) return { label: '', score: 0 };
    const [score, name] = found.get(0);
    return { label: labels[Number(name.replace('__label__', ''))] ?? '', score };
  };
}

function plain(text) {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}']+/gu, ' ')
    .trim();
}

export const intentPeers = { 'NLP.js': trainNlpJs, 'fastText.wasm': trainFastText };
