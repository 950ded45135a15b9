import type { Bundle } from '../../bundle/bundle.ts';
import { createGateway, type Gateway } from '../../gateway/gateway.ts';
import type { RawResponse } from '../../gateway/in-process.ts';
import { decodeBody } from '../../connection/content-coding.ts';
import type { ObservedResponse } from '../matching/compare-message.ts';
import { bodyBytes } from '../suite/body.ts';
import type { Case, RequestInit } from '../suite/case.ts';
import { requestParts } from '../suite/request.ts';
import { linesOf } from '../doubles/answers.ts';
import type { Observation, TransactionObservation } from './observation.ts';
import { StepNotes } from './step-notes.ts';
import type { Surroundings } from './surroundings.ts';

/** Bytes of a decoded body. */
const longestBody = 64 * 1024 * 1024;

/**
 * Sends a case's requests through bundles, one after another, each with its PostClientFlow.
 * @throws {DeploymentError} when they cannot be deployed
 */
export async function playBundles(
  one: Case,
  bundles: readonly Bundle[],
  { options, sleep, calls, unexpected, log, coverage }: Surroundings,
): Promise<Observation> {
  for (const bundle of bundles) coverage?.know(bundle);
  let notes = new StepNotes(coverage);
  const gateway = await createGateway({ ...options, bundles, recorderFor: () => notes });
  try {
    const transactions: TransactionObservation[] = [];
    for (const request of one.requests ?? [one.request ?? 'GET /']) {
      const parts = requestParts(request);
      if (parts.after !== undefined) await sleep(parts.after);
      notes = new StepNotes(coverage);
      const response = await exchange(gateway, parts);
      await gateway.idle();
      const { fault, faultRule, steps, variables } = notes;
      transactions.push({ response, fault, faultRule, steps, variables, checks: [] });
    }
    return { transactions, calls, unexpected, log };
  } finally {
    await gateway.close();
  }
}

async function exchange(
  gateway: Gateway,
  { method = 'GET', target = '/', headers = {}, body }: RequestInit,
): Promise<ObservedResponse> {
  const response = await gateway.inject({
    method,
    target,
    headers: linesOf(headers),
    ...(body === undefined ? {} : { body: bodyBytes(body) }),
  });
  return { ...response, body: await withoutCoding(response) };
}

/** A body whose coding is not what its header says stays as it is. */
async function withoutCoding({ headers, body }: RawResponse): Promise<Uint8Array> {
  const codings = headers.filter(([name]) => name.toLowerCase() === 'content-encoding');
  if (codings.length === 0) return body;
  try {
    return await decodeBody(body, codings.map(([, value]) => value).join(), longestBody);
  } catch {
    return body;
  }
}
