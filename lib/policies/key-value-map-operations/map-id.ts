import type { Environment } from '../../host/environment.ts';
import type { MapId } from '../../state/key-value-maps.ts';

/** What runs, as far as it says which map of a name is meant. */
export interface Surroundings {
  readonly environment: Pick<Environment, 'name' | 'organization'>;
  readonly proxy: string;
  readonly policy: string;
}

/** The map that a name means. A proxy's map is the same in every environment, as in Apigee. */
export function mapIn(
  scope: MapId['scope'],
  name: string,
  { environment, proxy, policy }: Surroundings,
): MapId {
  const { organization } = environment;
  switch (scope) {
    case 'organization':
      return { scope, owner: [organization], name };
    case 'environment':
      return { scope, owner: [organization, environment.name], name };
    case 'apiproxy':
      return { scope, owner: [organization, proxy], name };
    case 'policy':
      return { scope, owner: [organization, environment.name, proxy, policy], name };
  }
}
