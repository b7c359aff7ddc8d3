-- Cuts the events into chains, sessions and views. Events of the same millisecond are ordered by their id.

CREATE TEMP TABLE model_steps DISTKEY (visitor_id) AS
SELECT
  numbered.*,
  CAST(SUM(numbered.is_view) OVER (
    PARTITION BY numbered.site_id, numbered.visitor_id, numbered.is_bot, numbered.session_number
    ORDER BY numbered.model_time, numbered.event_id, numbered.received_at ROWS UNBOUNDED PRECEDING
  ) AS INTEGER) AS view_number,
  CAST(SUM(numbered.is_view) OVER (
    PARTITION BY numbered.site_id, numbered.visitor_id, numbered.is_bot, numbered.session_number
  ) AS INTEGER) AS view_count,
  ROW_NUMBER() OVER (
    PARTITION BY numbered.site_id, numbered.visitor_id, numbered.is_bot, numbered.session_number
    ORDER BY numbered.model_time, numbered.event_id, numbered.received_at
  ) AS event_number,
  MIN(numbered.model_time) OVER (
    PARTITION BY numbered.site_id, numbered.visitor_id, numbered.is_bot, numbered.chain_number
  ) AS chain_started_at,
  MAX(numbered.model_time) OVER (
    PARTITION BY numbered.site_id, numbered.visitor_id, numbered.is_bot, numbered.chain_number
  ) AS chain_ended_at,
  MIN(numbered.received_at) OVER (
    PARTITION BY numbered.site_id, numbered.visitor_id, numbered.is_bot, numbered.chain_number
  ) AS chain_received_from,
  MAX(numbered.received_at) OVER (
    PARTITION BY numbered.site_id, numbered.visitor_id, numbered.is_bot, numbered.chain_number
  ) AS chain_received_to
FROM (
  SELECT
    started.*,
    CAST(SUM(started.is_session_start) OVER (
      PARTITION BY started.site_id, started.visitor_id, started.is_bot
      ORDER BY started.model_time, started.event_id, started.received_at ROWS UNBOUNDED PRECEDING
    ) AS INTEGER) AS session_number
  FROM (
    SELECT
      chained.*,
      -- Another campaign than the last one of the chain, or the first one after a beginning without any.
      CASE
        WHEN chained.is_chain_start = 1 THEN 1
        WHEN {new_session_at_campaign} AND chained.campaign_key <> NVL(LAST_VALUE(chained.campaign_key IGNORE NULLS) OVER (
          PARTITION BY chained.site_id, chained.visitor_id, chained.is_bot, chained.chain_number
          ORDER BY chained.model_time, chained.event_id, chained.received_at
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), '') THEN 1
        ELSE 0
      END AS is_session_start
    FROM (
      SELECT
        paused.*,
        CAST(SUM(paused.is_chain_start) OVER (
          PARTITION BY paused.site_id, paused.visitor_id, paused.is_bot
          ORDER BY paused.model_time, paused.event_id, paused.received_at ROWS UNBOUNDED PRECEDING
        ) AS INTEGER) AS chain_number
      FROM (
        SELECT
          e.*,
          CASE WHEN e.event_name = 'page_view' THEN 1 ELSE 0 END AS is_view,
          CASE WHEN DATEDIFF(millisecond, LAG(e.model_time) OVER (
            PARTITION BY e.site_id, e.visitor_id, e.is_bot ORDER BY e.model_time, e.event_id, e.received_at
          ), e.model_time) < {timeout_millis} THEN 0 ELSE 1 END AS is_chain_start
        FROM model_events e
        WHERE e.visitor_id IS NOT NULL
      ) paused
    ) chained
  ) started
) numbered;

-- A view with what followed it up to the next one. view_number 0 is what came before the first view.
CREATE TEMP TABLE model_views DISTKEY (visitor_id) AS
SELECT
  v.site_id,
  v.visitor_id,
  v.is_bot,
  v.session_number,
  v.event_id,
  v.model_time AS viewed_at,
  v.view_number,
  v.view_number = v.view_count AS is_exit,
  v.page_host,
  v.page_path,
  v.page_title,
  v.device_class,
  v.country,
  v.user_id,
  v.deepest_scroll_percent AS scroll_percent,
  LAG(v.page_path) OVER (
    PARTITION BY v.site_id, v.visitor_id, v.is_bot, v.session_number ORDER BY v.view_number
  ) AS previous_page_path,
  LEAD(v.page_path) OVER (
    PARTITION BY v.site_id, v.visitor_id, v.is_bot, v.session_number ORDER BY v.view_number
  ) AS next_page_path,
  CAST(DATEDIFF(millisecond, v.model_time, NVL(LEAD(v.model_time) OVER (
    PARTITION BY v.site_id, v.visitor_id, v.is_bot, v.session_number ORDER BY v.view_number
  ), v.last_event_at)) / 1000 AS INTEGER) AS engaged_seconds
FROM (
  SELECT
    s.*,
    MAX(s.model_time) OVER (
      PARTITION BY s.site_id, s.visitor_id, s.is_bot, s.session_number, s.view_number
    ) AS last_event_at,
    MAX(s.scroll_percent) OVER (
      PARTITION BY s.site_id, s.visitor_id, s.is_bot, s.session_number, s.view_number
    ) AS deepest_scroll_percent
  FROM model_steps s
  WHERE s.view_number > 0
) v
WHERE v.is_view = 1;
