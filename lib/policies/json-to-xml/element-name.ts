import { ncNamePattern, notInNamePattern } from '../../xml/characters.ts';

const outside = new RegExp(`${notInNamePattern}+`, 'gu');
const isName = new RegExp(`^${ncNamePattern}$`, 'u');

/** Makes XML names of JSON names; `replacement` stands for each run of what no name may hold. */
export function compileElementName(replacement: string): (name: string) => string {
  const stand = replacement.replace(outside, '_');
  // Where the replacement cannot start a name, or is empty, something must.
  const start = isName.test(stand) ? stand : '_';
  return (name) => {
    if (isName.test(name)) return name;
    const legal = name.replace(outside, () => stand);
    return isName.test(legal) ? legal : start + legal;
  };
}
