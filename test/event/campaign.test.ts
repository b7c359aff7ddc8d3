import { CLICK_ID_PARAMETERS, readCampaign } from '../../lib/event/campaign';

describe('readCampaign', () => {
  test('reads all five parameters, decoded', () => {
    const query =
      'utm_source=news%20letter&utm_medium=email&utm_campaign=a+b&utm_term=wool&utm_content=top&page=2';
    expect(readCampaign(query)).toEqual({
      utm_source: 'news letter',
      utm_medium: 'email',
      utm_campaign: 'a b',
      utm_term: 'wool',
      utm_content: 'top',
    });
  });

  test('matches names in any letter case, and takes the first of two that has a value', () => {
    expect(readCampaign('UTM_Source=&utm_source=a&UTM_SOURCE=b&GCLID=c')).toEqual({
      utm_source: 'a',
      click_id: 'c',
      click_network: 'google',
    });
  });

  test.each([
    ['gclid', 'google'],
    ['wbraid', 'google'],
    ['msclkid', 'microsoft'],
    ['fbclid', 'facebook'],
    ['ttclid', 'tiktok'],
    ['li_fat_id', 'linkedin'],
    ['ScCid', 'snapchat'],
  ])('knows the network of %s', (parameter, network) => {
    expect(readCampaign(`${parameter}=id-1`)).toEqual({ click_id: 'id-1', click_network: network });
  });

  test('prefers a paid click id to the one Facebook adds to every link', () => {
    expect(readCampaign('fbclid=f&gclid=g')).toMatchObject({ click_id: 'g', click_network: 'google' });
    expect(readCampaign('gclid=g&fbclid=f')).toMatchObject({ click_id: 'g', click_network: 'google' });
  });

  test('finds nothing where there is nothing', () => {
    expect(readCampaign('')).toEqual({});
    expect(readCampaign('page=2&myutm_source=x&utm_source')).toEqual({});
  });

  test('lists every click id parameter in lower case', () => {
    expect(CLICK_ID_PARAMETERS).toEqual(CLICK_ID_PARAMETERS.map((name) => name.toLowerCase()));
  });
});
