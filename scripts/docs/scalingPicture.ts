/** Draws docs/scaling.svg: the reference environment's week with the first seed. */
import { loadEnvironment } from '../../lib/config';
import { compare } from '../simulateScaling/compare';
import { comparisonPicture } from '../simulateScaling/picture';

/** The picture, as `npm run simulate:scaling` draws it. */
export function scalingPicture(): string {
  return comparisonPicture(compare(loadEnvironment('reference'), 1));
}
