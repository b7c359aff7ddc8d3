/** `npm run screenshots`: pictures of the console for the documents, from the built-in sample. */
import path from 'node:path';
import { takeScreenshots } from './screenshots/take';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

void takeScreenshots(path.resolve(__dirname, '..', 'docs', 'screenshots'), (line) =>
  process.stdout.write(`${line}\n`),
);
