import { attribute, element, leaf, many, optional } from '../../xml/grammar/element.ts';
import { boolean, integer, text } from '../../xml/grammar/value.ts';

const header = element({
  doc: 'A header.',
  attributes: { name: attribute(text, 'Name of the header.', '') },
  text,
});

const responseCode = leaf(integer, 'A status code.');
const connectTimeout = leaf(integer, 'Seconds to connect.');
const port = leaf(integer, "Port; the server's own unless given.");

const request = element({
  doc: 'The request of a probe.',
  children: {
    connectTimeoutInSec: optional('ConnectTimeoutInSec', connectTimeout),
    socketReadTimeoutInSec: optional(
      'SocketReadTimeoutInSec',
      leaf(integer, 'Seconds without a byte; 0 means 30.'),
    ),
    port: optional('Port', port),
    verb: optional('Verb', leaf(text, 'Method.')),
    path: optional('Path', leaf(text, 'Path, without variables.')),
    payload: optional('Payload', leaf(text, 'Body.')),
    header: many('Header', header),
    isSsl: optional('IsSSL', leaf(boolean, 'Uses https.')),
    trustAllSsl: optional('TrustAllSSL', leaf(boolean, 'Accepts any certificate.')),
    useTargetServerSslInfo: optional(
      'UseTargetServerSSLInfo',
      leaf(boolean, "Uses the target server's TLS settings."),
    ),
    includeHealthCheckIdHeader: optional(
      'IncludeHealthCheckIdHeader',
      leaf(boolean, 'Adds the header X-Apigee-Healthcheck-Id.'),
    ),
  },
});

export const healthMonitor = element({
  doc: 'Probes target servers. Works for target endpoints; a callout reads it and never probes.',
  children: {
    isEnabled: optional('IsEnabled', leaf(boolean, 'Switches the monitor on.')),
    intervalInSec: optional('IntervalInSec', leaf(integer, 'Seconds between two probes.')),
    tcpMonitor: optional(
      'TCPMonitor',
      element({
        doc: 'Probes by connecting.',
        children: {
          connectTimeoutInSec: optional('ConnectTimeoutInSec', connectTimeout),
          port: optional('Port', port),
        },
      }),
    ),
    httpMonitor: optional(
      'HTTPMonitor',
      element({
        doc: 'Probes by a request.',
        children: {
          request: optional('Request', request),
          successResponse: optional(
            'SuccessResponse',
            element({
              doc: 'What a healthy server answers.',
              children: {
                responseCode: many('ResponseCode', responseCode),
                header: many('Header', header),
              },
            }),
          ),
        },
      }),
    ),
  },
});
