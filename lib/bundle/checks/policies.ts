import { compilePolicy } from '../../policies/compile-policy.ts';
import { unavailableServices } from '../../policies/unavailable-services.ts';
import type { Check } from './check-context.ts';

/**
 * What compiling a policy finds: its templates and resource files, and the servers it names if an
 * environment is known.
 */
export const checkPolicies: Check = ({ bundle, environment, report }) => {
  for (const document of bundle.policies.values()) {
    if (document.kind === 'unsupported') continue;
    compilePolicy(document.policy, {
      report,
      environment,
      identity: 'service-account',
      services: unavailableServices,
      resources: {
        read: (url) => bundle.resources.get(url)?.bytes ?? environment?.resources?.get(url),
      },
    });
  }
};
