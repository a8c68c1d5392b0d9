import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { variablesOfApp } from './apps.ts';

const text = readFileSync('docs/operating.md', 'utf8');

describe('docs/operating.md', () => {
  it.each(readdirSync('apps'))('names every variable of %s', async (app) => {
    const variables = await variablesOfApp(app);
    expect(variables.length).toBeGreaterThan(10);
    expect(variables.filter((variable) => !text.includes(`\`${variable}\``))).toEqual([]);
  });
});
