/** Draws the console into the page. */
import { render } from 'preact';
import { App } from './app';
import { allowEmptyMarkupOnly } from './trustedTypes';

allowEmptyMarkupOnly();
const place = document.getElementById('page');
if (place !== null) render(<App />, place);
