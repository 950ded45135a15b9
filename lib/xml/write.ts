import type { XmlNode } from './tree.ts';
/** CONTRACT SKETCH: the xml room replaces this. */
export declare function writeXml(nodes: readonly XmlNode[]): string;
