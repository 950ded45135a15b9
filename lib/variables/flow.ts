import type { Host } from '../host/host.ts';
import type { FlowVariables } from './flow-variables.ts';

/** The state of one transaction. */
export interface Flow {
  readonly variables: FlowVariables;
  readonly host: Host;
}
