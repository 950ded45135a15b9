import { createHash } from 'node:crypto';
import type { Environment } from '../../host/environment.ts';
import { flowValueText } from '../../message/flow-value.ts';
import type { Flow } from '../../variables/flow.ts';
import { variableReference } from '../../variables/flow-variables.ts';

/** Of longer bucket names only the digest is kept. */
const longestName = 300;
/** Proxies whose families are remembered for one policy; a shared flow's policies run in many. */
const mostRemembered = 1_000;

const proxyName = variableReference('apiproxy.name');
const proxyRevision = variableReference('apiproxy.revision');

/** What a policy's counters belong to. */
export interface FamilyOptions {
  /** What the name is the name of, such as `quota`, so that no two kinds share a counter. */
  readonly kind: string;
  readonly name: string;
  /** Counters of a revision end with it; others go on after a deployment. */
  readonly per: 'proxy' | 'revision';
}

/** The family of a policy's counters in the proxy that runs it: of a shared flow, the proxy that called it. */
export function counterFamily({ kind, name, per }: FamilyOptions): (flow: Flow) => string {
  const remembered = new Map<string, string>();
  let environment: Environment | undefined;
  return ({ variables, host }) => {
    if (host.environment !== environment || remembered.size > mostRemembered) {
      environment = host.environment;
      remembered.clear();
    }
    const proxy = flowValueText(proxyName.read(variables));
    const revision = per === 'revision' ? flowValueText(proxyRevision.read(variables)) : '';
    const place = revision === '' ? proxy : `${revision}/${proxy}`;
    const known = remembered.get(place);
    if (known !== undefined) return known;
    const { organization, name: environmentName } = environment;
    const family = JSON.stringify([kind, organization, environmentName, proxy, revision, name]);
    remembered.set(place, family);
    return family;
  };
}

/** A bucket's name for the parts that tell it from others. No two lists of parts have the same name. */
export function bucketName(identifier: string, ...others: readonly string[]): string {
  const name =
    others.length === 0 ? `=${identifier}` : `+${JSON.stringify([identifier, ...others])}`;
  return name.length <= longestName
    ? name
    : `#${createHash('sha256').update(name).digest('base64')}`;
}
