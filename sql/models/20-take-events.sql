-- Takes events of one literal window, so that zone maps leave out all blocks but its own. Run for each window: first
-- for the new events, then for those of the chains they touch.

INSERT INTO model_events
SELECT
  {is_new},
  e.site_id,
  e.visitor_id,
  e.is_bot,
  e.model_time,
  e.received_at,
  e.event_id,
  e.event_name,
  e.user_id,
  e.page_host,
  e.page_path,
  e.page_title,
  e.referrer_host,
  e.referrer_medium,
  e.referrer_source,
  e.referrer_term,
  e.utm_source,
  e.utm_medium,
  e.utm_campaign,
  e.utm_term,
  e.utm_content,
  e.click_network,
  CASE WHEN COALESCE(e.utm_source, e.utm_medium, e.utm_campaign, e.utm_term, e.utm_content, e.click_network) IS NOT NULL
    THEN NVL(e.utm_source, '') || '|' || NVL(e.utm_medium, '') || '|' || NVL(e.utm_campaign, '') || '|'
      || NVL(e.utm_term, '') || '|' || NVL(e.utm_content, '') || '|' || NVL(e.click_network, '')
  END,
  e.browser,
  e.os,
  e.device_class,
  e.language,
  e.country,
  -- Larger amounts are errors, and their sums would not fit.
  CASE WHEN ABS(e.event_value) < 1000000000000 THEN CAST(e.event_value AS DECIMAL(18, 4)) END,
  e.currency,
  e.scroll_percent
FROM (
  SELECT
    landed.*,
    {model_time(landed)} AS model_time,
    CASE WHEN landed.properties.scroll_percent >= 0 AND landed.properties.scroll_percent <= 100
      THEN CAST(FLOOR(landed.properties.scroll_percent) AS INTEGER)
    END AS scroll_percent
  FROM landing.all_events landed
  WHERE {received_windows(landed.received_at)} AND landed.load_batch_id {batches}
) e
{chains};
