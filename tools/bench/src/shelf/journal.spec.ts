import { describe, expect, it } from '@jest/globals';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { confirmations, Journal, type ShopEvent } from './journal.ts';

const sale = (at: number, article = 'MUG'): ShopEvent => ({ kind: 'sale', article, at });
const written = (at: number, number: number, article = 'MUG'): ShopEvent => ({
  kind: 'written',
  article,
  number,
  at,
});

const line = (entry: object) => `${JSON.stringify(entry)}\n`;
const order = (id: string) => line({ order: { id, lines: [{ article: 'MUG' }] } });
const stock = (number: number) => line({ stock: { article: 'MUG', number } });

describe('confirmations', () => {
  it('gives each sale the time until the other shop showed a piece less', () => {
    expect(confirmations([sale(0), sale(50)], [written(30, 9), written(90, 8)], 'MUG', 10)).toEqual([30, 40]);
  });

  it('lets one write confirm several sales', () => {
    expect(confirmations([sale(0), sale(50)], [written(90, 8)], 'MUG', 10)).toEqual([90, 40]);
  });

  it("does not take the other shop's own sales for confirmations", () => {
    const other = [sale(10), written(20, 9), written(60, 8)];
    expect(confirmations([sale(0)], other, 'MUG', 10)).toEqual([60]);
  });

  it('says which sale was never confirmed, whatever happens to other articles', () => {
    expect(confirmations([sale(0), sale(5)], [written(8, 9), written(9, 2, 'CAP')], 'MUG', 10)).toEqual([
      8,
      undefined,
    ]);
  });
});

describe("a demo shop's journal", () => {
  it('tells sales from written numbers, and leaves out what was there before', () => {
    const folder = mkdtempSync(join(tmpdir(), 'journal-'));
    const file = join(folder, 'shop.json');
    try {
      writeFileSync(file, stock(10) + stock(9) + order('a'));
      const journal = new Journal(file);
      appendFileSync(file, stock(8) + order('b') + stock(7) + order('b'));
      journal.close();
      const at = expect.any(Number);
      expect(journal.events).toEqual([
        { kind: 'sale', article: 'MUG', at },
        { kind: 'written', article: 'MUG', number: 7, at },
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
