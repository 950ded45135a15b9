import type { Entity } from '../../entities/entities.ts';

const roots: Readonly<Record<string, string>> = {
  apiproduct: 'ApiProduct',
  app: 'App',
  authorizationcode: 'AuthorizationCode',
  company: 'Company',
  companydeveloper: 'CompanyDeveloper',
  consumerkey: 'ConsumerKey',
  consumerkey_scope: 'ConsumerKeyScope',
  developer: 'Developer',
  requesttoken: 'RequestToken',
  verifier: 'Verifier',
};

/** Entity types that Apigee knows ("AccessEntity policy"). */
export function isEntityType(type: string): boolean {
  return Object.hasOwn(roots, type);
}

/** Levels of an entity; a deeper one is cut off, since no entity has as many. */
const deepest = 20;

/** An entity as the XML that `/App/Credentials/Credential[1]/ConsumerSecret` reads. */
export function profileXml(type: string, entity: Entity): string {
  return element(roots[type] ?? 'Entity', entity, 0);
}

function element(name: string, value: unknown, depth: number): string {
  return `<${name}>${depth > deepest ? '' : content(name, value, depth)}</${name}>`;
}

function content(name: string, value: unknown, depth: number): string {
  if (Array.isArray(value)) {
    const one = singular(name);
    return value.map((item) => element(one, item, depth + 1)).join('');
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .filter(([key, part]) => part !== undefined && /^[A-Za-z_][\w.-]*$/.test(key))
      .map(([key, part]) => element(capitalised(key), part, depth + 1))
      .join('');
  }
  return scalar(value);
}

function scalar(value: unknown): string {
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value.toString();
  return '';
}

/** What XML cannot hold at all is left out. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function capitalised(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}

/** Companies, Credentials, Apps, Scopes. */
function singular(name: string): string {
  if (name.endsWith('ies')) return `${name.slice(0, -3)}y`;
  return name.endsWith('s') ? name.slice(0, -1) : 'Item';
}
