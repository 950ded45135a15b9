import { sslInfo } from '../../connection/grammar/ssl-info.ts';
import { logLevels } from '../../message-log/message-log.ts';
import {
  attribute,
  element,
  ignored,
  leaf,
  many,
  optional,
  type NodeOf,
} from '../../xml/grammar/element.ts';
import { boolean, integer, oneOf, template, text } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

const message = element({
  doc: 'What is logged; a message template.',
  attributes: {
    contentType: attribute(text, 'application/json: an object becomes fields of the entry.', ''),
  },
  text: template,
});

const syslog = element({
  doc: 'Sends the message to a syslog server.',
  children: {
    message: optional('Message', message),
    host: optional('Host', leaf(template, 'Name or address; localhost unless given.')),
    port: optional('Port', leaf(text, 'Port; 514 unless given.')),
    protocol: optional('Protocol', leaf(text, 'UDP, the default, or TCP.')),
    formatMessage: optional(
      'FormatMessage',
      leaf(boolean, 'The header of RFC 5424 stands before the message with either value.'),
    ),
    payloadOnly: optional(
      'PayloadOnly',
      leaf(boolean, 'true: the message alone is sent, without a header.'),
    ),
    dateFormat: optional(
      'DateFormat',
      leaf(
        text,
        "Java's pattern of the time in the header; yyyy-MM-dd'T'HH:mm:ss.SSSZ unless given.",
      ),
    ),
    sslInfo: optional('SSLInfo', sslInfo),
  },
});

const cloudLogging = element({
  doc: "Writes to Google's Cloud Logging.",
  children: {
    logName: optional('LogName', leaf(template, 'projects/PROJECT/logs/LOG; a message template.')),
    message: optional('Message', message),
    labels: optional(
      'Labels',
      element({
        doc: 'Labels of the entry.',
        children: {
          label: many(
            'Label',
            element({
              doc: 'One label.',
              children: {
                key: optional('Key', leaf(template, 'Its key; a message template.')),
                value: optional('Value', leaf(template, 'Its value; a message template.')),
              },
            }),
          ),
        },
      }),
    ),
    resourceType: optional(
      'ResourceType',
      leaf(text, 'Type of the monitored resource; global unless given.'),
    ),
  },
});

const file = element({
  doc: 'Appends the message to a file, a line for each; Apigee for private clouds only.',
  children: {
    message: optional('Message', message),
    fileName: optional('FileName', leaf(template, 'Name of the file, without a folder.')),
    rotation: optional(
      'FileRotationOptions',
      element({
        doc: 'When a new file is begun.',
        attributes: {
          rotateFileOnStartup: attribute(boolean, 'true: also at the start.', false),
        },
        children: {
          type: optional(
            'FileRotationType',
            leaf(oneOf('SIZE', 'TIME', 'TIME_SIZE'), 'What is looked at; SIZE unless given.'),
          ),
          maxSize: optional('MaxFileSizeInMB', leaf(integer, 'Size of a file; 10 unless given.')),
          maxFiles: optional(
            'MaxFilesToRetain',
            leaf(integer, 'Files that are kept beside the current one; 5 unless given.'),
          ),
          frequency: optional(
            'RotationFrequency',
            element({
              doc: 'Time that a file is written to; 1 unless given.',
              attributes: {
                unit: attribute(oneOf('minute', 'hour', 'day'), 'Its unit.', 'hour'),
              },
              text: integer,
            }),
          ),
        },
      }),
    ),
  },
});

/** Grammar of MessageLogging ("MessageLogging policy"). */
export const messageLoggingGrammar = policyElement(
  'Logs a message, mostly after the client has its response.',
  {
    syslog: optional('Syslog', syslog),
    cloudLogging: optional('CloudLogging', cloudLogging),
    file: optional('File', file),
    logLevel: optional(
      ['logLevel', 'LogLevel'],
      leaf(oneOf(...logLevels), 'Severity of the entry; INFO unless given.'),
    ),
    ignoreUnresolvedVariables: optional(
      'IgnoreUnresolvedVariables',
      leaf(boolean, 'false: an unresolved variable is a fault; true, the default: empty text.'),
    ),
    bufferMessage: ignored('BufferMessage', 'Has no effect: a message is always held in full.'),
    unused: ignored('Properties', 'Present in old bundles; not used.'),
  },
);

export type MessageLoggingPolicy = PolicyNode<'MessageLogging', typeof messageLoggingGrammar>;
export type MessageNode = NodeOf<typeof message>;
export type SyslogNode = NodeOf<typeof syslog>;
export type CloudLoggingNode = NodeOf<typeof cloudLogging>;
export type FileNode = NodeOf<typeof file>;
