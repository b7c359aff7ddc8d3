-- Makes the sessions anew. Where a session came from, and with what device, is what its entry says: its first event
-- if that carries a campaign, else its first page view, else its first event.

CREATE TEMP TABLE model_entries DISTKEY (visitor_id) AS
SELECT
  g.*,
  NVL(v.engaged_seconds, 0) AS engaged_seconds,
  g.page_view_count = 1 AND g.event_count = 1 + g.ping_count AS is_bounce,
  g.page_view_count > 1 OR g.conversion_count > 0 OR NVL(v.engaged_seconds, 0) >= {engaged_seconds} AS is_engaged,
  -- Kind of the service that sent the visitor: by the campaign's source or the referrer's host, which one list tells;
  -- else by the click id, else by the kind the event says its referrer is of.
  CASE
    WHEN g.source_name IN (
      'google', 'google.com', 'bing', 'bing.com', 'yahoo', 'yahoo.com', 'duckduckgo', 'duckduckgo.com', 'yandex',
      'yandex.ru', 'yandex.com', 'baidu', 'baidu.com', 'ecosia', 'ecosia.org', 'qwant', 'qwant.com', 'startpage',
      'startpage.com', 'brave', 'search.brave.com', 'kagi', 'kagi.com', 'naver', 'naver.com', 'daum', 'daum.net',
      'seznam', 'seznam.cz', 'sogou', 'sogou.com', 'so.com', 'aol', 'aol.com', 'ask', 'ask.com', 'search.yahoo.com'
    ) THEN 'search'
    WHEN g.source_name IN (
      'facebook', 'facebook.com', 'm.facebook.com', 'fb', 'meta', 'instagram', 'instagram.com', 'ig', 'threads',
      'threads.net', 'twitter', 'twitter.com', 'x', 'x.com', 't.co', 'linkedin', 'linkedin.com', 'lnkd.in', 'reddit',
      'reddit.com', 'pinterest', 'pinterest.com', 'tiktok', 'tiktok.com', 'snapchat', 'snapchat.com', 'whatsapp',
      'wa.me', 'telegram', 't.me', 'discord', 'discord.com', 'bluesky', 'bsky.app', 'mastodon', 'tumblr',
      'tumblr.com', 'quora', 'quora.com', 'hackernews', 'news.ycombinator.com', 'vk', 'vk.com', 'weibo', 'weibo.com',
      'xing', 'xing.com', 'line', 'line.me', 'whatsapp.com', 'threads.com', 'redd.it', 'ok.ru'
    ) THEN 'social'
    WHEN g.source_name IN (
      'youtube', 'youtube.com', 'youtu.be', 'vimeo', 'vimeo.com', 'dailymotion', 'dailymotion.com', 'twitch',
      'twitch.tv', 'netflix', 'netflix.com', 'hulu', 'disneyplus', 'iqiyi', 'youku', 'bilibili.com'
    ) THEN 'video'
    WHEN g.source_name IN (
      'amazon', 'amazon.com', 'ebay', 'ebay.com', 'etsy', 'etsy.com', 'walmart', 'walmart.com', 'alibaba',
      'alibaba.com', 'aliexpress', 'aliexpress.com', 'shopify', 'shopping.google.com', 'idealo', 'idealo.de',
      'shopzilla', 'mercadolibre', 'mercadolibre.com', 'amazon.de', 'amazon.co.uk', 'amazon.fr', 'amazon.co.jp',
      'ebay.de', 'ebay.co.uk'
    ) THEN 'shopping'
    WHEN g.source_name IN (
      'chatgpt', 'chatgpt.com', 'openai', 'claude', 'claude.ai', 'gemini', 'gemini.google.com', 'copilot',
      'copilot.microsoft.com', 'perplexity', 'perplexity.ai', 'deepseek', 'grok', 'grok.com', 'mistral', 'you.com',
      'chat.openai.com', 'chat.deepseek.com', 'chat.mistral.ai', 'meta.ai'
    ) THEN 'ai'
    WHEN g.utm_source IS NOT NULL THEN NULL
    WHEN g.click_network IN ('google', 'microsoft', 'yandex') THEN 'search'
    WHEN g.click_network IN ('tiktok', 'x', 'linkedin', 'reddit', 'snapchat', 'pinterest', 'facebook') THEN 'social'
    WHEN g.referrer_medium IN ('search', 'social', 'email', 'ai') THEN g.referrer_medium
  END AS source_kind,
  -- Facebook adds its click id to every link, paid or not.
  CASE
    WHEN g.utm_medium IS NOT NULL THEN
      LOWER(g.utm_medium) LIKE '%cp%' OR LOWER(g.utm_medium) LIKE 'paid%' OR LOWER(g.utm_medium) IN ('ppc', 'retargeting')
    ELSE NVL(g.click_network, 'facebook') NOT IN ('facebook', 'impact')
  END AS is_paid,
  NVL(REGEXP_COUNT(LOWER(g.utm_campaign), '([^a-df-z]|^)shop|shopping') > 0, FALSE) AS is_shopping_campaign
