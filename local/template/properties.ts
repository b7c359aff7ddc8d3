/** Strict reading of a resource's properties: each is either understood or knowingly ignored. */
import { z } from 'zod';
import type { Resource } from './assembly';
import { locate, type Resolver } from './intrinsics';
import { below, TemplateError } from './templateError';

/** Marks a property that makes no difference on this machine, with the reason. */
export function ignored(reason: string) {
  return z.unknown().optional().meta({ ignored: reason });
}

/** Tags, on every taggable resource. */
export const tags = ignored('only billing and people read tags');

function isIgnored(schema: z.core.$ZodType | undefined): boolean {
  return schema instanceof z.ZodType && schema.meta()?.ignored !== undefined;
}

/**
 * The properties of a resource, evaluated and checked.
 * @param shape one zod schema per property; nested objects should be strict too
 * @throws TemplateError naming stack, logical id and property of the first that is unknown or wrong
 */
export function readProperties<S extends z.ZodRawShape>(
  resolver: Resolver,
  resource: Resource,
  shape: S,
): z.infer<z.ZodObject<S, z.core.$strict>> {
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(resource.properties)) {
    // An ignored property is not evaluated: it may refer to what does not exist on this machine.
    if (isIgnored(shape[key])) continue;
    values[key] = resolver.resolve(value, locate(resource, key), resource.stack);
  }
  const result = z.strictObject(shape).safeParse(values);
  if (result.success) return result.data;
  throw explain(result.error.issues[0], values, resource);
}

function explain(
  issue: z.core.$ZodIssue | undefined,
  values: Record<string, unknown>,
  resource: Resource,
): TemplateError {
  const path = issue?.path ?? [];
  let at = locate(resource);
  for (const key of path) at = below(at, String(key));
  if (issue?.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    return new TemplateError(
      below(at, key),
      'is not understood by the local run, and it is not among the properties that make no difference there',
    );
  }
  const value = path.reduce<unknown>(
    (node, key) => (typeof node === 'object' && node !== null ? Reflect.get(node, key) : undefined),
    values,
  );
  return new TemplateError(at, `is ${JSON.stringify(value) ?? 'missing'}: ${issue?.message ?? 'is wrong'}`);
}
