/** Where people live, with the share of the built-in traffic each place has. */
import type { Choice } from '../chance/weighted';
import type { Place } from './types';

/** One line a place: country, language, time zone, hours ahead of UTC, weight. */
const LINES = `
US en-US America/New_York -5 130
US en-US America/Chicago -6 80
US en-US America/Los_Angeles -8 90
DE de-DE Europe/Berlin 1 90
GB en-GB Europe/London 0 80
JP ja-JP Asia/Tokyo 9 60
FR fr-FR Europe/Paris 1 55
IN en-IN Asia/Kolkata 5.5 90
BR pt-BR America/Sao_Paulo -3 60
CA en-CA America/Toronto -5 35
ES es-ES Europe/Madrid 1 35
IT it-IT Europe/Rome 1 35
NL nl-NL Europe/Amsterdam 1 25
PL pl-PL Europe/Warsaw 1 25
MX es-MX America/Mexico_City -6 30
AU en-AU Australia/Sydney 10 25
KR ko-KR Asia/Seoul 9 25
CN zh-CN Asia/Shanghai 8 30
ID id-ID Asia/Jakarta 7 25
TR tr-TR Europe/Istanbul 3 20
SE sv-SE Europe/Stockholm 1 15
CH de-CH Europe/Zurich 1 12
AT de-AT Europe/Vienna 1 10
RU ru-RU Europe/Moscow 3 20
ZA en-ZA Africa/Johannesburg 2 10
NG en-NG Africa/Lagos 1 10
EG ar-EG Africa/Cairo 2 10
IL he-IL Asia/Jerusalem 2 8
SG en-SG Asia/Singapore 8 10
NZ en-NZ Pacific/Auckland 12 6
`;

/** The places of the built-in traffic. */
export const PLACES: readonly Choice<Place>[] = LINES.trim()
  .split('\n')
  .map((line) => {
    const [country = '', language = '', timeZone = '', utcOffsetHours, weight] = line.split(' ');
    const place = { country, language, timeZone, utcOffsetHours: Number(utcOffsetHours) };
    return { value: place, weight: Number(weight) };
  });

/** Degrees of longitude the sun passes in an hour. */
const DEGREES_PER_HOUR = 15;

/**
 * The place of a country at a longitude: of the country's places the nearest by the sun's time; for a country that is
 * not in the list one with that time, and English.
 */
export function placeAt(country: string, longitude: number): Place {
  const solarHours = Math.round(longitude / DEGREES_PER_HOUR);
  const distance = (place: Place) => Math.abs(place.utcOffsetHours - solarHours);
  const [nearest] = PLACES.map(({ value }) => value)
    .filter((place) => place.country === country)
    .sort((one, other) => distance(one) - distance(other));
  return nearest ?? { country, language: 'en', timeZone: etcZone(solarHours), utcOffsetHours: solarHours };
}

/** The zone database's name of an offset; its signs are those of POSIX, west of Greenwich is positive. */
function etcZone(hoursAhead: number): string {
  if (hoursAhead === 0) return 'Etc/UTC';
  return `Etc/GMT${hoursAhead > 0 ? '-' : '+'}${Math.abs(hoursAhead)}`;
}
