import { knownPolicyTypes } from '../../../lib/policies/known-policy-types.ts';
import type { BundleText, RuntimeCase } from './case.ts';

/** Files by path, as they stand in a bundle's own folder. */
export type FileTexts = Readonly<Record<string, string>>;

/** Every bundle of a case, by name. */
export function bundleTexts(one: RuntimeCase): Readonly<Record<string, BundleText>> {
  const { bundles = {} } = one;
  const hasProxy = Object.values(bundles).some(({ sharedFlow }) => sharedFlow === undefined);
  return hasProxy ? bundles : { p: one, ...bundles };
}

/** The files of a bundle, below `apiproxy` or `sharedflowbundle`. */
export function bundleFiles(name: string, text: BundleText): FileTexts {
  const isShared = text.sharedFlow !== undefined;
  const root = isShared ? 'sharedflowbundle' : 'apiproxy';
  const flows = isShared
    ? { 'sharedflows/default.xml': element('SharedFlow', 'default', text.sharedFlow) }
    : { ...proxyFiles(text), ...targetFiles(text) };
  const files: FileTexts = {
    [`${name}.xml`]: `<${isShared ? 'SharedFlowBundle' : 'APIProxy'} name="${name}" revision="1"/>`,
    ...flows,
    ...policyFiles(text, Object.values(flows).join()),
    ...prefixed('resources/', text.resources ?? {}),
    ...text.files,
  };
  return prefixed(`${root}/`, files);
}

function prefixed(prefix: string, files: FileTexts): FileTexts {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [prefix + path, text]));
}

function element(name: string, own: string, inner = ''): string {
  return inner.trimStart().startsWith(`<${name}`)
    ? inner
    : `<${name} name="${own}">${inner}</${name}>`;
}

/** Unless it says otherwise an endpoint is at /b and goes to the target `default`. */
function proxyFiles({ proxy = '', proxies = { default: proxy } }: BundleText): FileTexts {
  return Object.fromEntries(
    Object.entries(proxies).map(([name, inner]) => {
      const connection = inner.includes('<HTTPProxyConnection')
        ? ''
        : '<HTTPProxyConnection><BasePath>/b</BasePath></HTTPProxyConnection>';
      const route = inner.includes('<RouteRule')
        ? ''
        : '<RouteRule name="default"><TargetEndpoint>default</TargetEndpoint></RouteRule>';
      return [
        `proxies/${name}.xml`,
        element('ProxyEndpoint', name, wholeOr(inner, inner + connection + route)),
      ];
    }),
  );
}

/** Unless it says otherwise a target is http://t.test. */
function targetFiles({ target = '', targets = { default: target } }: BundleText): FileTexts {
  return Object.fromEntries(
    Object.entries(targets).map(([name, inner]) => {
      const connection = inner.includes('TargetConnection')
        ? ''
        : '<HTTPTargetConnection><URL>http://t.test</URL></HTTPTargetConnection>';
      return [
        `targets/${name}.xml`,
        element('TargetEndpoint', name, wholeOr(inner, inner + connection)),
      ];
    }),
  );
}

function wholeOr(text: string, completed: string): string {
  return /^\s*<(Proxy|Target)Endpoint[\s>]/.test(text) ? text : completed;
}

function policyFiles({ policies = {} }: BundleText, flows: string): FileTexts {
  const attached = [...flows.matchAll(/<Name>\s*([^<]*?)\s*<\/Name>/g)].map(
    ([, name = '']) => name,
  );
  const standing = attached.flatMap((name) => {
    if (Object.hasOwn(policies, name)) return [];
    const text = standingPolicy(name);
    return text === undefined ? [] : [[name, text] as const];
  });
  return Object.fromEntries(
    [...standing, ...Object.entries(policies)].map(([name, text]) => [
      `policies/${name}.xml`,
      wholePolicy(name, text),
    ]),
  );
}

/** `RF` raises a fault, and a name of letters that starts small is a marker: it adds itself to `trace`. */
function standingPolicy(name: string): string | undefined {
  if (name === 'RF') {
    return '<RaiseFault name="RF"><FaultResponse><Set><Payload contentType="text/plain">rf</Payload><StatusCode>400</StatusCode></Set></FaultResponse></RaiseFault>';
  }
  if (!/^[a-z][A-Za-z]*$/.test(name)) return undefined;
  return `<AssignMessage name="${name}"><AssignVariable><Name>trace</Name><Template>{trace} ${name}</Template></AssignVariable><IgnoreUnresolvedVariables>true</IgnoreUnresolvedVariables></AssignMessage>`;
}

function wholePolicy(name: string, text: string): string {
  const root = /^\s*<(\w+)/.exec(text)?.[1];
  return root !== undefined && knownPolicyTypes.has(root)
    ? text
    : `<AssignMessage name="${name}">${text}</AssignMessage>`;
}
