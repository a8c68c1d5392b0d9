/** What the check found out about one assumption of docs/ongoing-assumptions.md. */
export interface Finding {
  /** The assumption's name there, such as A3. */
  readonly id: string;
  readonly assumption: string;
  /** In words for the person who runs it. */
  readonly found: string;
  /** `differs` where a setting, or a person, has to answer for it. */
  readonly verdict: 'holds' | 'differs' | 'unknown';
  /** Goes into the settings file of the gateway. */
  readonly settings?: Readonly<Record<string, string>>;
}
