/** Words of the texts that tenants give their statuses, in the languages in which they were seen. */
export type Words = readonly (readonly [state: string, words: RegExp])[];

export const orderWords: Words = [
  ['error', /\b(error|fel|feil|fejl)\b/i],
  ['cancelled', /cancel|makuler|annuller|kansel|slettet/i],
  ['returned', /return|retur/i],
  ['collected', /collect|hämtad|hentet|afhentet|delivered|levererad|levert/i],
  ['sent', /sent|shipped|skickad|sendt|dispatch|avsänd/i],
  ['picked', /\bpicked|plockad|plukket|packed|packad|pakket/i],
  ['picking', /picking|allocat|allokerad|allokert|printed|utskriven|skrevet ut|under plock/i],
  ['released', /releas|frisläppt|frigitt|frigivet|ready|klar/i],
  ['open', /open|öppen|åpen|åben|ny\b|new\b/i],
];

export const purchaseWords: Words = [
  ['cancelled', /cancel|makuler|annuller|kansel/i],
  ['deviating', /deviat|deflect|avvik/i],
  ['received', /\breceived|mottagen|mottatt|modtaget|inlevererad/i],
  ['receiving', /inbound|receiving|inleverans|mottak/i],
  ['arrived', /arriv|ankom/i],
  ['advised', /notif|advis|aviser|open|öppen/i],
];

/** The numbers of Ongoing's own sets, which need no setting. */
const orderStandard: Readonly<Record<number, string>> = {
  150: 'error',
  200: 'open',
  300: 'released',
  320: 'picking',
  400: 'picked',
  450: 'sent',
  500: 'collected',
  800: 'returned',
  1000: 'cancelled',
};
const purchaseStandard: Readonly<Record<number, string>> = {
  100: 'advised',
  200: 'arrived',
  300: 'receiving',
  400: 'deviating',
  500: 'received',
  900: 'cancelled',
};

export interface Register {
  readonly standard: Readonly<Record<number, string>>;
  readonly words: Words;
}
export const orderRegister: Register = { standard: orderStandard, words: orderWords };
export const purchaseRegister: Register = { standard: purchaseStandard, words: purchaseWords };

export interface Status {
  readonly number: number;
  readonly text?: string | undefined;
}

export interface Proposal {
  /** `451=collected,475=returned`: what the gateway has to be told. */
  readonly map: string;
  /** Neither their number nor their text says what they mean: a person decides. */
  readonly unclear: readonly Status[];
}

/**
 * A starting proposal for what a tenant's statuses mean. A text that says something else than its number does in the
 * standard set wins: tenants rename their steps.
 */
export function proposeStates(statuses: readonly Status[], { standard, words }: Register): Proposal {
  const map: string[] = [];
  const unclear: Status[] = [];
  for (const status of statuses) {
    const byText = words.find(([, pattern]) => pattern.test(status.text ?? ''))?.[0];
    const byNumber = standard[status.number];
    if (byText === undefined && byNumber === undefined) unclear.push(status);
    else if (byText !== undefined && byText !== byNumber) map.push(`${status.number}=${byText}`);
  }
  return { map: map.join(','), unclear };
}

/** Returns have no standard set that is known, so their texts alone say something. The first word counts. */
const returnWords: Words = [
  ['cancelled', /cancel|makuler|annuller|kansel|slettet/i],
  ['advised', /notif|advis|aviser|anmäl|open|öppen|åpen|åben|new\b|ny\b/i],
  ['come', /arriv|ankom|receiv|mottag|mottat|modtag|return|retur|inspect|control|kontroll/i],
];

export interface ReturnProposal {
  /** Numbers that mean cancelled. */
  readonly cancelled: readonly number[];
  /** From this number on something has come back. */
  readonly startedFrom: number | undefined;
  readonly unclear: readonly Status[];
}

export function proposeReturns(statuses: readonly Status[]): ReturnProposal {
  const meaning = (status: Status) =>
    returnWords.find(([, pattern]) => pattern.test(status.text ?? ''))?.[0] ?? 'unclear';
  const of = (wanted: string) => statuses.filter((status) => meaning(status) === wanted);
  const numbers = (wanted: string) => of(wanted).map(({ number }) => number);
  const come = numbers('come');
  return {
    cancelled: numbers('cancelled'),
    startedFrom: come.length > 0 ? Math.min(...come) : undefined,
    unclear: of('unclear'),
  };
}
