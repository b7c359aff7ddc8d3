/** Objects that are smaller than what was loaded: erasure says so, anybody else is found. */
import { withoutErasures } from '../../../lambda/audit/audit';
import { classify } from '../../../lambda/audit/classify';
import { LOADED_INTO_METADATA } from '../../../lib/contract/lakeLayout';
import { FakeLake } from '../../support/fakeLake';

const changed = (key: string) => ({ key, bytes: 5, loadedBytes: 9 });

it('tells an object a person was erased from, one that somebody changed, and one that is gone', async () => {
  const lake = new FakeLake('lake');
  for (const key of ['events/erased', 'events/changed']) lake.objects.set(key, Buffer.from('12345'));
  lake.metadata.set('events/erased', { [LOADED_INTO_METADATA]: 'cluster' });
  const nothing = classify([], {
    files: [],
    quarantined: [],
    counts: [],
    shortBatches: [],
    newestLoadedMillis: undefined,
  });
  const fates = { ...nothing, changed: ['events/erased', 'events/changed', 'events/gone'].map(changed) };
  const left = await withoutErasures({ s3: lake.client, bucketName: 'lake' }, fates);
  expect(left.changed.map(({ key }) => key)).toEqual(['events/changed', 'events/gone']);
});
