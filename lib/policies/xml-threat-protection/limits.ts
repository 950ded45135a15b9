import type { XmlThreatProtectionPolicy } from './grammar.ts';

/** A bound, Infinity where there is none, and what a message calls it. */
export interface Limit {
  readonly most: number;
  readonly called: string;
}

/** Bounds on an XML document. Lengths count UTF-16 units. */
export interface XmlThreatLimits {
  readonly elementName: Limit;
  readonly attributeName: Limit;
  readonly prefix: Limit;
  readonly target: Limit;
  readonly depth: Limit;
  readonly attributes: Limit;
  readonly namespaces: Limit;
  readonly children: Limit;
  /** Kinds of nodes that count as children. */
  readonly counted: Readonly<Record<ChildKind, boolean>>;
  readonly text: Limit;
  readonly attributeValue: Limit;
  readonly namespaceUri: Limit;
  readonly comment: Limit;
  readonly data: Limit;
}

export type ChildKind = 'comment' | 'element' | 'instruction' | 'text';

type LimitNode = { readonly value: number | undefined } | undefined;

function limit(called: string, node: LimitNode): Limit {
  const most = node?.value ?? -1;
  return { most: most < 0 ? Infinity : most, called };
}

/** The limits of a policy, named as its messages name them. */
export function xmlThreatLimits(policy: XmlThreatProtectionPolicy): XmlThreatLimits {
  const { nameLimits: names, structureLimits: structure, valueLimits: values } = policy;
  const children = structure?.childCount;
  return {
    elementName: limit('Element name length', names?.element),
    attributeName: limit('Attribute name length', names?.attribute),
    prefix: limit('Namespace prefix length', names?.namespacePrefix),
    target: limit('Processing Instruction target length', names?.processingInstructionTarget),
    depth: limit('Node depth', structure?.nodeDepth),
    attributes: limit('Attribute count', structure?.attributeCountPerElement),
    namespaces: limit('Namespace count', structure?.namespaceCountPerElement),
    children: limit('Children count', children),
    counted: {
      comment: children?.includeComment !== false,
      element: children?.includeElement !== false,
      instruction: children?.includeProcessingInstruction !== false,
      text: children?.includeText !== false,
    },
    text: limit('Text length', values?.text),
    attributeValue: limit('Attribute value length', values?.attribute),
    namespaceUri: limit('Namespace uri length', values?.namespaceUri),
    comment: limit('Comment length', values?.comment),
    data: limit('Processing Instruction data length', values?.processingInstructionData),
  };
}
