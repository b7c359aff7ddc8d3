/** `npm run build:console`: builds the console's page. It is built on its own when the console starts. */
import path from 'node:path';
import { buildPage } from '../../console/build';
import { LOCAL_DIRECTORY } from '../../local/endpoints';

const directory = path.join(LOCAL_DIRECTORY, 'console');
void buildPage(directory).then(({ reused }) => {
  process.stdout.write(`${reused ? 'Nothing has changed in' : 'Built'} ${path.relative('.', directory)}\n`);
});
