/** Units: time in milliseconds, sizes in bytes. */

export const SECOND_MILLIS = 1_000;
export const MINUTE_MILLIS = 60 * SECOND_MILLIS;
export const HOUR_MILLIS = 60 * MINUTE_MILLIS;
export const DAY_MILLIS = 24 * HOUR_MILLIS;

export const KIBIBYTE = 1024;
export const MEBIBYTE = 1024 ** 2;
/** AWS's bills say GB and mean 2^30 bytes. */
export const GIBIBYTE = 1024 ** 3;
/** Traffic and disks are told in TB of 10^12 bytes. */
export const TERABYTE = 1e12;
export const MEGABYTE = 1e6;
