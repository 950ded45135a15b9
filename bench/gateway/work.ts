/** `proxy` passes on; `callout` first asks a service and puts something of its JSON into a header. */
export type Work = 'proxy' | 'callout';

/** What the back end answers, whatever it is asked. */
export const place = JSON.stringify({
  results: [{ address: 'Mountain View', lat: 37.4, lng: -122 }],
});
