import type { Report } from '../../diagnostic/diagnostic.ts';
import { compilePolicy } from '../../policies/compile-policy.ts';
import type { PolicyResources } from '../../policies/policy-type.ts';
import { unavailableServices } from '../../policies/unavailable-services.ts';
import type { Check } from './check-context.ts';

/**
 * What compiling a policy finds: its templates and resource files, and the servers it names if an
 * environment is known.
 */
export const checkPolicies: Check = ({ bundle, environment, report }) => {
  const resources: PolicyResources = {
    read: (url) => bundle.resources.get(url)?.bytes ?? environment?.resources?.get(url),
    place: (url) => bundle.resources.get(url)?.file,
  };
  // A missing file is told of by checkResources, for every type of policy.
  const reportFinding: Report = (finding) => {
    if (finding.code !== 'NoResourceForURL') report(finding);
  };
  for (const document of bundle.policies.values()) {
    if (document.kind === 'unsupported') continue;
    compilePolicy(document.policy, {
      report: reportFinding,
      environment,
      identity: 'service-account',
      services: unavailableServices,
      resources,
    });
  }
};
