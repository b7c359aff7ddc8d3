/**
 * What a versioned bucket does instead of losing an object. Each step leaves a state that a server started after a
 * kill can mend: a version is kept, under a second name of its file, before anything takes its place.
 */
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { ObjectStore } from './objectStore';
import { newVersionId, type OldVersion, versionIdOf } from './versions';

/** Keeps the current object of a versioned bucket, which is about to be written over or deleted. */
export function keepVersion(store: ObjectStore, bucket: string, key: string): void {
  const current = store.bucket(bucket).get(key);
  if (current === undefined || !store.isVersioned(bucket)) return;
  const file = path.join(store.privatePath(bucket), 'versions', randomUUID());
  mkdirSync(path.dirname(file), { recursive: true });
  linkSync(store.pathOf(current), file);
  store.versions(bucket).add({
    key,
    versionId: versionIdOf(current),
    lastModifiedMillis: current.lastModifiedMillis,
    object: { ...current, file: path.relative(store.root, file) },
  });
}

/** Puts a delete marker over a key of a versioned bucket, whether it holds an object or not. */
export function putMarker(store: ObjectStore, bucket: string, key: string): OldVersion {
  keepVersion(store, bucket, key);
  const marker = {
    key,
    versionId: newVersionId(),
    lastModifiedMillis: Math.floor(store.clock() / 1000) * 1000,
  };
  store.versions(bucket).add(marker);
  store.remove(bucket, key);
  return marker;
}

/** Removes one version for good; the newest that is left becomes the current one. False when there is none. */
export function deleteVersion(store: ObjectStore, bucket: string, key: string, versionId: string): boolean {
  const index = store.bucket(bucket);
  const versions = store.versions(bucket);
  const current = index.get(key);
  if (current !== undefined && versionIdOf(current) === versionId) store.remove(bucket, key);
  else {
    const old = versions.of(key).find((version) => version.versionId === versionId);
    if (old === undefined) return false;
    versions.remove(old);
    if (old.object !== undefined) rmSync(store.pathOf(old.object), { force: true });
  }
  if (index.get(key) === undefined) promote(store, bucket, key);
  return true;
}

/** Makes the newest version current again, unless it is a delete marker. */
function promote(store: ObjectStore, bucket: string, key: string): void {
  const versions = store.versions(bucket);
  const [newest] = versions.of(key);
  if (newest?.object === undefined) return;
  const index = store.bucket(bucket);
  const file = store.place(bucket, index, key, store.pathOf(newest.object));
  index.put({ ...newest.object, file });
  versions.remove(newest);
}

/** A server killed while it wrote over or deleted an object may have kept the version that is still current. */
export function forgetUnfinished(store: ObjectStore, bucket: string, key: string): void {
  const current = store.bucket(bucket).get(key);
  if (current === undefined) return;
  const versions = store.versions(bucket);
  const kept = versions.of(key);
  const at = kept.findIndex(({ versionId }) => versionId === versionIdOf(current));
  for (const version of kept.slice(0, at + 1)) {
    versions.remove(version);
    if (version.object !== undefined) rmSync(store.pathOf(version.object), { force: true });
  }
}
