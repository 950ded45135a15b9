import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import type { CollectNode, DataCapturePolicy } from './grammar.ts';

/** The deployment's rules ("DataCapture policy", deployment errors). */
export function checkDataCapture({ name, capture }: DataCapturePolicy, report: Report): void {
  const tell = (place: Location, message: string, hint: string): void => {
    report(
      diagnosticAt(
        place,
        'error',
        'DeploymentAssertionError',
        `DataCapture[${name}]: ${message}`,
        hint,
      ),
    );
  };
  const collectors = new Set<string>();
  for (const { dataCollector, collect, location } of capture) {
    const collector = dataCollector?.value ?? '';
    if (collector === '') {
      tell(location, 'the DataCollector is missing.', 'Name the data collector.');
    } else if (collectors.has(collector)) {
      tell(location, `${collector} is captured twice.`, 'Leave one Capture for it.');
    }
    collectors.add(collector);
    if (collect === undefined) {
      tell(location, 'the Collect is missing.', 'Add a Collect with a ref, or with a pattern.');
    } else if (placesOf(collect) !== 1) {
      const message = 'Collect needs exactly one place to take the value from.';
      tell(
        collect.location,
        message,
        'Write a ref, or one of URIPath, QueryParam, Header, FormParam, JSONPayload, XMLPayload.',
      );
    }
  }
}

function placesOf(node: CollectNode): number {
  const { ref, uriPath, queryParam, header, formParam, jsonPayload, xmlPayload } = node;
  const parts = [uriPath, queryParam, header, formParam, jsonPayload, xmlPayload];
  return parts.filter((part) => part !== undefined).length + (ref === '' ? 0 : 1);
}
