/** Redshift's datetime format strings in terms of DuckDB (Redshift guide, "Datetime format strings"). */
import { NotSupportedLocallyError } from '../redshiftError';
import { stringLiteral } from './lexer';

interface Pattern {
  /** Longer patterns stand before their prefixes; letter case counts where it changes the answer. */
  readonly text: string;
  /** DuckDB's strftime directive, where one says the same. */
  readonly directive?: string;
  /** Otherwise an expression over the timestamp `{0}`. */
  readonly template?: string;
  /** The directive may also be used to read text. */
  readonly reads?: boolean;
}

const upper = (directive: string) => `upper(strftime({0}, '${directive}'))`;
const lower = (directive: string) => `lower(strftime({0}, '${directive}'))`;
/** Names are padded to nine characters, the length of "September" and "Wednesday". */
const padded = (name: string) => `rpad(${name}, 9, ' ')`;

const PATTERNS: readonly Pattern[] = [
  { text: 'YYYY', directive: '%Y', reads: true },
  { text: 'IYYY', directive: '%G' },
  { text: 'YY', directive: '%y', reads: true },
  { text: 'MONTH', template: padded(upper('%B')) },
  { text: 'Month', template: padded("strftime({0}, '%B')") },
  { text: 'month', template: padded(lower('%B')) },
  { text: 'MON', template: upper('%b') },
  { text: 'Mon', directive: '%b', reads: true },
  { text: 'mon', template: lower('%b') },
  { text: 'MM', directive: '%m', reads: true },
  { text: 'MI', directive: '%M', reads: true },
  { text: 'MS', directive: '%g', reads: true },
  { text: 'US', directive: '%f', reads: true },
  { text: 'DAY', template: padded(upper('%A')) },
  { text: 'Day', template: padded("strftime({0}, '%A')") },
  { text: 'day', template: padded(lower('%A')) },
  { text: 'DY', template: upper('%a') },
  { text: 'Dy', directive: '%a' },
  { text: 'dy', template: lower('%a') },
  { text: 'DDD', directive: '%j' },
  { text: 'DD', directive: '%d', reads: true },
  // 1 is Sunday.
  { text: 'D', template: "CAST(date_part('dow', {0}) + 1 AS VARCHAR)" },
  { text: 'HH24', directive: '%H', reads: true },
  { text: 'HH12', directive: '%I', reads: true },
  { text: 'HH', directive: '%I', reads: true },
  { text: 'SS', directive: '%S', reads: true },
  { text: 'AM', directive: '%p', reads: true },
  { text: 'PM', directive: '%p', reads: true },
  { text: 'am', template: lower('%p') },
  { text: 'pm', template: lower('%p') },
  { text: 'IW', directive: '%V' },
  {
    text: 'WW',
    template: "lpad(CAST(CAST(floor((date_part('doy', {0}) + 6) / 7.0) AS BIGINT) AS VARCHAR), 2, '0')",
  },
  { text: 'Q', template: "CAST(date_part('quarter', {0}) AS VARCHAR)" },
];

type Piece = { readonly literal: string } | { readonly pattern: Pattern };

function split(format: string): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < format.length; ) {
    const quoted = /^"([^"]*)"/.exec(format.slice(at));
    const pattern = quoted ? undefined : patternAt(format, at);
    if (quoted) {
      pieces.push({ literal: quoted[1] ?? '' });
      at += quoted[0].length;
    } else if (pattern) {
      pieces.push({ pattern });
      at += pattern.text.length;
    } else {
      const character = format.charAt(at);
      if (/[\p{L}\p{N}#$]/u.test(character)) {
        throw new NotSupportedLocallyError(
          `"${format.slice(at)}" in the format '${format}'`,
          `of the datetime patterns: ${PATTERNS.map((known) => known.text).join(', ')}; text goes in double quotes`,
        );
      }
      pieces.push({ literal: character });
      at++;
    }
  }
  return pieces;
}

/** Digits have no letter case: `yyyy` means `YYYY`, but `month` is not `MONTH`. */
function patternAt(format: string, at: number): Pattern | undefined {
  const exact = PATTERNS.find(({ text }) => format.startsWith(text, at));
  const rest = format.slice(at).toUpperCase();
  return exact ?? PATTERNS.find(({ text, directive }) => directive && rest.startsWith(text));
}

/**
 * Template of TO_CHAR for a timestamp `{0}`.
 * @throws NotSupportedLocallyError for a pattern that is not known here, number formats among them
 */
export function toCharTemplate(format: string): string {
  const parts: string[] = [];
  let directives = '';
  const flush = () => {
    if (directives !== '') parts.push(`strftime({0}, ${stringLiteral(directives)})`);
    directives = '';
  };
  for (const piece of split(format)) {
    if ('literal' in piece) directives += piece.literal.replaceAll('%', '%%');
    else if (piece.pattern.directive) directives += piece.pattern.directive;
    else {
      flush();
      parts.push(piece.pattern.template ?? "''");
    }
  }
  flush();
  return parts.length === 0 ? "''" : `(${parts.join(' || ')})`;
}

/**
 * DuckDB's strptime format for TO_DATE and TO_TIMESTAMP.
 * @throws NotSupportedLocallyError for a pattern that cannot be read here
 */
export function readingFormat(format: string): string {
  return split(format)
    .map((piece) => {
      if ('literal' in piece) return piece.literal.replaceAll('%', '%%');
      if (piece.pattern.reads && piece.pattern.directive) return piece.pattern.directive;
      throw new NotSupportedLocallyError(`Reading "${piece.pattern.text}" of the format '${format}'`);
    })
    .join('');
}
