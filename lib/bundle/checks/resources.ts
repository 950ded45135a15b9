import { error, warn, type Check } from './check-context.ts';

/** Types of resources that a policy names by URL. Others are read by name, or for people only. */
const namedByPolicies: ReadonlySet<string> = new Set([
  'graphql',
  'java',
  'jsc',
  'oas',
  'py',
  'wsdl',
  'xsd',
  'xsl',
]);

/** Types whose files may be needed by other files, which nobody can tell from the bundle. */
const mayBeIncluded: ReadonlySet<string> = new Set(['java', 'wsdl', 'xsd']);

/** Every resource that a policy names is there, and every resource is named. */
export const checkResources: Check = ({ bundle, environment, hosted, report }) => {
  const used = new Set<string>();
  for (const [name, document] of bundle.policies) {
    for (const reference of document.references) {
      if (reference.kind !== 'resource') continue;
      const { url, location } = reference;
      used.add(url);
      const type = url.split('://', 1)[0] ?? '';
      if (!url.includes('://') || !namedByPolicies.has(type)) continue;
      // The host's implementation stands for the jar or script.
      if (document.kind === 'unsupported' && hosted.has(document.type)) continue;
      if (bundle.resources.has(url) || environment?.resources?.has(url) === true) continue;
      error(
        location,
        {
          code: 'resource-not-found',
          message: `Resource ${url} referenced in policy ${name} not found`,
          hint: `Add the file resources/${url.replace('://', '/')}, or mend the URL.`,
        },
        report,
      );
    }
  }
  // A policy that cannot be read may name the resource.
  if (bundle.broken.size > 0) return;
  for (const { url, type, file } of bundle.resources.values()) {
    if (used.has(url) || !namedByPolicies.has(type) || mayBeIncluded.has(type)) continue;
    const message = `No policy uses the resource ${url}.`;
    const hint = 'Name it in a policy, or remove the file.';
    warn({ file, line: 1, column: 1 }, { code: 'resource-not-used', message, hint }, report);
  }
};
