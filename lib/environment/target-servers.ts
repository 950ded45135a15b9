import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import type { TargetServer, TargetServerTls } from '../host/environment.ts';
import { expectMap, fieldsOf, namedItems, type Fields, type Named } from './fields.ts';
import type { LocatedValue } from './located-value.ts';

/** Whether fields that mean nothing are worth a warning; Apigee's own exports carry many. */
export type UnknownFields = 'warn' | 'ignore';

/** Reads a list of TargetServer entities, or an object of them keyed by name, into `servers`. */
export function readTargetServers(
  value: LocatedValue,
  servers: Map<string, TargetServer>,
  unknown: UnknownFields,
  report: Report,
): void {
  for (const item of namedItems(value, 'The target servers', report)) {
    const server = readTargetServer(item, unknown, report);
    if (server === undefined) continue;
    if (servers.has(server.name)) {
      const message = `The target server "${server.name}" is given twice; this one wins.`;
      report(
        diagnosticAt(item.location, 'warning', 'duplicate-target-server', message, 'Remove one.'),
      );
    }
    servers.set(server.name, server);
  }
}

function readTargetServer(
  item: Named,
  unknown: UnknownFields,
  report: Report,
): TargetServer | undefined {
  const map = expectMap(item.value, 'A target server', report);
  if (map === undefined) return undefined;
  const fields = fieldsOf(map, report);
  const given = fields.text('name');
  const name = item.name ?? given;
  const host = fields.text('host')?.trim();
  const port = readPort(fields, report);
  const isEnabled = fields.flag('isEnabled', 'enabled') ?? true;
  const protocol = (fields.text('protocol') ?? 'HTTP').toUpperCase();
  fields.text('description');
  const block = fields.entry('sSLInfo', 'tls', 'tlsInfo');
  const tls = block === undefined ? undefined : readTls(block.value, unknown, report);
  if (unknown === 'warn') fields.warnOfOthers();

  if (name === undefined || name === '') {
    report(missing(fields, 'A target server needs a name.', 'Add "name".'));
    return undefined;
  }
  if (host === undefined || host === '') {
    report(missing(fields, `The target server "${name}" needs a host.`, 'Add "host".'));
    return undefined;
  }
  // A host with a scheme, a port or a path would be joined into another URL than the one meant.
  if (/[/?#@\\\s]/.test(host) || (/:\d*$/.test(host) && !/:.*:/.test(host))) {
    const location = fields.entry('host')?.value.location ?? fields.location;
    const message = `The host "${host}" of target server "${name}" is not a plain host name.`;
    const hint = 'Give the name or address alone; scheme, port and path go elsewhere.';
    report(diagnosticAt(location, 'error', 'invalid-host', message, hint));
    return undefined;
  }
  return {
    name,
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port: port ?? (tls?.enabled === true ? 443 : 80),
    isEnabled,
    protocol,
    ...(tls === undefined ? {} : { tls }),
  };
}

function readPort(fields: Fields, report: Report): number | undefined {
  const port = fields.whole('port');
  if (port === undefined || (port >= 1 && port <= 65_535)) return port;
  const location = fields.entry('port')?.value.location ?? fields.location;
  const message = `${port} is not a port.`;
  report(diagnosticAt(location, 'error', 'invalid-port', message, 'Give 1 to 65535.'));
  return undefined;
}

function readTls(
  value: LocatedValue,
  unknown: UnknownFields,
  report: Report,
): TargetServerTls | undefined {
  const map = expectMap(value, 'The TLS block of a target server', report);
  if (map === undefined) return undefined;
  const fields = fieldsOf(map, report);
  const keyStore = nonEmpty(fields.text('keyStore'));
  const keyAlias = nonEmpty(fields.text('keyAlias'));
  const trustStore = nonEmpty(fields.text('trustStore'));
  const common = readCommonName(fields, report);
  const tls: TargetServerTls = {
    enabled: fields.flag('enabled') ?? false,
    enforce: fields.flag('enforce') ?? false,
    clientAuthEnabled: fields.flag('clientAuthEnabled') ?? false,
    ...(keyStore === undefined ? {} : { keyStore }),
    ...(keyAlias === undefined ? {} : { keyAlias }),
    ...(trustStore === undefined ? {} : { trustStore }),
    ignoreValidationErrors: fields.flag('ignoreValidationErrors') ?? false,
    ciphers: fields.texts('ciphers', 'cipher'),
    protocols: fields.texts('protocols', 'protocol'),
    ...(common?.name === undefined ? {} : { commonName: common.name }),
    commonNameWildcard: common?.wildcard ?? false,
  };
  if (unknown === 'warn') fields.warnOfOthers();
  return tls;
}

/** A text, or the management API's object `{ value, wildcardMatch }`. */
function readCommonName(
  fields: Fields,
  report: Report,
): { readonly name: string | undefined; readonly wildcard: boolean } | undefined {
  const beside = fields.flag('commonNameWildcard') ?? false;
  const entry = fields.entry('commonName');
  if (entry?.value.kind !== 'map') {
    return { name: nonEmpty(fields.text('commonName')), wildcard: beside };
  }
  const inner = fieldsOf(entry.value, report);
  return {
    name: nonEmpty(inner.text('value', 'name')),
    wildcard: inner.flag('wildcardMatch', 'wildcard') ?? beside,
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}

function missing(fields: Fields, message: string, hint: string) {
  return diagnosticAt(fields.location, 'error', 'missing-field', message, hint);
}
