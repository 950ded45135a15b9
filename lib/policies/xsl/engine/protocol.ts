/** What a thread of the engine is asked, and what it answers. Only plain data crosses. */
export type EngineRequest =
  | { readonly kind: 'check'; readonly stylesheet: string }
  | {
      readonly kind: 'transform';
      readonly stylesheet: string;
      readonly document: string;
      /** Names and XPath expressions in turn. */
      readonly parameters: readonly string[];
    };

/** `messages` are the lines that the engine wrote meanwhile. */
export type EngineAnswer =
  | {
      readonly kind: 'done';
      readonly result: string;
      readonly messages: readonly string[];
      /** The thread has grown large, and should not be kept. */
      readonly isLarge: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly at: 'stylesheet' | 'document' | 'transformation';
      readonly messages: readonly string[];
      readonly isLarge: boolean;
    };
