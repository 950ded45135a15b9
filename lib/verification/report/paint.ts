/** How parts of a report look; a terminal colours them. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly strong: (text: string) => string;
  /** Makes a text from elsewhere safe to show on one line. */
  readonly text: (text: string) => string;
}