FROM (
SELECT
  h.*,
  REGEXP_REPLACE(
    LOWER(
      CASE
        WHEN h.utm_source IS NOT NULL THEN h.utm_source
        WHEN h.click_network IS NULL AND h.referrer_medium <> 'internal' THEN h.referrer_host
      END
    ),
    '^(www|m|l|lm|old|web|mobile|out)[.]',
    ''
  ) AS source_name
FROM (
  SELECT
    s.site_id,
    s.visitor_id,
    s.is_bot,
    s.session_number,
    MAX(CASE WHEN s.event_number = 1 THEN s.event_id END) AS session_key,
    MAX(CASE WHEN s.user_rank = 1 THEN s.user_id END) AS user_id,
    MAX(CASE WHEN s.user_id IS NOT NULL THEN s.model_time END) AS user_seen_at,
    MIN(s.model_time) AS started_at,
    MAX(s.model_time) AS ended_at,
    MAX(CASE WHEN s.is_view = 1 AND s.view_number = 1 THEN s.page_host END) AS landing_page_host,
    MAX(CASE WHEN s.is_view = 1 AND s.view_number = 1 THEN s.page_path END) AS landing_page_path,
    MAX(CASE WHEN s.is_view = 1 AND s.view_number = s.view_count THEN s.page_path END) AS exit_page_path,
    MAX(CASE WHEN s.entry_rank = 1 THEN s.utm_source END) AS utm_source,
    MAX(CASE WHEN s.entry_rank = 1 THEN s.utm_medium END) AS utm_medium,
    MAX(CASE WHEN s.entry_rank = 1 THEN s.utm_campaign END) AS utm_campaign,
    MAX(CASE WHEN s.entry_rank = 1 THEN s.utm_term END) AS utm_term,
    MAX(CASE WHEN s.entry_rank = 1 THEN s.utm_content END) AS utm_content,
    MAX(CASE WHEN s.entry_rank = 1 THEN s.click_network END) AS click_network,
    MAX(CASE WHEN s.entry_rank = 1 THEN s.referrer_host END) AS referrer_host,
    MAX(CASE WHEN s.entry_rank = 1 THEN s.referrer_medium END) AS referrer_medium,
    MAX(CASE WHEN s.entry_rank = 1 THEN s.referrer_source END) AS referrer_source,
    MAX(CASE WHEN s.entry_rank = 1 THEN s.referrer_term END) AS referrer_term,
    MAX(CASE WHEN s.entry_rank = 1 THEN s.device_class END) AS device_class,
    MAX(CASE WHEN s.entry_rank = 1 THEN s.browser END) AS browser,
    MAX(CASE WHEN s.entry_rank = 1 THEN s.os END) AS os,
    MAX(CASE WHEN s.entry_rank = 1 THEN s.country END) AS country,
    MAX(CASE WHEN s.entry_rank = 1 THEN s.language END) AS language,
    CAST(COUNT(*) AS INTEGER) AS event_count,
    CAST(SUM(s.is_view) AS INTEGER) AS page_view_count,
    CAST(SUM(CASE WHEN s.event_name = 'page_ping' THEN 1 ELSE 0 END) AS INTEGER) AS ping_count,
    CAST(SUM(CASE WHEN s.event_name = 'add_to_cart' THEN 1 ELSE 0 END) AS INTEGER) AS add_to_cart_count,
    CAST(SUM(CASE WHEN s.event_name = 'purchase' THEN 1 ELSE 0 END) AS INTEGER) AS purchase_count,
    CAST(SUM(CASE WHEN s.event_name IN ({conversion_events}) THEN 1 ELSE 0 END) AS INTEGER) AS conversion_count,
    NVL(SUM(CASE WHEN s.event_name = 'purchase' THEN s.amount END), 0) AS revenue,
    MIN(CASE WHEN s.event_name = 'purchase' THEN s.currency END) AS least_currency,
    MAX(CASE WHEN s.event_name = 'purchase' THEN s.currency END) AS greatest_currency,
    MIN(s.chain_started_at) AS chain_started_at,
    MAX(s.chain_ended_at) AS chain_ended_at,
    MIN(s.chain_received_from) AS chain_received_from,
    MAX(s.chain_received_to) AS chain_received_to
  FROM (
    SELECT
      steps.*,
      ROW_NUMBER() OVER (
        PARTITION BY steps.site_id, steps.visitor_id, steps.is_bot, steps.session_number
        ORDER BY
          CASE
            WHEN steps.event_number = 1 AND steps.campaign_key IS NOT NULL THEN 0
            WHEN steps.is_view = 1 THEN 1
            ELSE 2
          END,
          steps.event_number
      ) AS entry_rank,
      ROW_NUMBER() OVER (
        PARTITION BY steps.site_id, steps.visitor_id, steps.is_bot, steps.session_number
        ORDER BY CASE WHEN steps.user_id IS NOT NULL THEN 0 ELSE 1 END, steps.event_number DESC
      ) AS user_rank
    FROM model_steps steps
  ) s
  GROUP BY s.site_id, s.visitor_id, s.is_bot, s.session_number
) h
) g
LEFT JOIN (
  SELECT site_id, visitor_id, is_bot, session_number, CAST(SUM(engaged_seconds) AS INTEGER) AS engaged_seconds
  FROM model_views
  GROUP BY site_id, visitor_id, is_bot, session_number
) v
  ON v.site_id = g.site_id AND v.visitor_id = g.visitor_id AND v.is_bot = g.is_bot
  AND v.session_number = g.session_number;

