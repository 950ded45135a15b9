import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import { wholeNumber } from '../../xml/grammar/value.ts';
import type { CloudLoggingNode, FileNode, MessageLoggingPolicy, SyslogNode } from './grammar.ts';

type Tell = (
  severity: 'error' | 'warning',
  place: Location,
  wording: readonly [code: string, message: string, hint: string],
) => void;

/** The deployment's rules ("MessageLogging policy", deployment errors). */
export function checkMessageLogging(
  { name, syslog, cloudLogging, file, location }: MessageLoggingPolicy,
  report: Report,
): void {
  const tell: Tell = (severity, place, [code, message, hint]) => {
    report(diagnosticAt(place, severity, code, `MessageLogging[${name}]: ${message}`, hint));
  };
  if (syslog === undefined && cloudLogging === undefined && file === undefined) {
    tell('warning', location, [
      'no-log-destination',
      'nothing is logged.',
      'Add Syslog, CloudLogging or File.',
    ]);
  }
  for (const node of [syslog, cloudLogging, file]) {
    if (node === undefined || (node.message?.value ?? '') !== '') continue;
    tell('error', node.location, ['missing-message', 'the Message is missing.', 'Add a Message.']);
  }
  if (syslog !== undefined) checkSyslog(syslog, tell);
  if (cloudLogging !== undefined) checkCloudLogging(cloudLogging, tell);
  if (file !== undefined) checkFile(file, tell);
}

function checkSyslog({ host, port, protocol, sslInfo }: SyslogNode, tell: Tell): void {
  const name = host?.value ?? '';
  if (host !== undefined && !name.includes('{') && !/^[\w.:%-]*$/.test(name)) {
    tell('error', host.textLocation, [
      'InvalidHostName',
      `"${name}" is no host name.`,
      'Write a name or an address, without scheme and port.',
    ]);
  }
  if (port !== undefined && portOf(port.value) === undefined) {
    tell('error', port.textLocation, [
      'InvalidPort',
      `"${port.value ?? ''}" is no port.`,
      'Write a number from 1 to 65535.',
    ]);
  }
  const word = protocol?.value?.toUpperCase() ?? '';
  if (protocol !== undefined && !['', 'UDP', 'TCP'].includes(word)) {
    tell('error', protocol.textLocation, [
      'InvalidProtocol',
      `"${protocol.value ?? ''}" is no protocol of syslog.`,
      'Write UDP or TCP; for TLS write TCP and add SSLInfo.',
    ]);
  }
  if (sslInfo?.enabled?.value?.toLowerCase() === 'true' && word !== 'TCP') {
    tell('warning', sslInfo.location, [
      'tls-needs-tcp',
      'TLS needs TCP, which is used instead of UDP.',
      'Set Protocol to TCP.',
    ]);
  }
}

function checkCloudLogging({ logName, message, location }: CloudLoggingNode, tell: Tell): void {
  if ((logName?.value ?? '') === '') {
    tell('error', location, [
      'missing-log-name',
      'the LogName is missing.',
      'Write projects/PROJECT/logs/LOG.',
    ]);
  }
  if (message?.contentType === '') {
    tell('warning', message.location, [
      'missing-content-type',
      'the Message has no contentType and is logged as text.',
      'Write contentType="text/plain" or "application/json".',
    ]);
  }
}

function checkFile({ fileName, location }: FileNode, tell: Tell): void {
  if ((fileName?.value ?? '') === '') {
    tell('error', location, ['missing-file-name', 'the FileName is missing.', 'Name the file.']);
  }
}

/** The port of a text; 514 for an empty one, undefined for one that names none. */
export function portOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return 514;
  const port = wholeNumber(text);
  return port !== undefined && port >= 1 && port <= 65_535 ? port : undefined;
}
