/** As much of a text as fits, where the contract takes so many characters; never half of one, which it refuses. */
export function fitText(text: string, most: number): string {
  const head = text.slice(0, most);
  const isCut = head.length < text.length && /[\ud800-\udbff]$/.test(head);
  return isCut ? head.slice(0, -1) : head;
}