-- The channel follows Google Analytics' default channel grouping; AI Assistants are ours.
CREATE TEMP TABLE model_sessions DISTKEY (visitor_id) AS
SELECT
  s.site_id,
  s.visitor_id,
  s.session_key,
  s.user_id,
  s.user_seen_at,
  s.started_at,
  s.ended_at,
  {local_date(s.site_id, s.started_at)} AS local_date,
  s.landing_page_host,
  s.landing_page_path,
  s.exit_page_path,
  CASE
    WHEN LOWER(s.utm_campaign) LIKE '%cross-network%' THEN 'Cross-network'
    WHEN s.is_paid AND (s.source_kind = 'shopping' OR s.is_shopping_campaign) THEN 'Paid Shopping'
    WHEN s.is_paid AND s.source_kind = 'search' THEN 'Paid Search'
    WHEN s.is_paid AND s.source_kind = 'social' THEN 'Paid Social'
    WHEN s.is_paid AND s.source_kind = 'video' THEN 'Paid Video'
    WHEN LOWER(s.utm_medium) IN ('display', 'banner', 'expandable', 'interstitial', 'cpm')
      OR (s.utm_medium IS NULL AND s.click_network = 'google_display') THEN 'Display'
    WHEN s.is_paid THEN 'Paid Other'
    WHEN s.source_kind = 'shopping' OR s.is_shopping_campaign THEN 'Organic Shopping'
    WHEN s.source_kind = 'social' OR LOWER(s.utm_medium) IN (
      'social', 'social-network', 'social-media', 'sm', 'social network', 'social media'
    ) THEN 'Organic Social'
    WHEN s.source_kind = 'video' OR LOWER(s.utm_medium) LIKE '%video%' THEN 'Organic Video'
    WHEN s.source_kind = 'search' OR LOWER(s.utm_medium) = 'organic' THEN 'Organic Search'
    WHEN s.source_kind = 'ai' THEN 'AI Assistants'
    WHEN s.source_kind = 'email' OR LOWER(s.utm_source) IN ('email', 'e-mail', 'e_mail', 'e mail')
      OR LOWER(s.utm_medium) IN ('email', 'e-mail', 'e_mail', 'e mail') THEN 'Email'
    WHEN LOWER(s.utm_medium) IN ('affiliate', 'affiliates')
      OR (s.utm_medium IS NULL AND s.click_network = 'impact') THEN 'Affiliates'
    WHEN LOWER(s.utm_medium) IN ('referral', 'app', 'link') THEN 'Referral'
    WHEN LOWER(s.utm_medium) = 'audio' THEN 'Audio'
    WHEN LOWER(s.utm_source) = 'sms' OR LOWER(s.utm_medium) = 'sms' THEN 'SMS'
    WHEN LOWER(s.utm_medium) LIKE '%push' OR LOWER(s.utm_medium) LIKE '%mobile%'
      OR LOWER(s.utm_medium) LIKE '%notification%' OR LOWER(s.utm_source) = 'firebase' THEN 'Mobile Push Notifications'
    WHEN COALESCE(s.utm_source, s.utm_medium, s.utm_campaign) IS NULL THEN
      CASE WHEN NVL(s.referrer_medium, 'internal') = 'internal' THEN 'Direct' ELSE 'Referral' END
    WHEN LOWER(s.utm_source) IN ('direct', '(direct)')
      AND NVL(LOWER(s.utm_medium), '(none)') IN ('(none)', '(not set)') THEN 'Direct'
    ELSE 'Unassigned'
  END AS channel,
  COALESCE(
    s.utm_source,
    s.click_network,
    CASE WHEN s.referrer_medium <> 'internal' THEN NVL(s.referrer_source, s.referrer_host) END
  ) AS source,
  COALESCE(
    s.utm_medium,
    CASE WHEN s.is_paid THEN 'cpc' END,
    CASE s.referrer_medium
      WHEN 'search' THEN 'organic'
      WHEN 'other' THEN 'referral'
      WHEN 'internal' THEN NULL
      ELSE s.referrer_medium
    END
  ) AS medium,
  s.utm_campaign AS campaign,
  NVL(s.utm_term, s.referrer_term) AS term,
  s.utm_content AS content,
  s.referrer_host,
  s.device_class,
  s.browser,
  s.os,
  s.country,
  s.language,
  s.event_count,
  s.page_view_count,
  s.engaged_seconds,
  s.is_bounce,
  s.is_engaged,
  s.add_to_cart_count,
  s.purchase_count,
  s.conversion_count,
  s.revenue,
  CASE WHEN s.least_currency = s.greatest_currency THEN s.least_currency END AS currency,
  s.is_bot,
  s.chain_started_at,
  s.chain_ended_at,
  s.chain_received_from,
  s.chain_received_to,
  s.session_number
