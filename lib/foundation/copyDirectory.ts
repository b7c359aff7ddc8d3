/** Files that a function finds beside its bundle. */
import path from 'node:path';

/** Shell command that copies a directory, on every system Node.js runs on. */
export function copyDirectory(from: string, to: string): string {
  const [source, target] = [from, to].map((directory) => directory.replaceAll(path.sep, '/'));
  return `node -e "require('fs').cpSync('${source}', '${target}', { recursive: true })"`;
}
