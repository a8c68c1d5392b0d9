import { type Consignee, fitText } from '@samlast/contracts';

/** The longest that the contract takes of each. */
const MOST = {
  name: 200,
  company: 200,
  address1: 200,
  address2: 200,
  postCode: 30,
  city: 100,
  stateCode: 30,
  email: 200,
  phone: 50,
} as const;

/**
 * Whom an order goes to, from what a shop has of it: what is empty is left out, what is too long is cut, and a country
 * that is no code of two letters, in whatever case, is none.
 */
export function consigneeFrom(
  shop: Partial<Record<keyof typeof MOST | 'countryCode', string | null>>,
): Consignee {
  const { countryCode, ...texts } = shop;
  const cut = Object.entries(texts).map(([member, text]) => [
    member,
    text ? fitText(text, MOST[member as keyof typeof MOST]) : text,
  ]);
  const country = countryCode?.toUpperCase();
  return {
    ...(Object.fromEntries(cut.filter(([, text]) => text)) as Consignee),
    ...(country && /^[A-Z]{2}$/.test(country) && { countryCode: country }),
  };
}
