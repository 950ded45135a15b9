import type { Bundle, SharedFlow } from '../bundle.ts';
import { error, warn, type Check } from './check-context.ts';

/** A shared flow bundle has a flow to start with. */
export const checkSharedFlows: Check = ({ bundle, report }) => {
  if (bundle.kind !== 'sharedflowbundle' || bundle.broken.size > 0) return;
  if (bundle.sharedFlows.size === 0) {
    error(
      bundle.location,
      {
        code: 'shared-flows-missing',
        message: 'Required folder "sharedflows" not found.',
        hint: 'Add a file with a SharedFlow to the folder sharedflows.',
      },
      report,
    );
  } else if (entryFlow(bundle) === undefined) {
    warn(
      bundle.location,
      {
        code: 'no-default-shared-flow',
        message: 'The bundle has several shared flows and none is named default; it runs nothing.',
        hint: 'Name the one to run default.',
      },
      report,
    );
  }
};

/** The flow that a call of the bundle runs: the one named `default`, or else the only one. */
function entryFlow({ sharedFlows }: Pick<Bundle, 'sharedFlows'>): SharedFlow | undefined {
  const [only, ...others] = sharedFlows.values();
  return sharedFlows.get('default') ?? (others.length === 0 ? only : undefined);
}
