/** A message for a topic of Cloud Pub/Sub. */
export interface PublishedMessage {
  /** `projects/PROJECT/topics/TOPIC` */
  readonly topic: string;
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Publishes the messages of PublishMessage policies. */
export interface Publisher {
  /**
   * @returns the message's id
   * @throws anything, when it was not published; the policy's fault shows the message of an Error
   */
  publish(message: PublishedMessage): Promise<string>;
}

/** Where no publisher is given, nobody is told that a message was published. */
export const noPublisher: Publisher = {
  publish: () => Promise.reject(new Error('This runtime was given no publisher')),
};
