/** The little XML that S3's API needs: writing answers, reading two kinds of request bodies. */
import { AwsError } from '../http/awsError';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Content of an element: text, or children in order; a list repeats its element, undefined leaves it out. */
export type XmlContent = string | number | boolean | undefined | XmlNode | readonly XmlContent[];
export interface XmlNode {
  readonly [name: string]: XmlContent;
}

/** A whole document. */
export function xmlDocument(root: string, content: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${children(content)}</${root}>`;
}

/** An error document: unlike the others it has no namespace. */
export function xmlError(content: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${children(content)}</Error>`;
}

function children(node: XmlNode): string {
  return Object.entries(node)
    .map(([name, content]) => element(name, content))
    .join('');
}

function element(name: string, content: XmlContent): string {
  if (content === undefined) return '';
  if (isList(content)) return content.map((item) => element(name, item)).join('');
  const inner = typeof content === 'object' ? children(content) : escapeXml(String(content));
  return `<${name}>${inner}</${name}>`;
}

function isList(content: XmlContent): content is readonly XmlContent[] {
  return Array.isArray(content);
}

function escapeXml(text: string): string {
  // Control characters would not be XML at all, so they are sent as references, as S3 does.
  return text.replace(/[&<>"'\p{Cc}]/gu, (character) => {
    switch (character) {
      case '&':
        return '&amp;';
      case '<':
        return '&lt;';
      case '>':
        return '&gt;';
      case '"':
        return '&quot;';
      case "'":
        return '&apos;';
      default:
        return `&#${character.charCodeAt(0)};`;
    }
  });
}

/** An element as read: its children by name, and its own text. */
export interface ReadElement {
  readonly text: string;
  all(name: string): readonly ReadElement[];
  /** Text of the first child of that name, or undefined. */
  child(name: string): string | undefined;
}

/**
 * Reads a request's XML body: elements and text; attributes, comments and the declaration are passed over.
 * @throws AwsError MalformedXML when it is not well formed or its root is another
 */
export function parseXml(body: string, root: string): ReadElement {
  const stack: MutableElement[] = [new MutableElement('')];
  const token = /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([A-Za-z_][\w.:-]*)([^<>]*?)(\/?)>|([^<]+)/gy;
  while (token.lastIndex < body.length) {
    const match = token.exec(body);
    if (!match) throw malformedXml();
    const [, closing, name, , selfClosing, text] = match;
    const top = stack.at(-1);
    if (!top) throw malformedXml();
    if (text !== undefined) top.text += unescapeXml(text);
    else if (name === undefined) continue;
    else if (closing) {
      if (top.name !== name) throw malformedXml();
      stack.pop();
    } else {
      const child = new MutableElement(name);
      top.children.push(child);
      if (!selfClosing) stack.push(child);
    }
  }
  const document = stack.length === 1 ? stack[0]?.all(root)[0] : undefined;
  if (!document) throw malformedXml();
  return document;
}

class MutableElement implements ReadElement {
  text = '';
  readonly children: MutableElement[] = [];
  constructor(readonly name: string) {}

  all(name: string): readonly MutableElement[] {
    return this.children.filter((child) => child.name === name);
  }

  child(name: string): string | undefined {
    return this.all(name)[0]?.text;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(#x?)?(\w+);/g, (_, numeric: string | undefined, name: string) => {
    if (numeric) return String.fromCodePoint(Number.parseInt(name, numeric === '#x' ? 16 : 10));
    const character = ENTITIES[name];
    if (character === undefined) throw malformedXml();
    return character;
  });
}

/** The error for a body that does not follow the API's schema. */
export function malformedXml(): AwsError {
  return new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}
