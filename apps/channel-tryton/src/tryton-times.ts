/** What has dates of when it was made and changed, as Tryton gives them; the second is empty until there is one. */
interface Dated {
  readonly create_date: string;
  readonly write_date?: string | null | undefined;
}

/** When a document last changed. Tryton dates what was written, and a line is not its document. */
export function changedAtOf(document: Dated & { readonly lines: readonly Dated[] }): string {
  const all = [document, ...document.lines].flatMap((one) => [one.create_date, one.write_date ?? '']);
  return all.reduce((latest, time) => (time > latest ? time : latest));
}

/**
 * Tryton keeps the day of a document and no time of it, so within that day the time counts at which it was first
 * written down. README.md asks for a midnight as the channel's start.
 */
export function placedAtOf({ create_date }: Dated, on: string | null | undefined): string {
  const day = `${on ?? ''}T00:00:00.000Z`;
  return on && day > create_date ? day : create_date;
}
