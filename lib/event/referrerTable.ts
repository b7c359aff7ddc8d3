/**
 * Services whose links lead visitors to a site. A service is told by the end of the host name: `google.*` stands for
 * any country's domain, and a longer entry wins over a shorter one (mail.google.com is e-mail, google.com is search).
 */

/** How a visit came about. */
export type ReferrerMedium = 'internal' | 'search' | 'social' | 'email' | 'ai' | 'other';

export interface ReferrerService {
  readonly medium: Exclude<ReferrerMedium, 'internal' | 'other'>;
  readonly source: string;
  readonly hosts: readonly string[];
  /** Query parameters that hold search words, where the service still shows them. */
  readonly termParameters?: readonly string[];
}

const Q = ['q'];

export const REFERRER_SERVICES: readonly ReferrerService[] = [
  {
    medium: 'search',
    source: 'Google',
    hosts: ['google.*', 'com.google.android.googlequicksearchbox'],
    termParameters: Q,
  },
  { medium: 'search', source: 'Bing', hosts: ['bing.com'], termParameters: Q },
  { medium: 'search', source: 'Yahoo', hosts: ['search.yahoo.com', 'yahoo.*'], termParameters: ['p'] },
  {
    medium: 'search',
    source: 'DuckDuckGo',
    hosts: ['duckduckgo.com', 'com.duckduckgo.mobile.android'],
    termParameters: Q,
  },
  { medium: 'search', source: 'Yandex', hosts: ['yandex.*', 'ya.ru'], termParameters: ['text'] },
  { medium: 'search', source: 'Baidu', hosts: ['baidu.com'], termParameters: ['wd', 'word'] },
  { medium: 'search', source: 'Ecosia', hosts: ['ecosia.org'], termParameters: Q },
  { medium: 'search', source: 'Qwant', hosts: ['qwant.com'], termParameters: Q },
  { medium: 'search', source: 'Startpage', hosts: ['startpage.com'], termParameters: ['query'] },
  { medium: 'search', source: 'Brave', hosts: ['search.brave.com'], termParameters: Q },
  { medium: 'search', source: 'Kagi', hosts: ['kagi.com'], termParameters: Q },
  { medium: 'search', source: 'Naver', hosts: ['naver.com'], termParameters: ['query'] },
  { medium: 'search', source: 'Daum', hosts: ['search.daum.net'], termParameters: Q },
  { medium: 'search', source: 'Seznam', hosts: ['search.seznam.cz'], termParameters: Q },
  { medium: 'search', source: 'Sogou', hosts: ['sogou.com'], termParameters: ['query'] },
  { medium: 'search', source: '360 Search', hosts: ['so.com'], termParameters: Q },
  { medium: 'search', source: 'AOL', hosts: ['search.aol.com'], termParameters: Q },
  { medium: 'search', source: 'Ask', hosts: ['ask.com'], termParameters: Q },
  { medium: 'search', source: 'Mojeek', hosts: ['mojeek.com'], termParameters: Q },

  { medium: 'social', source: 'Facebook', hosts: ['facebook.com', 'fb.com', 'fb.me', 'com.facebook.katana'] },
  { medium: 'social', source: 'Instagram', hosts: ['instagram.com', 'com.instagram.android'] },
  { medium: 'social', source: 'Threads', hosts: ['threads.net', 'threads.com'] },
  { medium: 'social', source: 'X', hosts: ['x.com', 'twitter.com', 't.co', 'com.twitter.android'] },
  { medium: 'social', source: 'LinkedIn', hosts: ['linkedin.com', 'lnkd.in', 'com.linkedin.android'] },
  { medium: 'social', source: 'Reddit', hosts: ['reddit.com', 'redd.it', 'com.reddit.frontpage'] },
  { medium: 'social', source: 'Pinterest', hosts: ['pinterest.*', 'pin.it', 'com.pinterest'] },
  { medium: 'social', source: 'YouTube', hosts: ['youtube.com', 'youtu.be', 'com.google.android.youtube'] },
  { medium: 'social', source: 'TikTok', hosts: ['tiktok.com'] },
  { medium: 'social', source: 'Snapchat', hosts: ['snapchat.com', 'com.snapchat.android'] },
  { medium: 'social', source: 'WhatsApp', hosts: ['whatsapp.com', 'wa.me', 'com.whatsapp'] },
  { medium: 'social', source: 'Telegram', hosts: ['t.me', 'telegram.org', 'org.telegram.messenger'] },
  { medium: 'social', source: 'Discord', hosts: ['discord.com', 'discordapp.com', 'com.discord'] },
  { medium: 'social', source: 'Bluesky', hosts: ['bsky.app'] },
  { medium: 'social', source: 'Mastodon', hosts: ['mastodon.social', 'mastodon.online', 'mstdn.social'] },
  { medium: 'social', source: 'Tumblr', hosts: ['tumblr.com'] },
  { medium: 'social', source: 'Quora', hosts: ['quora.com'] },
  { medium: 'social', source: 'Hacker News', hosts: ['news.ycombinator.com'] },
  { medium: 'social', source: 'VK', hosts: ['vk.com', 'vk.ru'] },
  { medium: 'social', source: 'Odnoklassniki', hosts: ['ok.ru'] },
  { medium: 'social', source: 'Weibo', hosts: ['weibo.com', 'weibo.cn', 't.cn'] },
  { medium: 'social', source: 'XING', hosts: ['xing.com'] },
  { medium: 'social', source: 'Line', hosts: ['line.me'] },

  { medium: 'email', source: 'Gmail', hosts: ['mail.google.com', 'com.google.android.gm'] },
  {
    medium: 'email',
    source: 'Outlook',
    hosts: [
      'outlook.live.com',
      'outlook.office.com',
      'outlook.office365.com',
      'com.microsoft.office.outlook',
    ],
  },
  { medium: 'email', source: 'Yahoo Mail', hosts: ['mail.yahoo.com', 'mail.yahoo.co.jp', 'mail.yahoo.net'] },
  { medium: 'email', source: 'Proton Mail', hosts: ['mail.proton.me', 'mail.protonmail.com'] },
  { medium: 'email', source: 'AOL Mail', hosts: ['mail.aol.com'] },
  { medium: 'email', source: 'GMX', hosts: ['gmx.net', 'gmx.com', 'gmx.de'] },
  { medium: 'email', source: 'WEB.DE', hosts: ['web.de'] },
  { medium: 'email', source: 'Mail.ru', hosts: ['e.mail.ru'] },
  { medium: 'email', source: 'Yandex Mail', hosts: ['mail.yandex.ru', 'mail.yandex.com'] },
  { medium: 'email', source: 'Zoho Mail', hosts: ['mail.zoho.com'] },
  { medium: 'email', source: 'Fastmail', hosts: ['app.fastmail.com'] },

  { medium: 'ai', source: 'ChatGPT', hosts: ['chatgpt.com', 'chat.openai.com', 'com.openai.chatgpt'] },
  { medium: 'ai', source: 'Claude', hosts: ['claude.ai', 'com.anthropic.claude'] },
  {
    medium: 'ai',
    source: 'Gemini',
    hosts: ['gemini.google.com', 'bard.google.com', 'com.google.android.apps.bard'],
  },
  { medium: 'ai', source: 'Copilot', hosts: ['copilot.microsoft.com', 'copilot.cloud.microsoft'] },
  { medium: 'ai', source: 'Perplexity', hosts: ['perplexity.ai', 'ai.perplexity.app.android'] },
  { medium: 'ai', source: 'DeepSeek', hosts: ['chat.deepseek.com'] },
  { medium: 'ai', source: 'Grok', hosts: ['grok.com'] },
  { medium: 'ai', source: 'Mistral', hosts: ['chat.mistral.ai'] },
  { medium: 'ai', source: 'Meta AI', hosts: ['meta.ai'] },
  { medium: 'ai', source: 'Phind', hosts: ['phind.com'] },
  { medium: 'ai', source: 'You.com', hosts: ['you.com'] },
  { medium: 'ai', source: 'Poe', hosts: ['poe.com'] },
];
