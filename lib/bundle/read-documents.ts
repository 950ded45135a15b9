import { basename } from 'node:path';
import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import { policyName } from '../policies/policy-name.ts';
import { attribute, element } from '../xml/grammar/element.ts';
import { readElement } from '../xml/grammar/read-element.ts';
import { text } from '../xml/grammar/value.ts';
import type { XmlElement } from '../xml/tree.ts';
import type { IntegrationEndpoint } from './bundle.ts';
import { descriptorGrammar } from './grammar/descriptor.ts';
import { proxyEndpointGrammar, type ProxyEndpoint } from './grammar/proxy-endpoint.ts';
import { sharedFlowGrammar, type SharedFlow } from './grammar/shared-flow.ts';
import { targetEndpointGrammar, type TargetEndpoint } from './grammar/target-endpoint.ts';
import { sapDescriptor, sapProxyEndpoint, sapTargetEndpoint } from './sap-documents.ts';

/** What a bundle is called. */
export interface Descriptor {
  readonly name: string;
  readonly revision: string;
  readonly location: Location;
}

/** Each reader reports a root element that is not its own, and answers undefined then. */
export function readProxyEndpoint(document: XmlElement, report: Report): ProxyEndpoint | undefined {
  const root = sapProxyEndpoint(document);
  if (!hasRoot(root, 'ProxyEndpoint', report)) return undefined;
  const node = readElement(root, proxyEndpointGrammar, report, 'misplaced');
  return { ...node, type: 'ProxyEndpoint', name: nameOf(root, node.name, report) };
}

export function readTargetEndpoint(
  document: XmlElement,
  report: Report,
): TargetEndpoint | undefined {
  const root = sapTargetEndpoint(document);
  if (!hasRoot(root, 'TargetEndpoint', report)) return undefined;
  const node = readElement(root, targetEndpointGrammar, report, 'misplaced');
  return { ...node, type: 'TargetEndpoint', name: nameOf(root, node.name, report) };
}

export function readSharedFlow(root: XmlElement, report: Report): SharedFlow | undefined {
  if (!hasRoot(root, 'SharedFlow', report)) return undefined;
  const node = readElement(root, sharedFlowGrammar, report, 'misplaced');
  return { ...node, type: 'SharedFlow', name: nameOf(root, node.name, report) };
}

const integrationEndpointGrammar = element({
  doc: 'An integration that a route rule may name.',
  attributes: { name: attribute(text, 'Names the endpoint in the bundle.') },
});

export function readIntegrationEndpoint(
  root: XmlElement,
  report: Report,
): IntegrationEndpoint | undefined {
  if (!hasRoot(root, 'IntegrationEndpoint', report)) return undefined;
  // Its content is the business of the integration platform.
  const { name } = readElement({ ...root, children: [] }, integrationEndpointGrammar, report);
  return { name: nameOf(root, name, report), location: root.location };
}

export function readDescriptor(
  document: XmlElement,
  expected: 'APIProxy' | 'SharedFlowBundle',
  report: Report,
): Descriptor | undefined {
  const root = sapDescriptor(document);
  if (!hasRoot(root, expected, report)) return undefined;
  const node = readElement(root, descriptorGrammar, report, 'misplaced');
  const { majorVersion = '4', minorVersion = '0', location } = node.configurationVersion ?? {};
  if (location !== undefined && `${majorVersion}.${minorVersion}` !== '4.0') {
    const message = `ConfigurationVersion ${majorVersion}.${minorVersion} is not known; the bundle is read as 4.0.`;
    report(
      diagnosticAt(
        location,
        'warning',
        'unknown-version',
        message,
        'Write majorVersion="4" and minorVersion="0".',
      ),
    );
  }
  const { revision } = node;
  return {
    name: nameOf(root, node.name, report),
    revision: revision === undefined || revision === '' ? '1' : revision,
    location: root.location,
  };
}

function hasRoot({ local, location }: XmlElement, expected: string, report: Report): boolean {
  if (local === expected) return true;
  const message = `${local} stands where ${expected} is expected.`;
  const hint = `Make ${expected} the root element, or move the file to where it belongs.`;
  report(diagnosticAt(location, 'error', 'unexpected-root', message, hint));
  return false;
}

function nameOf(root: XmlElement, name: string | undefined, report: Report): string {
  const { local: type, location } = root;
  return policyName(name, basename(location.file), { location, type, report });
}
