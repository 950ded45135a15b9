import type { Socket } from 'node:net';
import { TLSSocket, type PeerCertificate } from 'node:tls';

/** Who is at the other end of a connection. */
export interface Peer {
  /** Its address; of the forward proxy where one is between. */
  readonly address: string | undefined;
  /** Whom its certificate names; undefined without TLS. */
  readonly certificate: CertificateSubject | undefined;
}

/** The parts of a certificate's subject; of a part that occurs several times, the first. */
export interface CertificateSubject {
  readonly commonName: string | undefined;
  readonly country: string | undefined;
  readonly emailAddress: string | undefined;
  readonly locality: string | undefined;
  readonly organization: string | undefined;
  readonly organizationalUnit: string | undefined;
  readonly state: string | undefined;
}

export function peerOf(socket: Socket): Peer {
  return {
    address: socket.remoteAddress,
    certificate: socket instanceof TLSSocket ? subjectOf(socket.getPeerCertificate()) : undefined,
  };
}

function subjectOf(certificate: PeerCertificate): CertificateSubject | undefined {
  // A peer without a certificate gives an empty object, whatever the type says.
  const subject: unknown = certificate.subject;
  if (typeof subject !== 'object' || subject === null) return undefined;
  const parts = new Map<string, unknown>(Object.entries(subject));
  const part = (name: string): string | undefined => {
    const value = parts.get(name);
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return typeof first === 'string' ? first : undefined;
  };
  return {
    commonName: part('CN'),
    country: part('C'),
    emailAddress: part('emailAddress'),
    locality: part('L'),
    organization: part('O'),
    organizationalUnit: part('OU'),
    state: part('ST'),
  };
}
