/**
 * Property tests draw the same examples on every run, so that a failure is one of the code and can be run again.
 * Other examples: FC_SEED=2 npm test.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 1) });
