/** One thing that must hold at the end, with what the shops, the ERP and the warehouse really hold. */
export interface Fact {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  readonly holds: boolean;
}

/** The facts as a table for people. */
export function factTable(facts: readonly Fact[]): string {
  const rows = facts.map(({ what, expected, found, holds }) => [
    holds ? 'holds' : 'FAILS',
    what,
    expected,
    found,
  ]);
  const head = ['', 'what', 'expected', 'found'];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
