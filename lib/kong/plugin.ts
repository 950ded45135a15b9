import type { Location } from '../diagnostic/location.ts';

/** Where the plugin takes the body of its request from. */
export type BodySource =
  /** The client's raw body. */
  | { readonly kind: 'request' }
  /** A value of `kong.ctx.shared`. */
  | { readonly kind: 'shared'; readonly key: string }
  | { readonly kind: 'none' };

/** What happens to the client's request when the callout fails. */
export interface FailureAnswer {
  readonly status: number;
  readonly body: string;
}

export const callMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;

export type CallMethod = (typeof callMethods)[number];

/** One `service-callout` plugin of a Kong configuration, defaults filled in. */
export interface KongPlugin {
  /** `instance_name`, or the plugin's name with its place in the file. */
  readonly name: string;
  readonly enabled: boolean;
  readonly url: string;
  readonly method: CallMethod;
  /** Sent as they are. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: BodySource;
  /** Waiting for the answer, or leaving the call to itself. */
  readonly mode: 'wait' | 'fire-and-forget';
  /** Key of `kong.ctx.shared` that gets the answer. */
  readonly responseKey: string | undefined;
  readonly onError: 'continue' | FailureAnswer;
  /** Where each field of `config` stands, by its name; the plugin itself for those left out. */
  readonly places: ReadonlyMap<string, Location>;
  readonly location: Location;
}

export const pluginName = 'service-callout';

/** Place of a field, or of the plugin where the field is not given. */
export function placeOf({ places, location }: KongPlugin, field: string): Location {
  return places.get(field) ?? location;
}
