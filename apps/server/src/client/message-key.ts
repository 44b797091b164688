/** Reads what names a message, as people write it: digits are an id, which the API takes as a number; else it is a uid. */
export const parseMessageKey = (text: string): number | string =>
  /^\d{1,15}$/.test(text) ? Number(text) : text
