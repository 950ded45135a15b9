import type {
  ReplayStart,
  TransactionComparison,
} from '../../verification/replay/replay-session.ts';

/** Writes what a replay finds while it goes on, so that a long session takes no memory. */
export interface ReplayReport {
  part(part: ReplayStart | TransactionComparison, session: string): void;
  end(): void;
}
