/**
 * Shopify's search syntax as far as integrations use it: `field:value`, `field:>=value`, values in quotes, terms joined
 * by blanks, AND and OR. A field that the search does not know filters nothing, in silence, as the real one does.
 */
export type Fields = Readonly<Record<string, string | number>>;

type Test = (fields: Fields) => boolean;

export function searchFor(query: string | null | undefined): Test {
  const alternatives = (query ?? '')
    .split(/\s+OR\s+/)
    .map((part) => part.split(/\s+AND\s+/).flatMap(termsOf))
    .filter((terms) => terms.length > 0);
  if (alternatives.length === 0) return () => true;
  return (fields) => alternatives.some((terms) => terms.every((term) => term(fields)));
}

function termsOf(text: string): Test[] {
  const pattern = /(\w+):(>=|<=|>|<)?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\S+))/g;
  return [...text.matchAll(pattern)].map(([, field = '', sign = '', ...values]) => {
    const value = (values.find((one) => one !== undefined) ?? '').replaceAll(/\\(.)/g, '$1');
    return (fields) => {
      const known = fields[field];
      return known === undefined || fits(known, sign, value);
    };
  });
}

function fits(known: string | number, sign: string, value: string): boolean {
  if (typeof known === 'string') return known.toLowerCase() === value.toLowerCase();
  const wanted = /^\d+$/.test(value) ? Number(value) : Date.parse(value);
  if (sign === '>=') return known >= wanted;
  if (sign === '<=') return known <= wanted;
  if (sign === '>') return known > wanted;
  if (sign === '<') return known < wanted;
  return known === wanted;
}
