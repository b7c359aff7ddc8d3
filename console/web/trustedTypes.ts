/** Lets libraries empty an element, and nothing else, through the sinks that turn text into markup. */

interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(text: string): string }): unknown;
}

/**
 * The server's policy forbids to turn text into markup. ECharts empties its element by an empty markup; any other text
 * is refused, in whatever library. Browsers without Trusted Types have the rest of the policy.
 */
export function allowEmptyMarkupOnly(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  trustedTypes?.createPolicy('default', {
    createHTML(text) {
      if (text === '') return text;
      throw new TypeError(`Text is not turned into markup on this page: ${text.slice(0, 80)}`);
    },
  });
}
