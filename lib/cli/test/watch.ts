import { statSync, watch, type FSWatcher } from 'node:fs';
import path from 'node:path';

/** Editors write a file in several steps; this many milliseconds of silence end them. */
const silence = 150;

export interface Watching {
  /** Resolves when one of the paths has changed and then been quiet for a moment. */
  readonly changed: Promise<void>;
  close(): void;
}

/** Watches files, also when an editor puts others in their place, and all that is below folders. */
export function watchFor(paths: Iterable<string>): Watching {
  const files = new Map<string, Set<string>>();
  const folders = new Set<string>();
  for (const each of paths) {
    const whole = path.resolve(each);
    if (statSync(whole, { throwIfNoEntry: false })?.isDirectory() === true) folders.add(whole);
    else {
      const names = files.get(path.dirname(whole)) ?? new Set();
      files.set(path.dirname(whole), names.add(path.basename(whole)));
    }
  }
  const watchers: FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  const changed = new Promise<void>((resolve) => {
    const touched = (): void => {
      clearTimeout(timer);
      timer = setTimeout(resolve, silence);
    };
    for (const folder of folders)
      watchers.push(watch(folder, { recursive: true }, touched).on('error', touched));
    for (const [folder, names] of files) {
      if (statSync(folder, { throwIfNoEntry: false }) === undefined) continue;
      const watcher = watch(folder, (_event, name) => {
        if (name === null || names.has(name)) touched();
      });
      watchers.push(watcher.on('error', touched));
    }
  });
  return {
    changed,
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
