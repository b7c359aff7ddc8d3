/** Text as it stands between the quotes of a JSON string: tables hold it so, because it is written millions of times. */
export function inJsonText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
