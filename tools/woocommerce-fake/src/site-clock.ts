/**
 * Times as WordPress keeps them: whole seconds, once in the site's zone and once as GMT, both without an offset.
 */
export class SiteClock {
  private readonly format: Intl.DateTimeFormat;

  constructor(readonly zone: string) {
    this.format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
  }

  gmt(at: number): string {
    return new Date(at).toISOString().slice(0, 19);
  }

  local(at: number): string {
    return this.format.format(at).replace(' ', 'T');
  }

  /**
   * What a date in a query is compared with, in whichever column. One with an offset is turned into the site's own time
   * first, also where the column is GMT; one without is taken as it stands. Fractions of a second are cut off.
   */
  asked(text: string): string {
    const zoned = /(z|[+-]\d{2}(:?\d{2})?)$/i.test(text);
    return zoned ? this.local(Date.parse(text)) : text.slice(0, 19).replace(' ', 'T');
  }
}

const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}(:\d{2})?)?$/;

/** What WordPress takes for a `date-time`. */
export const isDateTime = (text: string) => DATE_TIME.test(text) && !Number.isNaN(Date.parse(text));
