import { watch, type FSWatcher } from 'node:fs';

/** Editors write a file in several steps; this many milliseconds of silence end them. */
const silence = 150;

export interface Watch {
  close(): void;
}

/** Calls back when something below the paths has changed and then been quiet for a moment. */
export function watchPaths(paths: readonly string[], onChange: () => void): Watch {
  let timer: NodeJS.Timeout | undefined;
  const touched = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, silence);
  };
  const watchers = paths.map((path): FSWatcher => {
    // A folder that goes away is an error of the next reload, not of the watcher.
    return watch(path, { recursive: true }, touched).on('error', touched);
  });
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
