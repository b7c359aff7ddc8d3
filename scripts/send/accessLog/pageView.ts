/** Tells page views from other requests. */
import type { AccessLogLine } from './parse';

/** Names of files that are no pages, by their extension. */
const ASSET_EXTENSIONS: ReadonlySet<string> = new Set(
  (
    'js mjs css map json xml txt rss atom ico png jpg jpeg gif svg webp avif bmp woff woff2 ttf otf eot htc ' +
    'mp3 mp4 webm ogg wav avi mov pdf doc docx xls xlsx ppt pptx csv zip gz tgz tar rar 7z bz2 exe apk dmg iso ' +
    'bak old save sql swp yaml yml wasm manifest webmanifest'
  ).split(' '),
);

/** Segments of a path that lead to feeds, interfaces and administration. */
const NO_PAGE_SEGMENTS: ReadonlySet<string> = new Set(
  (
    'feed rss atom api graphql wp-json wp-admin wp-content wp-includes admin administrator cgi-bin .well-known ' +
    'wp-login.php wp-cron.php wp-comments-post.php wp-trackback.php xmlrpc.php trackback'
  ).split(' '),
);

/**
 * A request is a page view when it is a GET for a path of this site that was answered with 200 to 203 or 304, and
 * the path is neither a file with an asset's extension nor leads to a feed, an interface or the administration.
 */
export function isPageView({ request, status = 0 }: Pick<AccessLogLine, 'request' | 'status'>): boolean {
  if (request?.kind !== 'request' || request.method !== 'GET' || !request.target.startsWith('/'))
    return false;
  if (!(status >= 200 && status <= 203) && status !== 304) return false;
  const [path = ''] = request.target.toLowerCase().split(/[?#]/, 1);
  const segments = path.split('/');
  if (segments.some((segment) => NO_PAGE_SEGMENTS.has(segment))) return false;
  const file = segments.at(-1) ?? '';
  const dot = file.lastIndexOf('.');
  return dot < 0 || !ASSET_EXTENSIONS.has(file.slice(dot + 1));
}
