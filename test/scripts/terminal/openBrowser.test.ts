import { browserCommand } from '../../../scripts/terminal/openBrowser';

test.each([
  ['darwin', {}, ['open']],
  ['win32', {}, ['cmd', '/c', 'start', '""']],
  ['linux', { DISPLAY: ':0' }, ['xdg-open']],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, ['xdg-open']],
  ['linux', {}, undefined],
] as const)('a page is opened on %s with %j by %j', (platform, env, command) => {
  expect(browserCommand(platform, env)).toEqual(command);
});
