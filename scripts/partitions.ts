/** `npm run partitions`: registers the hours of the lake in the catalog. */
import { runPartitions } from './partitions/cli';
import { runOnProcess } from './terminal/terminal';

runOnProcess(runPartitions);
