import type { Diagnostic, Severity } from '../../lib/diagnostic/diagnostic.ts';

/** Texts of files by path. */
export type Documents = Readonly<Record<string, string>>;

/** Documents of an API proxy by path below `apiproxy`; what is left out is filled in, so that it deploys. */
export function proxyFiles(documents: Documents = {}): Documents {
  const filled: Documents = {
    'p.xml': '<APIProxy name="p" revision="2"/>',
    'proxies/default.xml': proxyEndpoint(''),
    ...documents,
  };
  return below('apiproxy', filled);
}

export function sharedFlowFiles(name: string, documents: Documents = {}): Documents {
  return below('sharedflowbundle', {
    [`${name}.xml`]: `<SharedFlowBundle name="${name}"/>`,
    'sharedflows/default.xml': '<SharedFlow name="default"/>',
    ...documents,
  });
}

export function below(folder: string, files: Documents): Documents {
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]),
  );
}

/** A sound proxy endpoint with more in it. */
export function proxyEndpoint(more: string, basePath = '/p'): string {
  return `<ProxyEndpoint name="default"><HTTPProxyConnection><BasePath>${basePath}</BasePath></HTTPProxyConnection>${more}<RouteRule name="none"/></ProxyEndpoint>`;
}

/** A sound proxy endpoint whose requests go to the target endpoint `t`, which holds what is given. */
export function withTarget(inTarget: string): Documents {
  const route = '<RouteRule name="t"><TargetEndpoint>t</TargetEndpoint></RouteRule>';
  return {
    'proxies/default.xml': proxyEndpoint('').replace('<RouteRule name="none"/>', route),
    'targets/t.xml': `<TargetEndpoint name="t">${inTarget}</TargetEndpoint>`,
  };
}

/** `severity code` of each finding; what only says that a policy type does not run yet is left out. */
export function findings(diagnostics: readonly Diagnostic[]): readonly string[] {
  return relevant(diagnostics).map(({ severity, code }) => `${severity} ${code}`);
}

export function relevant(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter(({ code }) => code !== 'unsupported-policy');
}

export function ofSeverity(
  diagnostics: readonly Diagnostic[],
  severity: Severity,
): readonly Diagnostic[] {
  return diagnostics.filter((diagnostic) => diagnostic.severity === severity);
}
