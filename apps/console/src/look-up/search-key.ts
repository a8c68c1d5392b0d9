/** People write numbers in any case and with blanks around them; a search finds them all the same. */
export function searchKey(text: string): string {
  return text.trim().toLowerCase();
}
