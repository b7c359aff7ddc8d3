/**
 * Default channel grouping, written from Google Analytics' published rules ("Default channel group", Analytics Help)
 * rather than from sql/models. Knows the sources the tests use.
 */

/** Where a visit came from. */
export interface Arrival {
  readonly utmSource: string | null;
  readonly utmMedium: string | null;
  readonly utmCampaign: string | null;
  readonly clickNetwork: string | null;
  readonly referrerMedium: string | null;
  readonly referrerHost: string | null;
}

const SOURCES: Readonly<Record<string, string>> = {
  google: 'search',
  'bing.com': 'search',
  facebook: 'social',
  'linkedin.com': 'social',
  youtube: 'video',
  'youtube.com': 'video',
  'vimeo.com': 'video',
  amazon: 'shopping',
  'amazon.com': 'shopping',
  'chatgpt.com': 'ai',
};

const NETWORKS: Readonly<Record<string, string>> = {
  google: 'search',
  microsoft: 'search',
  yandex: 'search',
  facebook: 'social',
  tiktok: 'social',
};

/** Paid by its medium, or by the click id of a network that sells clicks. Facebook's is on every link. */
export function isPaid({ utmMedium, clickNetwork }: Pick<Arrival, 'utmMedium' | 'clickNetwork'>): boolean {
  if (utmMedium !== null) return /^(.*cp.*|ppc|retargeting|paid.*)$/i.test(utmMedium);
  return clickNetwork !== null && clickNetwork !== 'facebook' && clickNetwork !== 'impact';
}

/** A host with and without the first label that many services have. */
function kindOfSource(name: string): string | undefined {
  const lower = name.toLowerCase();
  return SOURCES[lower] ?? SOURCES[lower.replace(/^(www|m|l|lm|old|web|mobile|out)\./, '')];
}

function kindOf({ utmSource, clickNetwork, referrerMedium, referrerHost }: Arrival): string | undefined {
  if (utmSource !== null) return kindOfSource(utmSource);
  if (clickNetwork !== null && NETWORKS[clickNetwork] !== undefined) return NETWORKS[clickNetwork];
  const isForeign = referrerMedium !== null && referrerMedium !== 'internal';
  const kind =
    clickNetwork === null && isForeign && referrerHost !== null ? kindOfSource(referrerHost) : undefined;
  if (kind !== undefined) return kind;
  return ['search', 'social', 'email', 'ai'].find((medium) => medium === referrerMedium);
}

export function channelOf(arrival: Arrival): string {
  const source = arrival.utmSource?.toLowerCase() ?? '';
  const medium = arrival.utmMedium?.toLowerCase() ?? '';
  const campaign = arrival.utmCampaign?.toLowerCase() ?? '';
  const kind = kindOf(arrival);
  const isShopping = kind === 'shopping' || /^(.*(([^a-df-z]|^)shop|shopping).*)$/.test(campaign);
  if (/cross-network/.test(campaign)) return 'Cross-network';
  if (isPaid(arrival)) {
    if (isShopping) return 'Paid Shopping';
    if (kind === 'search') return 'Paid Search';
    if (kind === 'social') return 'Paid Social';
    if (kind === 'video') return 'Paid Video';
  }
  if (/^(display|banner|expandable|interstitial|cpm)$/.test(medium)) return 'Display';
  if (medium === '' && arrival.clickNetwork === 'google_display') return 'Display';
  if (isPaid(arrival)) return 'Paid Other';
  if (isShopping) return 'Organic Shopping';
  if (
    kind === 'social' ||
    /^(social|social-network|social-media|sm|social network|social media)$/.test(medium)
  ) {
    return 'Organic Social';
  }
  if (kind === 'video' || /^(.*video.*)$/.test(medium)) return 'Organic Video';
  if (kind === 'search' || medium === 'organic') return 'Organic Search';
  if (kind === 'ai') return 'AI Assistants';
  const email = /^(email|e-mail|e_mail|e mail)$/;
  if (kind === 'email' || email.test(source) || email.test(medium)) return 'Email';
  if (/^affiliates?$/.test(medium)) return 'Affiliates';
  if (medium === '' && arrival.clickNetwork === 'impact') return 'Affiliates';
  if (/^(referral|app|link)$/.test(medium)) return 'Referral';
  if (medium === 'audio') return 'Audio';
  if (source === 'sms' || medium === 'sms') return 'SMS';
  if (/push$|mobile|notification/.test(medium) || source === 'firebase') return 'Mobile Push Notifications';
  const hasCampaign = source !== '' || medium !== '' || campaign !== '';
  if (!hasCampaign) {
    return arrival.referrerMedium === null || arrival.referrerMedium === 'internal' ? 'Direct' : 'Referral';
  }
  if (/^\(?direct\)?$/.test(source) && /^(\(none\)|\(not set\)|)$/.test(medium)) return 'Direct';
  return 'Unassigned';
}
