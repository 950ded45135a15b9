import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Folders that hold what suites test, and not suites. */
const passedOver: ReadonlySet<string> = new Set(['node_modules', 'apiproxy', 'sharedflowbundle']);

/**
 * The files that a path or a pattern stands for, sorted. A path that is there is meant as it is; in a
 * folder every YAML and JSON file counts that has `cases`. Of patterns `*`, `?` and `**` are known.
 * @throws whatever `fs` throws when it cannot be read
 */
export function findSuites(given: string): readonly string[] {
  const kind = statSync(given, { throwIfNoEntry: false });
  if (kind?.isDirectory() === true) return filesBelow(given).filter(isSuite);
  if (kind !== undefined || !/[*?]/.test(given)) return [given];
  const normal = path.normalize(given).split(path.sep).join('/');
  const fixed = normal.slice(0, normal.search(/[*?]/)).replace(/[^/]*$/, '');
  const expression = patternExpression(normal);
  return filesBelow(fixed === '' ? '.' : fixed).filter((file) =>
    expression.test(path.normalize(file).split(path.sep).join('/')),
  );
}

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((one, other) =>
    one.name < other.name ? -1 : 1,
  );
  return entries.flatMap((entry) => {
    const whole = path.join(folder, entry.name);
    if (!entry.isDirectory()) return /\.(?:ya?ml|json)$/.test(entry.name) ? [whole] : [];
    const isOpen = !entry.name.startsWith('.') && !passedOver.has(entry.name);
    return isOpen ? filesBelow(whole) : [];
  });
}

function isSuite(file: string): boolean {
  const start = file.endsWith('.json') ? /"cases"\s*:/ : /^cases\s*:/m;
  return start.test(readFileSync(file, 'utf8'));
}

function patternExpression(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/|\*\*|\*|\?|[^*?]+/g, (part) => {
    switch (part) {
      case '**/':
        return '(?:[^/]+/)*';
      case '**':
        return '.*';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      default:
        return part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    }
  });
  return new RegExp(`^${source}$`);
}
