/**
 * SQL templates of questions. Pure.
 *
 * `{name}` stands for a piece of SQL. Lines between `--[ name` and `--]` are repeated for every item of a list, with
 * the item's own pieces beside those of the template. The comment a template begins with stays out of the SQL.
 */

/** What stands for the names in a template: a piece of SQL, or a list of what stands for the names in each item. */
export interface Bindings {
  readonly [name: string]: string | readonly Bindings[];
}

const HEADER = /^(--(?!\[).*\n)+\n*/;
const BLOCK = /^--\[ (\w+)\n([\s\S]*?)^--\]\n/gm;
const NAME = /\{(\w+)\}/g;

/**
 * The SQL of a template. What is put in is never looked at again, so text that looks like a name stays text.
 * @throws Error when a name of the template is not bound or a binding not used: template and question differ
 */
export function fillTemplate(template: string, bindings: Bindings): string {
  const body = template.replace(HEADER, '');
  const used = new Set<string>();
  const parts: string[] = [];
  let end = 0;
  for (const block of body.matchAll(BLOCK)) {
    const [whole, name = '', lines = ''] = block;
    parts.push(fillNames(body.slice(end, block.index), bindings, used));
    parts.push(...listOf(bindings, name).map((item) => fillNames(lines, { ...bindings, ...item }, used)));
    used.add(name);
    end = block.index + whole.length;
  }
  parts.push(fillNames(body.slice(end), bindings, used));
  const unused = Object.keys(bindings).filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`The template does not use ${unused.join(', ')}`);
  return parts.join('').trimEnd();
}

function fillNames(text: string, bindings: Bindings, used: Set<string>): string {
  return text.replace(NAME, (_, name: string) => {
    const value = bindings[name];
    if (typeof value !== 'string') throw new Error(`The template's {${name}} is not bound to a piece of SQL`);
    used.add(name);
    return value;
  });
}

function listOf(bindings: Bindings, name: string): readonly Bindings[] {
  const list = bindings[name];
  if (list === undefined || typeof list === 'string')
    throw new Error(`The template's block ${name} is not bound to a list`);
  return list;
}
