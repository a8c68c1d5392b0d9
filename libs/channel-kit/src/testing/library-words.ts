/** What a schema says of a fault: nothing that a shop keeper could act on. */
export const LIBRARY_WORDS =
  /Invalid|pattern|Too (small|big)|expected|received|undefined|null|NaN|regex|surrogate|[A-Za-z]\.\d|[a-z]_[a-z]/;
