import type { Diagnostic } from '../../lib/diagnostic/diagnostic.ts';
import { defaultXmlLimits, type XmlLimits } from '../../lib/xml/limits.ts';
import { readXml } from '../../lib/xml/read.ts';
import type { XmlElement, XmlNode } from '../../lib/xml/tree.ts';

export interface Reading {
  readonly root: XmlElement | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export function reading(source: string | Uint8Array, limits: Partial<XmlLimits> = {}): Reading {
  const diagnostics: Diagnostic[] = [];
  const root = readXml(source, {
    file: 'policy.xml',
    report: (diagnostic) => diagnostics.push(diagnostic),
    limits: { ...defaultXmlLimits, ...limits },
  });
  return { root, diagnostics };
}

/** The root of a document that must be read without any finding. */
export function rootOf(source: string | Uint8Array): XmlElement {
  const { root, diagnostics } = reading(source);
  if (root === undefined || diagnostics.length > 0) {
    throw new Error(`expected a sound document, got ${JSON.stringify(diagnostics)}`);
  }
  return root;
}

/** `code line:column` of every finding. */
export function places(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, line, column }) => `${code} ${line}:${column}`);
}

export type Shape =
  | { readonly cdata: string }
  | { readonly text: string }
  | {
      readonly name: string;
      readonly attributes: readonly (readonly [name: string, value: string])[];
      readonly children: readonly Shape[];
    };

/** What a tree says, without its places, for comparison. */
export function shapeOf(node: XmlNode): Shape {
  if (node.kind !== 'element') {
    return node.kind === 'text' ? { text: node.value } : { cdata: node.value };
  }
  return {
    name: `{${node.namespace}}${node.prefix}:${node.local}`,
    attributes: node.attributes.map(
      ({ namespace, prefix, local, value }) => [`{${namespace}}${prefix}:${local}`, value] as const,
    ),
    children: node.children.map(shapeOf),
  };
}
