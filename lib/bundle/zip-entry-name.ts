import type { SourceLimits } from './limits.ts';

/**
 * What makes an entry's name unsafe, as the end of a sentence that starts with the name; undefined for
 * a name that stays below the folder it is unpacked into, on every operating system.
 */
export function entryNameProblem(name: string, { pathLength }: SourceLimits): string | undefined {
  if (name === '') return 'has no name';
  if (name.length > pathLength) return `has a name of ${name.length} characters`;
  if (name.includes('\\')) return 'has a backslash in its path';
  if (/\p{Cc}/u.test(name)) return 'has a control character in its path';
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) return 'has an absolute path';
  const segments = name.replace(/\/$/, '').split('/');
  if (segments.includes('..')) return 'leads out of the archive with ".."';
  if (segments.includes('.') || segments.includes(''))
    return 'has an empty or "." segment in its path';
  return undefined;
}
