import { isTransactionMessage, mentionsPayload } from '../payload-use.ts';

/** A policy that reads one variable and writes another; neither given, it means `message`. */
interface SourceAndOutput {
  readonly source?: { readonly value: string | undefined } | undefined;
  readonly outputVariable?: { readonly value: string | undefined } | undefined;
}

/** Whether the source or the output of a policy is the body of one of the transaction's messages. */
export function convertsPayload({ source, outputVariable }: SourceAndOutput): boolean {
  return [source?.value ?? '', outputVariable?.value ?? ''].some(
    (name, index) =>
      (index === 0 && name === '') || isTransactionMessage(name) || mentionsPayload(name),
  );
}
