/** The message as Git keeps it: with a final line end, which is added where it lacks one. */
export const withFinalLineEnd = (message: string): string =>
  message.endsWith('\n') ? message : `${message}\n`