FROM model_entries s;

CREATE TEMP TABLE model_old_sessions DISTKEY (visitor_id) AS
SELECT
  s.site_id, s.visitor_id, s.is_bot, s.started_at, s.page_view_count, s.conversion_count, s.purchase_count, s.revenue
FROM models.sessions s
JOIN model_chains c
  ON c.site_id = s.site_id AND c.visitor_id = s.visitor_id AND c.is_bot = s.is_bot
  AND c.chain_started_at = s.chain_started_at
WHERE {chain_windows(s.started_at)};

DELETE FROM models.sessions
USING model_chains c
WHERE sessions.site_id = c.site_id AND sessions.visitor_id = c.visitor_id AND sessions.is_bot = c.is_bot
  AND sessions.chain_started_at = c.chain_started_at
  AND {chain_windows(sessions.started_at)};

DELETE FROM models.page_views
USING model_chains c
WHERE page_views.site_id = c.site_id AND page_views.visitor_id = c.visitor_id AND page_views.is_bot = c.is_bot
  AND page_views.viewed_at BETWEEN c.chain_started_at AND c.chain_ended_at
  AND {chain_windows(page_views.viewed_at)};

INSERT INTO models.sessions
SELECT
  site_id, visitor_id, session_key, user_id, user_seen_at, started_at, ended_at, local_date, landing_page_host,
  landing_page_path, exit_page_path, channel, source, medium, campaign, term, content, referrer_host, device_class,
  browser, os, country, language, event_count, page_view_count, engaged_seconds, is_bounce, is_engaged,
  add_to_cart_count, purchase_count, conversion_count, revenue, currency, is_bot, chain_started_at, chain_ended_at,
  chain_received_from, chain_received_to
FROM model_sessions;

INSERT INTO models.page_views
SELECT
  v.site_id,
  v.visitor_id,
  s.session_key,
  v.event_id,
  v.viewed_at,
  {local_date(v.site_id, v.viewed_at)},
  v.view_number,
  v.view_number = 1,
  v.is_exit,
  v.page_host,
  v.page_path,
  v.page_title,
  v.previous_page_path,
  v.next_page_path,
  v.engaged_seconds,
  v.scroll_percent,
  s.channel,
  v.device_class,
  v.country,
  v.user_id,
  v.is_bot
FROM model_views v
JOIN model_sessions s
  ON s.site_id = v.site_id AND s.visitor_id = v.visitor_id AND s.is_bot = v.is_bot
  AND s.session_number = v.session_number;
