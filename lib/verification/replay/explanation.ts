/** Why a difference between a recording and its replay is no finding, by name. */
export const explanations = {
  time: 'a moment or a duration',
  id: 'an id that is given anew to every request',
  address: 'an address of the client, the router or the service',
  framing: 'how a message is framed on a connection',
  platform: 'something that Apigee’s servers do or tell and that no bundle decides',
  environment: 'a name of the organization or the environment; give --env to compare them',
  'cut off': 'the session was saved before the transaction had ended',
  masked: 'a secret that is masked',
  'clock or chance':
    'computed from the clock or from randomness: it differs between two replays too',
  'bundle name': 'the name or the revision of the bundle',
  'base path': 'the bundle has another base path; the request was sent to that one',
  route: 'the bundle routes elsewhere; the replay took the recorded way',
  'step only in the bundle': 'no transaction of the session shows this step; it was left out',
  'step only in the session':
    'the bundle cannot run this step; what the session says it set was set',
  'flow only in the bundle':
    'no transaction of the session enters this flow, which has no condition; it was left out',
  'condition only in the bundle': 'the session never asked this condition, and it did not hold',
  'condition text': 'the bundle has another condition, which came to the same',
} as const;

export type Explanation = keyof typeof explanations;

/** Those that come from the bundle being another revision than the recorded one; `--strict` counts them. */
const ofRevisions: ReadonlySet<Explanation> = new Set<Explanation>([
  'base path',
  'route',
  'step only in the bundle',
  'step only in the session',
  'flow only in the bundle',
  'condition only in the bundle',
  'condition text',
]);

export function isOfRevision(explanation: Explanation): boolean {
  return ofRevisions.has(explanation);
}
