import { attribute, element, ignored, leaf, many, optional } from '../../xml/grammar/element.ts';
import { boolean, template, text } from '../../xml/grammar/value.ts';

export const sslInfo = element({
  doc: 'TLS towards the service ("API proxy configuration reference", TLS/SSL). An http URL ignores it.',
  children: {
    enabled: optional(
      'Enabled',
      leaf(template, 'Switches the block on; the scheme of a URL decides over it.'),
    ),
    enforce: optional(
      'Enforce',
      leaf(boolean, 'Fails on any certificate error, over IgnoreValidationErrors.'),
    ),
    clientAuthEnabled: optional(
      'ClientAuthEnabled',
      leaf(template, 'Shows a client certificate; needs KeyStore and KeyAlias.'),
    ),
    keyStore: optional('KeyStore', leaf(template, 'Key store: a name, ref://NAME, or a template.')),
    keyAlias: optional('KeyAlias', leaf(template, 'Alias of the key in the key store.')),
    trustStore: optional(
      'TrustStore',
      leaf(template, 'Trust store: a name, ref://NAME, or a template.'),
    ),
    ignoreValidationErrors: optional(
      'IgnoreValidationErrors',
      leaf(boolean, 'Accepts invalid certificates unless Enforce is true.'),
    ),
    ciphers: optional(
      'Ciphers',
      element({
        doc: 'Cipher suites that may be used; none listed means all.',
        children: { cipher: many('Cipher', leaf(text, 'Name of a cipher suite.')) },
      }),
    ),
    protocols: optional(
      'Protocols',
      element({
        doc: 'TLS versions that may be used; none listed means all.',
        children: { protocol: many('Protocol', leaf(text, 'A TLS version, such as TLSv1.2.')) },
      }),
    ),
    commonName: optional(
      'CommonName',
      element({
        doc: "Name that the certificate's subject or alternative names must hold.",
        attributes: { wildcardMatch: attribute(boolean, 'Lets wildcards match.', false) },
        text,
      }),
    ),
    // The documentation's template page spells it CLRStore, the schema CRLStore.
    crlStore: optional(['CRLStore', 'CLRStore'], leaf(template, 'Read for old bundles; not used.')),
    old: ignored(['CertAlias', 'KeyHsm'], 'Read for old bundles; not used.'),
  },
});
