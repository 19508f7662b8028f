/** A made help article: what must be kept of it, in pieces, and its markup. */
export interface Article {
  readonly slug: string;
  readonly title: string;
  /** Breadcrumb above the title. */
  readonly path: readonly string[];
  readonly html: string;
  /** Texts that a reader of the article sees, without the title. */
  readonly pieces: readonly string[];
}

/** Articles of a made bicycle hire: short ones, lists, tables, code, questions that fold, prose. */
export const ARTICLES: readonly Article[] = [
  {
    slug: 'reset-password',
    title: 'Reset your password',
    path: ['Account', 'Signing in'],
    html: `<p>Forgot the code for your account? Get a new one in a minute.</p>
<ol><li>Choose <b>Sign in</b>, then <b>Forgotten password</b>.</li><li>Type the address you ride with.</li>
<li>Open the letter we send and press the blue line.</li></ol>`,
    pieces: [
      'Forgot the code for your account? Get a new one in a minute.',
      'Sign in',
      'Forgotten password',
      'Type the address you ride with.',
      'Open the letter we send and press the blue line.',
    ],
  },
  {
    slug: 'fees',
    title: 'Fees and deposits',
    path: ['Payment'],
    html: `<p>Every hire has a fee and a deposit.</p>
<table><thead><tr><th rowspan="2">Bicycle</th><th colspan="2">Fee in euros</th></tr><tr><th>Hour</th><th>Day</th></tr></thead>
<tbody><tr><td>City bicycle</td><td>4</td><td>18</td></tr><tr><td>Cargo bicycle</td><td>9</td><td>42</td></tr></tbody></table>
<h2 id="deposit">Deposit</h2><p>We hold 150 euros on your card and let go of them within three days of the return.</p>`,
    pieces: [
      'Every hire has a fee and a deposit.',
      'Fee in euros',
      'City bicycle',
      'Cargo bicycle',
      '42',
      'Deposit',
      'We hold 150 euros on your card and let go of them within three days of the return.',
    ],
  },
  {
    slug: 'opening-hours',
    title: 'Opening hours',
    path: ['Stations'],
    html: `<ul><li>Weekdays 7 to 20</li><li>Saturdays 9 to 18</li><li>Sundays closed</li></ul>`,
    pieces: ['Weekdays 7 to 20', 'Saturdays 9 to 18', 'Sundays closed'],
  },
  {
    slug: 'broken-bicycle',
    title: 'Report a broken bicycle',
    path: ['Riding', 'Repairs'],
    html: `<p>Stop where it is safe and lock the bicycle. Then tell us what is broken, with a picture where you can.</p>
<div class="note admonition"><p>Never ride on with a broken brake, not even to the next station.</p></div>
<h2 id="swap">Swap it</h2><p>Any station swaps a broken bicycle for a whole one without a fee; the <a href="opening-hours.html">hours</a> of the station count.</p>
<h2 id="night">At night</h2><p>Between ten and six a driver brings you a bicycle within forty minutes in the inner districts.</p>`,
    pieces: [
      'Stop where it is safe and lock the bicycle. Then tell us what is broken, with a picture where you can.',
      'Never ride on with a broken brake, not even to the next station.',
      'Swap it',
      'Any station swaps a broken bicycle for a whole one without a fee',
      'At night',
      'Between ten and six a driver brings you a bicycle within forty minutes in the inner districts.',
    ],
  },
  {
    slug: 'stations-feed',
    title: 'Use the stations feed',
    path: ['Developers'],
    html: `<p>The feed lists stations with their free bicycles. It needs no key.</p>
<pre><code class="language-sh">curl https://feed.pedalo.test/v2/stations
  --header "Accept: application/json"</code></pre>
<h2 id="limits">Limits</h2><p>Ask at most once a minute.</p>
<dl><dt>free</dt><dd>bicycles that can be taken now</dd><dt>docks</dt><dd>places for a return</dd></dl>`,
    pieces: [
      'The feed lists stations with their free bicycles. It needs no key.',
      'curl https://feed.pedalo.test/v2/stations',
      '--header "Accept: application/json"',
      'Limits',
      'Ask at most once a minute.',
      'bicycles that can be taken now',
      'places for a return',
    ],
  },
  {
    slug: 'questions',
    title: 'Questions we hear often',
    path: ['Riding'],
    html: `<details><summary>May children ride along?</summary><p>Yes, in a cargo bicycle and with a helmet, from their first birthday on.</p></details>
<details><summary>Is there insurance?</summary><p>Damage up to 500 euros is covered when you lock the frame to something fixed.</p></details>
<details><summary>How far may I ride?</summary><p>As far as you like, but the return must be inside the city ring.</p></details>`,
    pieces: [
      'May children ride along?',
      'Yes, in a cargo bicycle and with a helmet, from their first birthday on.',
      'Is there insurance?',
      'Damage up to 500 euros is covered when you lock the frame to something fixed.',
      'How far may I ride?',
      'As far as you like, but the return must be inside the city ring.',
    ],
  },
  {
    slug: 'refunds',
    title: 'Refunds',
    path: ['Payment'],
    html: `<p>A hire that you end within five minutes costs nothing, because the bicycle may not have suited you. We see this by ourselves and take nothing from your card.</p>
<p>When a bicycle failed on the way, write to us within fourteen days, with the number on its frame. We pay the whole fee back, and the deposit at once.</p>
<p>Passes for a month are refunded by the day, less the days on which you rode, as long as more than ten days are left. Passes for a year are refunded by the month.</p>
<p>Money goes back the way it came. Cards take up to five working days, transfers two; vouchers are filled again at once.</p>`,
    pieces: [
      'A hire that you end within five minutes costs nothing, because the bicycle may not have suited you. We see this by ourselves and take nothing from your card.',
      'When a bicycle failed on the way, write to us within fourteen days, with the number on its frame. We pay the whole fee back, and the deposit at once.',
      'Passes for a month are refunded by the day, less the days on which you rode, as long as more than ten days are left. Passes for a year are refunded by the month.',
      'Money goes back the way it came. Cards take up to five working days, transfers two; vouchers are filled again at once.',
    ],
  },
];
