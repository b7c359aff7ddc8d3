/** How visits come about. */
import type { Choice } from '../chance/weighted';
import type { Arrival } from './types';

const GOOGLE = 'https://www.google.com/';

/** Visits that follow a campaign. They are part of all traffic, also of that made from given tables. */
export const CAMPAIGNS: readonly Choice<Arrival>[] = [
  {
    weight: 10,
    value: {
      query:
        'utm_source=google&utm_medium=cpc&utm_campaign=autumn-sale&utm_term=gift&gclid=EAIaIQobExample01',
      referrer: GOOGLE,
    },
  },
  {
    weight: 4,
    value: {
      query: 'utm_source=google&utm_medium=cpc&utm_campaign=brand&gbraid=0AAAAExample02',
      referrer: GOOGLE,
    },
  },
  {
    weight: 8,
    value: {
      query: 'utm_source=newsletter&utm_medium=email&utm_campaign=october-letter&utm_content=header',
      referrer: undefined,
    },
  },
  {
    weight: 6,
    value: {
      query: 'utm_source=facebook&utm_medium=paid-social&utm_campaign=autumn-sale&fbclid=IwARExample03',
      referrer: 'https://m.facebook.com/',
    },
  },
  {
    weight: 2,
    value: {
      query: 'utm_source=bing&utm_medium=cpc&utm_campaign=autumn%20sale&msclkid=0a1b2c3dExample04',
      referrer: 'https://www.bing.com/',
    },
  },
  {
    weight: 2,
    value: { query: 'utm_source=chatgpt.com', referrer: 'https://chatgpt.com/' },
  },
];

/** Visits without a campaign, of the built-in traffic. */
export const REFERRALS: readonly Choice<Arrival>[] = (
  [
    [undefined, 40],
    [GOOGLE, 30],
    ['https://www.google.de/', 4],
    ['https://duckduckgo.com/', 4],
    ['https://www.bing.com/', 4],
    ['https://search.yahoo.co.jp/search?p=%E7%B4%85%E8%8C%B6', 1],
    ['https://l.instagram.com/', 4],
    ['https://m.facebook.com/', 3],
    ['https://t.co/Example05', 2],
    ['https://www.reddit.com/r/goods/comments/1abc/', 2],
    ['https://www.perplexity.ai/', 1],
    ['https://mail.google.com/', 2],
    ['android-app://com.google.android.gm/', 1],
    ['https://reviews.example/best-of-autumn?page=2', 3],
    ['https://forum.example.org/t/where-to-buy/4711', 2],
  ] as const
).map(([referrer, weight]) => ({ value: { query: '', referrer }, weight }));
