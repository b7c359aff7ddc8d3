import { parseAnalysisSettings, USUAL_ANALYSIS } from '../../lib/config/analysis';

describe('settings of models', () => {
  it('are taken as they are when they are sound', () => {
    const settings = { ...USUAL_ANALYSIS, siteTimeZones: { shop: 'Asia/Kathmandu' } };
    expect(parseAnalysisSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
  });

  it.each([
    [{ siteTimeZones: { shop: 'Europe/Atlantis' } }, /IANA time zone/],
    [{ defaultTimeZone: '+02:00' }, /IANA time zone/],
    [{ conversionEvents: [] }, /at least one event/],
    [{ lookBackDays: 31 }, /at most 30/],
    [{ sessionTimeoutMinutes: 0.5 }, /whole number/],
  ])('are refused with the rule they break: %j', (wrong, rule) => {
    expect(() => parseAnalysisSettings({ ...USUAL_ANALYSIS, ...wrong })).toThrow(rule);
  });

  it('are refused when they are no settings at all', () => {
    expect(() => parseAnalysisSettings({})).toThrow(/are no settings of models/);
  });
});
