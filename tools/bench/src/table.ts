/** Rows of text for a terminal and for Markdown alike. */
export interface Table {
  readonly title: string;
  readonly columns: string[];
  readonly rows: string[][];
  /** What has to be known to read it. */
  readonly note?: string;
}

export function printed({ title, columns, rows, note }: Table): string {
  const widths = columns.map((name, at) =>
    Math.max(name.length, ...rows.map((row) => (row[at] ?? '').length)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return ['', `**${title}**`, '', line(columns), rule, ...rows.map(line), ...(note ? ['', note] : [])].join(
    '\n',
  );
}

/** 1234.5 → '1,235', 12.34 → '12.3', 0.123 → '0.12'. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export const figures = (values: readonly number[]) => values.map(figure).join(' ');
