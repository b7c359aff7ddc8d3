/** Reads campaign parameters and advertising click ids from a page's query string. */
import { decodeParameter, forEachParameter } from './urls';

/** Click id parameters and the network that issues them. */
const CLICK_NETWORKS: ReadonlyMap<string, string> = new Map([
  ['gclid', 'google'],
  ['gbraid', 'google'],
  ['wbraid', 'google'],
  ['dclid', 'google_display'],
  ['msclkid', 'microsoft'],
  ['ttclid', 'tiktok'],
  ['twclid', 'x'],
  ['li_fat_id', 'linkedin'],
  ['yclid', 'yandex'],
  ['rdt_cid', 'reddit'],
  ['sccid', 'snapchat'],
  ['epik', 'pinterest'],
  ['irclickid', 'impact'],
  // Last: Facebook adds it to every outgoing link, paid or not.
  ['fbclid', 'facebook'],
]);

/** Names of the click id parameters, the most telling first: when a page has several, the first counts. */
export const CLICK_ID_PARAMETERS: readonly string[] = [...CLICK_NETWORKS.keys()];

const CLICK_ID_RANKS: ReadonlyMap<string, number> = new Map(
  CLICK_ID_PARAMETERS.map((name, rank) => [name, rank]),
);

/** Columns that campaign parameters fill; parameter and column have the same name. */
export const UTM_COLUMNS = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'] as const;

/** What a query string says about the campaign. */
export type Campaign = { [C in (typeof UTM_COLUMNS)[number]]?: string } & {
  click_id?: string;
  click_network?: string;
};

const isUtmColumn = (name: string): name is (typeof UTM_COLUMNS)[number] =>
  (UTM_COLUMNS as readonly string[]).includes(name);

/** Reads a query string. Of a parameter given twice the first counts; names match in any letter case. */
export function readCampaign(query: string): Campaign {
  const campaign: Campaign = {};
  let bestRank = Number.POSITIVE_INFINITY;
  forEachParameter(query, (rawName, rawValue) => {
    if (rawValue === '') return;
    const name = rawName.toLowerCase();
    if (isUtmColumn(name)) {
      campaign[name] ??= decodeParameter(rawValue);
      return;
    }
    const rank = CLICK_ID_RANKS.get(name);
    if (rank === undefined || rank >= bestRank) return;
    bestRank = rank;
    campaign.click_id = decodeParameter(rawValue);
    campaign.click_network = CLICK_NETWORKS.get(name);
  });
  return campaign;
}
