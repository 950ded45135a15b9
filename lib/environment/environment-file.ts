import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import { fieldsOf } from './fields.ts';
import { storeReading, type GrowingEnvironment } from './growing-environment.ts';
import { readKeyValueMaps, type MapOwner } from './key-value-maps.ts';
import type { LocatedMap } from './located-value.ts';
import type { PemFolder } from './pem.ts';
import { readReferences } from './references.ts';
import { readStores } from './stores.ts';
import { readTargetServers } from './target-servers.ts';

/**
 * Reads an environment file of our own (schemas/environment.schema.json). Everything in it was written
 * for this program, so unknown fields warn and unusable certificates are errors.
 */
export async function readEnvironmentFile(
  map: LocatedMap,
  environment: GrowingEnvironment,
  pem: PemFolder,
  report: Report,
): Promise<void> {
  const fields = fieldsOf(map, report);
  environment.name = fields.text('name') ?? environment.name;
  environment.organization = fields.text('organization');
  environment.serviceAccount = fields.text('serviceAccount');
  environment.enforceTls = fields.flag('enforceTls');
  environment.forwardProxy = fields.text('forwardProxy');
  fields.text('$schema');
  const forwardProxy = fields.entry('forwardProxy');
  if (forwardProxy !== undefined && !isHostAndPort(environment.forwardProxy ?? '')) {
    const message = '"forwardProxy" must be HOST:PORT.';
    const { location } = forwardProxy.value;
    report(
      diagnosticAt(location, 'error', 'invalid-value', message, 'Write e.g. proxy.local:3128.'),
    );
  }

  const targetServers = fields.entry('targetServers');
  if (targetServers !== undefined) {
    readTargetServers(targetServers.value, environment.targetServers, 'warn', report);
  }
  const reading = storeReading(environment, pem, 'error', report);
  for (const stores of [fields.entry('keyStores'), fields.entry('trustStores')]) {
    if (stores !== undefined) await readStores(stores.value, reading);
  }
  const references = fields.entry('references');
  if (references !== undefined) readReferences(references.value, environment.references, report);
  const maps = fields.entry('keyValueMaps');
  if (maps !== undefined) {
    const owner: MapOwner = { scope: 'environment', environment: environment.name };
    readKeyValueMaps(maps.value, owner, environment.keyValueMaps, report);
  }
  fields.warnOfOthers();
}

function isHostAndPort(text: string): boolean {
  const port = /^(?:[\w.-]+|\[[\da-f:.]+\]):(\d{1,5})$/i.exec(text)?.[1];
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535;
}
