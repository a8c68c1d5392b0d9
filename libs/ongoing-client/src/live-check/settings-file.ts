import { readFileSync, writeFileSync } from 'node:fs';

export interface Kept {
  /** Whether the file says what was found. */
  readonly kept: boolean;
  /** For the person who runs the check. */
  readonly words: string;
}

/** Writes a file that is not there yet. One that says something else may hold what a person has set. */
export function keepSettings(file: string, text: string): Kept {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return { kept: true, words: `Written to ${file}.` };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') return { kept: false, words: `Nothing was written: ${message}` };
  }
  if (readFileSync(file, 'utf8') === text) return { kept: true, words: `${file} says so already.` };
  const goOn =
    'Take what you want of the lines above into it, or remove it, or name another file, and run it again.';
  return { kept: false, words: `Nothing was written: ${file} says something else. ${goOn}` };
}
